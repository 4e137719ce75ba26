import Crypto
import Foundation
import GRDB

/// The digest of what shapes a run: SHA-256 over its seed, its data and its hyperparameters.
///
/// A checkpoint's digest covers tensors and the history chain covers what was recorded; this one covers what both came
/// from, so that no run ever goes on with a learning rate of which a bit was flipped. It takes, with every number
/// little-endian and every text in UTF-8:
///
/// 1. `seed` as int64, then the dataset's `sha256` (nothing for a task without data) and a zero byte;
/// 2. each hyperparameter in ascending order of its name's bytes: the name, a zero byte, and `I` with the value as int64,
///    `R` with the value as float64, or `T` with the text's length in bytes as int64 and the text.
///
/// It stands in `hyperparameters` under the name `digest` (and is not one of those that it covers). A run of an earlier
/// version has none. The planned end is left out: it may change, and shapes no step. This is a public part of the schema and never changes.
public enum RunDigest {
  /// The name of its row.
  public static let name = "digest"

  /// Whether a name is one flipped bit away from that of the digest. A byte that is no UTF-8 is read as U+FFFD.
  fileprivate static func isOneBitFromName(_ other: String) -> Bool {
    guard other.unicodeScalars.count == name.unicodeScalars.count else { return false }
    let differing = zip(other.unicodeScalars, name.unicodeScalars).filter { $0.0 != $0.1 }
    guard let (found, expected) = differing.first, differing.count == 1 else { return false }
    return found == "\u{FFFD}" || (found.value ^ expected.value).nonzeroBitCount == 1
  }

  /// The digest as 64 lower-case hexadecimal digits; a hyperparameter named `digest` is left out.
  public static func sha256(
    seed: Int64, dataset: String?, hyperparameters: [String: HyperparameterValue]
  ) -> String {
    var hash = SHA256()
    func add(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { hash.update(bufferPointer: $0) } }
    func add(_ text: String) { hash.update(data: Data(text.utf8)) }
    add(UInt64(bitPattern: seed))
    add("\(dataset ?? "")\0")
    let names = hyperparameters.keys.filter { $0 != name }
    for key in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      add("\(key)\0")
      switch hyperparameters[key] {
      case .integer(let value):
        add("I")
        add(UInt64(bitPattern: value))
      case .real(let value):
        add("R")
        add((value + 0.0).bitPattern)
      case .text(let value):
        add("T")
        add(UInt64(value.utf8.count))
        add(value)
      case nil: break
      }
    }
    return Hexadecimal.text(hash.finalize())
  }
}

extension Database {
  /// Writes the digest of a new run.
  func seal(runID: Int64) throws {
    let digest = try digest(runID: runID, try HyperparameterValue.fetchAll(self, runID: runID))
    try run(
      "INSERT INTO hyperparameters (run_id, name, value) VALUES (?, ?, ?)",
      [runID, RunDigest.name, digest])
  }

  /// A run's hyperparameters, the digest not among them.
  ///
  /// - throws: `StoreError` of kind `damaged` when they are not what their digest covers, or the
  ///   run's steps are not as many as it says.
  func soundHyperparameters(runID: Int64) throws -> [String: HyperparameterValue] {
    try requireStepsDone(of: runID)
    var rows = try HyperparameterValue.fetchAll(self, runID: runID)
    guard let recorded = rows.removeValue(forKey: RunDigest.name) else {
      guard let misnamed = try misnamedDigest(runID: runID) else { return rows }
      throw StoreError(
        .damaged,
        "run \(runID) is damaged: the digest of its hyperparameters, seed and data is not called "
          + "\"\(RunDigest.name)\" but \"\(misnamed)\"",
        hint: "`keepstep recover` takes the store into a new one and gives it its name back")
    }
    let digest = try digest(runID: runID, rows)
    guard recorded == .text(digest) else {
      throw StoreError(
        .damaged,
        "run \(runID) is damaged: the digest of its hyperparameters, seed and data is "
          + "\(recorded.words), theirs is \(digest)",
        hint: "`keepstep query 'SELECT * FROM hyperparameters WHERE run_id = \(runID)'` shows them; what they shaped "
          + "can't go on from a guess: restore the store from a copy")
    }
    return rows
  }

  /// The name of the row that must be the digest of a run that has none: it is one bit away, and its value is the digest of
  /// all others.
  ///
  /// A run without a digest passes for one of an earlier version, so a flipped bit would unseal it.
  func misnamedDigest(runID: Int64) throws -> String? {
    let rows = try HyperparameterValue.fetchAll(self, runID: runID)
    guard rows[RunDigest.name] == nil else { return nil }
    return try rows.first { name, value in
      guard case .text(let text) = value, RunDigest.isOneBitFromName(name) else { return false }
      return try digest(runID: runID, rows.filter { $0.key != name }) == text
    }?.key
  }

  private func digest(runID: Int64, _ hyperparameters: [String: HyperparameterValue]) throws -> String {
    let row = try Row.fetchOne(
      self,
      sql: """
        SELECT seed, sha256 FROM runs LEFT JOIN datasets ON datasets.id = dataset_id WHERE runs.id = ?
        """, arguments: [runID])
    guard let row else { throw StoreError(.missing, "there is no run \(runID)") }
    return RunDigest.sha256(
      seed: try row.integer(0), dataset: try row.optional(1, row.text),
      hyperparameters: hyperparameters)
  }
}

extension HyperparameterValue {
  fileprivate var words: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value
    }
  }
}
