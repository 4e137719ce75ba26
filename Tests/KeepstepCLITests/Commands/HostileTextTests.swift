import Foundation
import Testing

/// What strangers wrote in a store or a file reaches nobody's terminal as an order to it.
@Suite("Hostile texts on a terminal")
struct HostileTextTests {
  /// Clears a screen, in seven bits and in eight; turns the direction of text around; forges a line.
  private static let hostile = "\u{1B}[2J\u{9B}2J\u{202E}\rforged\nhint: pay"
  private static let spelled = "\\u{1B}[2J\\u{009B}2J\\u{202E} forged hint: pay"

  /// A run with such a name, note, tag and failure, which no command of ours would have written.
  private static func place() throws -> Workplace {
    let place = try FlowExample.place()
    let text = "'" + hostile.replacingOccurrences(of: "\n", with: "' || char(10) || '") + "'"
    try place.sqlite3(
      "UPDATE runs SET name = \(text), note = \(text), failure = \(text)", "INSERT INTO tags VALUES (1, \(text))")
    return place
  }

  private static func expectHarmless(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let orders = text.unicodeScalars.filter {
      $0 != "\n" && [.control, .format, .lineSeparator].contains($0.properties.generalCategory)
    }
    #expect(orders.isEmpty, "\(text.debugDescription)", sourceLocation: sourceLocation)
    #expect(!text.contains("\nhint: pay") && !text.hasPrefix("hint: pay"), sourceLocation: sourceLocation)
  }

  @Test(
    "tables, sentences and messages spell them out",
    arguments: [
      "runs", "runs --columns name,note,failure,tags", "show 1", "steps 1 --to 2", "checkpoints 1", "predict 1",
      "predict 1 --format table", "compare 1 1", "verify 1", "check", "resume 1", "resume 1 --steps 30",
      "fork 1@6 --steps 8", "export 1 -o w.npz", "export-runs -o out", "pin 1@6", "gc 1 --dry-run", "gc 1",
      "gc 1 --yes", "rm 1", "rm 1 --yes", "tag 1", "merge copy.db --store new.db",
      "recover --store copy.db -o again.db", "backup again.db", "plot 1 -o p.svg", "export 1 --top 9 -o w.npz",
      "train --name a",
    ])
  func commands(line: String) throws {
    let place = try Self.place()
    try FileManager.default.copyItem(at: place.url("keepstep.db"), to: place.url("copy.db"))
    let outcome = try place.keepstep(line)
    Self.expectHarmless(outcome.output)
    Self.expectHarmless(outcome.errors)
    #expect([0, 1].contains(outcome.status), "\(outcome.errors)")
  }

  @Test("what a person typed comes back spelled out")
  func typed() throws {
    let place = try FlowExample.place()
    for arguments in [
      ["show", Self.hostile], [Self.hostile], ["train", "--\(Self.hostile)"], ["train", "--name", Self.hostile],
      ["query", "SELECT '\(Self.hostile)' FROM nothing"], ["runs", "--where", Self.hostile],
      ["runs", "--sort", Self.hostile], ["train", "--data", Self.hostile, "--inputs", "a", "--targets", "b"],
      ["export", "flow", "-o", "\(Self.hostile).npz"],
    ] {
      let outcome = try place.keepstep(arguments)
      #expect(outcome.status != 0 || arguments[0] == "export")
      // ArgumentParser's message is several lines, and those that a person types among them are theirs.
      Self.expectHarmless((outcome.output + outcome.errors).replacingOccurrences(of: "\nhint: pay", with: "\n"))
    }
  }

  @Test("columns of a stranger's data, in messages and tables")
  func columns() throws {
    let place = try Workplace()
    try place.write("a,b\u{1B}[2J\u{202E}\n" + (1...12).map { "\($0),x\n" }.joined(), to: "data.csv")
    let refused = try place.keepstep([
      "train", "--data", "data.csv", "--inputs", "a", "--targets", "b\u{1B}[2J\u{202E}",
    ])
    #expect(refused.status == 1 && refused.errors.contains("b\\u{1B}[2J\\u{202E}"), "\(refused.errors)")
    Self.expectHarmless(refused.errors)
  }

  @Test("what is meant for programs has every character, but not on a terminal")
  func programs() throws {
    let place = try Self.place()
    #expect(try place.succeed("note 1").output == Self.hostile + "\n")
    #expect(try place.succeed("runs --columns note --format csv").output.contains("\u{1B}[2J\u{9B}2J\u{202E}"))
    for command in ["note 1", "runs --columns note --format csv", "runs --columns name,note --format jsonl"] {
      let shown = try place.onTerminal(command)
      Self.expectHarmless(shown.replacingOccurrences(of: "\nhint: pay", with: "\nhint_"))
      #expect(shown.contains("\\u{009B}2J\\u{202E}"), "\(shown)")
    }
    #expect(try place.succeed("runs --columns name").lines[1] == Self.spelled)
  }
}
