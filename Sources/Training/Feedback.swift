/// Which of a network's inputs its own predictions become when it runs ahead of its data.
///
/// A network whose targets stand `shift` rows after its inputs predicts from row r the targets of row r + shift. Where a
/// column is both target and input, that prediction is the input of row r + shift, and so on. Its other inputs have to
/// be known for the rows ahead.
public struct Feedback: Sendable, Equatable {
  /// The target that becomes each input; nil where none does. [I]
  public let targets: [Int?]
  /// The columns that are inputs and no targets, in the inputs' order.
  public let others: [String]
  /// The rows from an input to the target that is predicted from it; at least 1.
  public let shift: Int

  /// What the hyperparameters of a run, called `name`, allow.
  /// - Throws: `TrainingError` for a network that cannot run ahead: one of classes, of both directions, or one that
  ///   predicts no later row.
  public init(_ hyperparameters: Hyperparameters, of name: String) throws {
    let subject = "run \(name) cannot forecast"
    let (inputs, targets) = (hyperparameters.inputs, hyperparameters.targets)
    guard hyperparameters.data != "sine" else {
      throw TrainingError(
        "\(subject): it was trained on the sine task, which gives cos(x) from sin(x) of the same row",
        hint: "train with --data FILE --inputs y --targets y --shift 1, and it forecasts y")
    }
    guard !hyperparameters.loss.isClassification else {
      throw TrainingError(
        "\(subject): its target \(list(targets)) is a class, and its outputs are the classes' scores",
        hint: "`keepstep predict` gives the class of each row")
    }
    guard !hyperparameters.isBidirectional else {
      throw TrainingError(
        "\(subject): its second direction reads each window from its end, and the rows ahead have not come yet",
        hint: "train without --bidirectional")
    }
    guard hyperparameters.shift >= 1 else {
      throw TrainingError(
        "\(subject): its shift is \(hyperparameters.shift), so that it predicts \(list(targets)) of the very row that it"
          + " sees and of no later one",
        hint: "train with --shift 1, and with its targets among its inputs")
    }
    self.targets = inputs.map { targets.firstIndex(of: $0) }
    others = inputs.filter { !targets.contains($0) }
    shift = hyperparameters.shift
  }
}

/// Columns as a message names them.
func list(_ names: [String]) -> String {
  names.map { "\"\($0)\"" }.joined(separator: ", ")
}
