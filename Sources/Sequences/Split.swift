/// How a table's rows are parted: training first, then validation, then test, never shuffled.
///
///     let split = try Split(validation: 0.2, test: 0.1)
///     let training = try split.part(.training, of: table, window: 12, shift: 1)
///
/// Each sequence is cut for itself. Of its n rows, the last `round(test · n)` are test rows, the `round(validation · n)`
/// before them validation rows, and the rest training rows; round goes to the nearest whole number, halves up. As each
/// part is a table of its own, a training row's target is never a validation row.
public struct Split: Sendable, Hashable {
  /// One of the three.
  public enum Part: String, Sendable, CaseIterable {
    /// What the network learns from.
    case training
    /// What tells when to stop.
    case validation
    /// What nothing is chosen by.
    case test
  }

  /// The share of the validation rows, 0 … 1.
  public let validation: Double
  /// The share of the test rows, 0 … 1.
  public let test: Double

  /// All rows are for training.
  public static let none = Split(checkedValidation: 0, test: 0)

  private init(checkedValidation validation: Double, test: Double) {
    self.validation = validation
    self.test = test
  }

  /// A split by shares of the rows.
  /// - Throws: `SequenceError` for a share below 0, or two that leave nothing to train on.
  public init(validation: Double, test: Double) throws {
    for (name, share) in [("validation", validation), ("test", test)] where !(share >= 0 && share < 1) {
      throw SequenceError(
        "the \(name) share is \(share); it must be at least 0 and below 1",
        hint: "--\(name) 0.2 takes the last fifth of the rows")
    }
    guard validation + test < 1 else {
      throw SequenceError(
        "the validation share \(validation) and the test share \(test) leave no rows for training",
        hint: "choose two that make up less than 1")
    }
    self.init(checkedValidation: validation, test: test)
  }

  /// The share of a part; what is left, for training.
  public func share(of part: Part) -> Double {
    switch part {
    case .training: 1 - validation - test
    case .validation: validation
    case .test: test
    }
  }

  /// The table's rows that are a part, one range a sequence; some may be empty.
  public func rows(_ part: Part, of table: Table) -> [Range<Int>] {
    (0..<table.sequenceCount).map { number in
      let rows = table.rows(ofSequence: number)
      let n = Double(rows.count)
      // Two shares that nearly make up 1 may both be rounded up.
      let testCount = min(Int((test * n).rounded()), rows.count)
      let validationCount = min(Int((validation * n).rounded()), rows.count - testCount)
      let (first, second) = (rows.upperBound - testCount - validationCount, rows.upperBound - testCount)
      switch part {
      case .training: return rows.lowerBound..<first
      case .validation: return first..<second
      case .test: return second..<rows.upperBound
      }
    }
  }

  /// A part as a table of its own, whose sequences are those of which it has rows.
  ///
  /// - Returns: nil for a validation or test part whose share is 0.
  /// - Throws: `SequenceError` where no sequence of the part has room for one window.
  public func part(_ part: Part, of table: Table, window: Int, shift: Int) throws -> Table? {
    guard part == .training || share(of: part) > 0 else { return nil }
    if self == .none { return table }
    let ranges = rows(part, of: table)
    let longest = ranges.map(\.count).max() ?? 0
    guard longest - shift >= window else {
      let ofSeries = table.sequenceCount > 1 ? " of any sequence" : ""
      throw SequenceError(
        "\(table.source): the \(part.rawValue) part\(ofSeries) has \(longest) rows at most; one window of \(window) rows,"
          + " with targets \(shift) rows later, takes \(StreamSizes.sum(window, shift))",
        hint: part == .training
          ? "choose a smaller --validation, --test or --window"
          : "choose a larger --\(part.rawValue) or a smaller --window")
    }
    return table.part(ranges)
  }
}
