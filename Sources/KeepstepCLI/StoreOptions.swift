import ArgumentParser
import Foundation
import RunStore

/// `--store`, and how a command opens it.
struct StoreOptions: ParsableArguments {
  @Option(help: "The store, one SQLite file. Default: $KEEPSTEP_STORE, or keepstep.db in this folder.")
  var store: String?

  @Flag(help: "Open a store on a network file system, which no other machine opens at the same time.")
  var allowNetworkFilesystem = false

  /// The option, the environment, or the default.
  var path: String {
    if let store { return store }
    let variable = ProcessInfo.processInfo.environment["KEEPSTEP_STORE"] ?? ""
    return variable.isEmpty ? "keepstep.db" : variable
  }

  /// The flag, or the environment.
  private var allowsNetworkFileSystem: Bool {
    let variable = ProcessInfo.processInfo.environment["KEEPSTEP_ALLOW_NETWORK_FILESYSTEM"] ?? ""
    return allowNetworkFilesystem || !["", "0"].contains(variable)
  }

  /// For a command that only reads.
  func openForReading() throws -> StoreReader {
    try StoreReader(path: path, allowsNetworkFileSystem: allowsNetworkFileSystem)
  }

  /// For a trainer and for housekeeping; creates a store where there is none.
  func openForWriting() throws -> Store {
    try Store(path: path, allowsNetworkFileSystem: allowsNetworkFileSystem)
  }

  /// For a command that adds to a store which must be there already.
  func openExisting() throws -> Store {
    _ = try openForReading()  // its error says what is missing; `Store` would create it
    return try openForWriting()
  }

  /// For a command that changes runs: they must be there, and no other process may hold them. That is found out before
  /// anything is waited for.
  func openExisting(toChange runs: [String]) throws -> Store {
    let reader = try openForReading()
    let claims = try runs.map { try reader.claim(runID: reader.run($0).id) }
    return try Store(path: path, allowsNetworkFileSystem: allowsNetworkFileSystem, claims: claims)
  }
}
