import Sequences

/// Which rows a network runs through to be scored on a part of its data, and which of them are scored.
///
///     training rows                        | validation rows | test rows
///     0 … to run through, from zero states   … scored …        not looked at
///
/// A row belongs to the part that its target lies in, `shift` rows later.
public struct PartRows: Sendable, Hashable {
  /// A stretch of one sequence, from states of zero.
  public struct Stretch: Sendable, Hashable {
    /// All rows of it.
    public var rows: Range<Int>
    /// Those whose targets lie in the part; they end where `rows` do.
    public var scored: Range<Int>

    /// A stretch.
    public init(rows: Range<Int>, scored: Range<Int>) {
      self.rows = rows
      self.scored = scored
    }
  }

  /// One a sequence that has rows in the part, in the table's order; at least one.
  public let stretches: [Stretch]

  /// The validation or test rows of a table.
  ///
  /// - Throws: `SequenceError` when the part has no row.
  public init(_ part: Split.Part, of table: Table, _ hyperparameters: Hyperparameters) throws {
    let starts = try Self.starts(of: table, hyperparameters)
    let shift = hyperparameters.shift
    stretches = zip(hyperparameters.split.rows(part, of: table), starts).compactMap { rows, start in
      let first = max(start, rows.lowerBound - shift)
      return rows.upperBound - shift > first
        ? Stretch(rows: start..<rows.upperBound - shift, scored: first..<rows.upperBound - shift) : nil
    }
    guard !stretches.isEmpty else {
      throw SequenceError(
        "\(table.source): the \(part.rawValue) part, \(hyperparameters.split.share(of: part)) of \(table.rowCount) rows, has "
          + "no row with a target \(shift) rows later",
        hint: "choose a larger --\(part.rawValue) or a smaller --shift")
    }
  }

  /// For each sequence the row at which the states that come into its later parts are zero: its first one, or the first one
  /// of the last stream.
  private static func starts(of table: Table, _ hyperparameters: Hyperparameters) throws -> [Int] {
    guard table.sequenceCount == 1 else { return table.sequenceStarts }
    return try [hyperparameters.streamStarts(in: table).last ?? 0]
  }
}

extension Hyperparameters {
  /// The rows of a table at which a stream begins, in ascending order, as in training; later parts go on with the last one.
  ///
  /// - Throws: `SequenceError` when the training part has too few rows.
  func streamStarts(in table: Table) throws -> [Int] {
    guard table.sequenceCount == 1 else { return table.sequenceStarts }
    let training = try split.part(.training, of: table, window: 1, shift: shift) ?? table
    return try TableTask(
      table: training, inputs: inputs, targets: targets, shift: shift, window: 1, batchSize: batchSize
    ).streamStarts
  }
}
