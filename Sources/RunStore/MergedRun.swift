/// A run of another store, and what `Store.merge` did with it.
public struct MergedRun: Hashable, Sendable {
  /// What became of it.
  public enum Outcome: Hashable, Sendable {
    /// It was not here and is now, with so many steps (a fork's own) and checkpoints.
    case added(steps: Int, checkpoints: Int)
    /// It had come to step `from` here and went on there: the rest was taken in. When `from` is `to`, only its end or a
    /// checkpoint was missing.
    ///
    /// `bothWentOn`: each store recorded steps by itself, and those that both did are equal to the bit.
    case continued(from: Int, to: Int, bothWentOn: Bool)
    /// Here is all that is there.
    case equal
    /// It went on here only: all that is there is here, and more.
    case aheadHere(there: Int, here: Int)
    /// It was left out, and why.
    case refused(StoreError)
  }

  /// Its id in the other store.
  public var idThere: Int64
  /// Its name in the other store; its uuid when that is no name.
  public var nameThere: String
  /// Its id here; `nil` when it is not here.
  public var id: Int64?
  /// Its name here: another one than there when a run here had that already.
  public var name: String?
  /// Whether a living trainer holds it there: then it was taken as it stood.
  public var isTrainedThere: Bool
  /// What became of it.
  public var outcome: Outcome

  /// A run and what became of it.
  public init(
    idThere: Int64, nameThere: String, id: Int64? = nil, name: String? = nil, isTrainedThere: Bool = false,
    outcome: Outcome
  ) {
    self.idThere = idThere
    self.nameThere = nameThere
    self.id = id
    self.name = name
    self.isTrainedThere = isTrainedThere
    self.outcome = outcome
  }

  /// Whether it wrote anything here.
  public var isChange: Bool {
    switch outcome {
    case .added, .continued: true
    case .equal, .aheadHere, .refused: false
    }
  }

  /// Why it was left out, if it was.
  public var refusal: StoreError? {
    if case .refused(let error) = outcome { error } else { nil }
  }
}

/// How the digest of a dataset's values is made, which whoever knows the data must say: a store keeps the values only.
///
/// It gets a dataset with its values and the hyperparameters of a run that was trained on it, and returns 64 lower-case
/// hexadecimal digits.
public typealias DatasetDigest = (DatasetRecord, [String: HyperparameterValue]) throws -> String
