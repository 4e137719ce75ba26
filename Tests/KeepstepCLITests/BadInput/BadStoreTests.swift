import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Bad stores")
struct BadStoreTests {
  /// A command that writes and one that reads.
  static let commands = ["train --steps 1", "resume 1", "fork 1", "rm 1", "runs", "check", "export 1 -o w.npz"]
  /// Files, and what a message must say of each.
  static let files = [
    ("text.db", "text.db is not a SQLite database"), ("other.db", "other.db is another program's database"),
    ("newer.db", "newer.db is a store of version 99; this program knows versions up to "),
    ("folder", "folder is a folder or a device, not a store"),
  ]

  @Test("a file that is no store, or one of a newer version, is refused and stays as it is", arguments: files, commands)
  func refused(file: (name: String, message: String), command: String) throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(at: place.url("folder"), withIntermediateDirectories: false)
    try place.write("This is a text of more than one line,\nand no database.\n", to: "text.db")
    try place.sqlite3("CREATE TABLE t (a); INSERT INTO t VALUES (1)", store: "other.db")
    try place.succeed("train --steps 1 --store newer.db")
    try place.sqlite3("PRAGMA user_version = 99", store: "newer.db")
    let bytes = try ["text.db", "other.db", "newer.db"].map { try place.data($0) }
    try place.expect(Refusal("\(command) --store \(file.name)", file.message))
    #expect(try ["text.db", "other.db", "newer.db"].map { try place.data($0) } == bytes)
  }

  @Test("no store is made by a command that needs one", arguments: commands.dropFirst() + ["verify 1", "predict 1"])
  func missing(command: String) throws {
    let place = try Workplace()
    try place.expect(Refusal(command, "there is no store at keepstep.db"))
    #expect(try place.files.isEmpty)
  }

  @Test("a folder that cannot be written: nothing is trained, but what is there can be read")
  func readOnlyFolder() throws {
    let place = try Workplace()
    try place.succeed("train --steps 10 --name a")
    let before = try Snapshot(place)
    try withReadOnlyFolder(place) {
      for command in ["train", "resume a --steps 20", "fork a", "rm a --yes", "train --store new.db"] {
        let outcome = try keepstep(command, in: place)
        #expect(outcome.status == 1 && outcome.output == "", "\(command): \(outcome.output)")
        #expect(outcome.errors.hasPrefix("error: cannot write "), "\(command): \(outcome.errors)")
        #expect(outcome.errors.contains("Permission denied\nhint: "), "\(command): \(outcome.errors)")
      }
      for command in ["export a -o w.npz", "predict a -o p.csv", "plot a -o p.svg"] {
        let outcome = try keepstep(command, in: place)
        #expect(outcome.status == 1 && outcome.errors.hasPrefix("error: "), "\(command): \(outcome.errors)")
        let reason = command.hasPrefix("plot") ? "is read-only" : "Permission denied"
        #expect(outcome.errors.contains(reason), "\(command): \(outcome.errors)")
      }
      for command in ["runs", "show a", "steps a", "checkpoints a", "check", "predict a", "verify a"] {
        let outcome = try keepstep(command, in: place)
        #expect(outcome.status == 0, "\(command): \(outcome.errors)")
      }
    }
    #expect(try Snapshot(place) == before)
  }

  private func withReadOnlyFolder(_ place: Workplace, _ body: () throws -> Void) throws {
    #expect(chmod(place.folder.path, 0o555) == 0)
    defer { chmod(place.folder.path, 0o755) }
    try body()
  }

  /// Root passes all permissions, but not without its capability to do so.
  private func keepstep(_ line: String, in place: Workplace) throws -> Outcome {
    guard getuid() == 0 else { return try place.keepstep(line) }
    return try place.run(
      "setpriv", package: "util-linux",
      ["--bounding-set=-dac_override,-dac_read_search", try Binary.keepstep.path]
        + line.split(separator: " ").map(String.init))
  }
}
