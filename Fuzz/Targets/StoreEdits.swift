import Foundation
import GRDB

/// Edits of a small valid store, decoded from a fuzzer's bytes.
///
/// The first byte's lowest bit decides on the tables: as Keepstep makes them, or without their STRICT, so that any column
/// takes any value. Then, until the bytes end, an operation each: its kind, and what `Choices` reads for it.
enum StoreEdits {
  /// The edited store's bytes.
  static func file(_ data: Data) throws -> Data {
    var choices = Choices(data)
    let isStrict = choices.byte() & 1 == 0
    let path = ScratchFile.path(isStrict ? SampleStore.strict : SampleStore.lenient, "edit")
    try edit(path, &choices)
    var file = try Data(contentsOf: URL(fileURLWithPath: path))
    while !choices.isAtEnd { patch(&file, &choices) }
    return file
  }

  private static func edit(_ path: String, _ choices: inout Choices) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { db in
      try db.execute(
        sql: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON")
      try db.inTransaction {
        // A value that a table refuses is one edit less.
        while let kind = choices.operation() { try? edit(db, kind, &choices) }
        return .commit
      }
    }
    try queue.close()
  }

  private static func edit(_ db: Database, _ kind: UInt8, _ choices: inout Choices) throws {
    let (table, columns) = SampleStore.tables[choices.index(below: SampleStore.tables.count)]
    let row = choices.index(below: 8)
    let key = "(SELECT \(columns[0]) FROM \(table) ORDER BY 1 LIMIT 1 OFFSET \(row))"
    switch kind {
    case 1: try db.execute(sql: "DELETE FROM \(table) WHERE \(columns[0]) = \(key)")
    case 2: try db.execute(sql: "PRAGMA user_version = \(choices.index(below: 256))")
    default:
      let column = columns[choices.index(below: columns.count)]
      try db.execute(
        sql: "UPDATE \(table) SET \(column) = ? WHERE \(columns[0]) = \(key)", arguments: [choices.value()])
    }
  }

  /// A change of the file's bytes: a few of them, or its end cut off.
  private static func patch(_ file: inout Data, _ choices: inout Choices) {
    let place =
      (choices.index(below: 256) << 16 | choices.index(below: 256) << 8 | choices.index(below: 256)) % file.count
    let bytes = choices.bytes(below: 8)
    guard !bytes.isEmpty else {
      file = file.prefix(max(place, 1))
      return
    }
    for (offset, byte) in bytes.enumerated() where place + offset < file.count { file[place + offset] = byte }
  }
}

/// Decisions, read from bytes one after the other; zeros when they have come to an end.
struct Choices {
  private var rest: Data

  init(_ data: Data) { rest = data }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func index(below count: Int) -> Int { Int(byte()) % count }

  /// Fewer than `count` bytes.
  mutating func bytes(below count: Int) -> Data {
    let length = index(below: count)
    defer { rest = rest.dropFirst(length) }
    return Data(rest.prefix(length))
  }

  /// An edit through SQL; `nil` where edits of the file's bytes begin.
  mutating func operation() -> UInt8? {
    guard !isAtEnd else { return nil }
    let kind = byte() % 8
    return kind == 7 ? nil : kind
  }

  /// Any value of SQLite's, borders of the numbers and texts of shapes among them.
  mutating func value() -> DatabaseValue {
    switch index(below: 8) {
    case 0: .null
    case 1: Int64(bitPattern: bytes(below: 9).reduce(0) { $0 << 8 | UInt64($1) }).databaseValue
    case 2: Self.numbers[index(below: Self.numbers.count)].databaseValue
    case 3: Self.reals[index(below: Self.reals.count)].databaseValue
    case 4: String(decoding: bytes(below: 256), as: UTF8.self).databaseValue
    case 5: Self.texts[index(below: Self.texts.count)].databaseValue
    case 6: bytes(below: 256).databaseValue
    default: Data(count: index(below: 256) << 8).databaseValue
    }
  }

  private static let numbers: [Int64] = [
    0, 1, -1, 2, 3, 5, 16, 1 << 31, 1 << 32, 1 << 40, 1 << 50, 1 << 62, .max, .max - 1, .min, .min + 1,
  ]
  private static let reals = [0, -0.0, 1, -1, 0.5, .infinity, -.infinity, 1e308, 5e-324, 4.5, 1e19]
  private static let texts = [
    "", "[]", "[1]", "[2,2]", "[0]", "[-1]", "[1,9223372036854775807]", "[4294967296,4294967296]", "[9e99]", "[[1]]",
    "null", "running", "finished", "weight", "hidden", "W_hh", "H", "lstm", "gru", "rnn", "plateau", "one-cycle",
    "cosine", "all", "sgd", "cross-entropy", "[\"a\"]", "[\"a\",\"a\"]", "/dev/zero", "=1+1", "first-run",
  ]
}
