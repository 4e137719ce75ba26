import ArgumentParser
import Foundation
import RunStore

/// `--store`, and how a command opens it.
struct StoreOptions: ParsableArguments {
  @Option(help: "The store, one SQLite file. Default: $KEEPSTEP_STORE, or keepstep.db in this folder.")
  var store: String?

  /// The option, the environment, or the default.
  var path: String {
    if let store { return store }
    let variable = ProcessInfo.processInfo.environment["KEEPSTEP_STORE"] ?? ""
    return variable.isEmpty ? "keepstep.db" : variable
  }

  /// For a command that only reads.
  func openForReading() throws -> StoreReader {
    try StoreReader(path: path)
  }

  /// For a trainer and for housekeeping; creates a store where there is none.
  func openForWriting() throws -> Store {
    try Store(path: path)
  }

  /// For a command that adds to a store which must be there already.
  func openExisting() throws -> Store {
    _ = try StoreReader(path: path)  // its error says what is missing; `Store` would create it
    return try Store(path: path)
  }

  /// For a command that changes runs: they must be there, and no trainer may hold them.
  func openExisting(toChange runs: [String]) throws -> Store {
    let reader = try StoreReader(path: path)
    for run in runs { try reader.requireFree(runID: reader.run(run).id) }
    return try Store(path: path)
  }
}
