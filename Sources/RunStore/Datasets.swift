import Foundation
import GRDB

extension DatasetRecord {
  init(row: Row) throws {
    guard let columns = try? JSONDecoder().decode([String].self, from: Data(try row.text(3).utf8)) else {
      throw StoreError(.damaged, "the columns of dataset \(try row.integer(0)) are not a JSON array of texts")
    }
    let data = try row.optional(5, row.blob)
    self.init(
      id: try row.integer(0), sha256: try row.text(1), source: try row.text(2), columns: columns,
      rows: try row.int(4), values: nil)
    guard let data else { return }
    var values: [Float] = []
    values.reserveCapacity(data.count / 4)
    FloatBlob.append(data, to: &values)
    guard FloatBlob.count([rows, columns.count]) == values.count else {
      throw StoreError(
        .damaged, "dataset \(id) has \(values.count) values, not \(rows) rows of \(columns.count)")
    }
    self.values = values
  }
}

extension Database {
  /// The dataset with that digest, inserted if it is not there; values that are not there yet are filled in.
  func findOrInsert(_ new: NewDataset, path: String) throws -> Int64 {
    let data = new.values.map { FloatBlob.data($0[...]) }
    let found = try Row.fetchOne(
      self, sql: "SELECT id, rows, data IS NULL FROM datasets WHERE sha256 = ?", arguments: [new.sha256])
    guard let found else {
      try run(
        "INSERT INTO datasets (sha256, source, columns, rows, data) VALUES (?, ?, ?, ?, ?)",
        [new.sha256, new.source, try json(new.columns), new.rows, data])
      return lastInsertedRowID
    }
    let id = try found.integer(0)
    guard try found.int(1) == new.rows else {
      throw StoreError(
        .conflict, "dataset \(id) of \(path) has the digest \(new.sha256) and \(try found.int(1)) rows, not \(new.rows)"
      )
    }
    if let data, try found.integer(2) == 1 { try run("UPDATE datasets SET data = ? WHERE id = ?", [data, id]) }
    return id
  }

  private func json(_ columns: [String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(columns), as: UTF8.self)
  }
}
