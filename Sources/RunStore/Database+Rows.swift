import Foundation
import GRDB

extension Database {
  /// Executes one statement, prepared once for each connection.
  func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

extension Row {
  /// A column that holds a whole number; a store that was written by others may hold anything.
  func integer(_ index: Int) throws -> Int64 {
    guard case .int64(let value) = databaseValue(index).storage else { throw unexpected(index, "a whole number") }
    return value
  }

  /// A column that holds a whole number.
  func int(_ index: Int) throws -> Int { Int(try integer(index)) }

  /// A column that holds the number of a step. In a store that was written by others it may be any, and what reckons with
  /// it must not overflow.
  func step(_ index: Int) throws -> Int {
    let value = try int(index)
    guard (0...1 << 53).contains(value) else { throw unexpected(index, "the number of a step") }
    return value
  }

  /// A column that holds the number of a run, which is also the byte that its trainer locks; byte 0 is the store's.
  func runID(_ index: Int) throws -> Int64 {
    let value = try integer(index)
    guard value >= 1 else { throw unexpected(index, "the number of a run") }
    return value
  }

  /// A column that holds a number.
  func double(_ index: Int) throws -> Double {
    switch databaseValue(index).storage {
    case .double(let value): value
    case .int64(let value): Double(value)
    default: throw unexpected(index, "a number")
    }
  }

  /// A column that holds a text.
  func text(_ index: Int) throws -> String {
    guard case .string(let value) = databaseValue(index).storage else { throw unexpected(index, "a text") }
    return value
  }

  /// A column that holds float32 numbers.
  func blob(_ index: Int) throws -> Data {
    guard case .blob(let value) = databaseValue(index).storage, value.count % 4 == 0 else {
      throw unexpected(index, "float32 values")
    }
    return value
  }

  /// A column that holds one of an enumeration's texts.
  func choice<Choice: RawRepresentable<String>>(_ index: Int) throws -> Choice {
    guard let value = Choice(rawValue: try text(index)) else { throw unexpected(index, "one of its texts") }
    return value
  }

  /// A column that holds a shape as JSON.
  func shape(_ index: Int) throws -> [Int] {
    guard let shape = FloatBlob.shape(try text(index)) else { throw unexpected(index, "a shape") }
    return shape
  }

  /// The value of a column, or `nil` for NULL.
  func optional<Value>(_ index: Int, _ read: (Int) throws -> Value) throws -> Value? {
    databaseValue(index).isNull ? nil : try read(index)
  }

  private func databaseValue(_ index: Int) -> DatabaseValue { self[index] }

  private func unexpected(_ index: Int, _ expected: String) -> StoreError {
    let name = Array(columnNames)[index]
    return StoreError(
      .damaged, "column \(name) holds \(databaseValue(index)) instead of \(expected)",
      hint: "keepstep check lists what is wrong with a store")
  }
}
