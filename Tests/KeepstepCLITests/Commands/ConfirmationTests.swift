import Foundation
import Testing

@Suite("Questions on a terminal")
struct ConfirmationTests {
  private static let question = "Remove run 1 (flow, 24 steps) from keepstep.db? [y/N] "

  @Test("yes goes on, however it is written", arguments: ["y", "Y", "yes", "YES", " y "])
  func yes(answer: String) throws {
    let place = try FlowExample.place()
    let shown = try place.onTerminal("rm flow", answer: "\(answer)\\n")
    #expect(shown == "\(Self.question)\(answer)\nremoved run 1 (flow)\n[0]\n")
    #expect(try place.query("SELECT count(*) FROM runs") == ["0"])
  }

  @Test("anything else, nothing and Ctrl-D change nothing", arguments: ["n", "no", "", "yess", "j", "y n"])
  func no(answer: String) throws {
    let place = try FlowExample.place()
    let before = try Snapshot(place)
    let refusal = "error: nothing was removed\nhint: y or yes goes on\n[1]\n"
    #expect(try place.onTerminal("rm flow", answer: "\(answer)\\n") == "\(Self.question)\(answer)\n\(refusal)")
    #expect(try place.onTerminal("rm flow", answer: "\\x04") == "\(Self.question)\n\(refusal)")
    #expect(try Snapshot(place) == before)
  }

  @Test("Ctrl-C at the question ends the command, and changes nothing")
  func interrupted() throws {
    let place = try FlowExample.place()
    #expect(try place.onTerminal("rm flow", answer: "\\x03").hasSuffix("[-2]\n"))
    #expect(try place.query("SELECT name FROM runs") == ["flow"])
  }

  @Test("gc asks the same way, and --yes of either asks nothing")
  func collect() throws {
    let place = try FlowExample.place()
    let shown = try place.onTerminal("gc", answer: "n\\n")
    #expect(shown.hasPrefix("Remove 3 checkpoints with "), "\(shown)")
    #expect(shown.contains(" of tensors from keepstep.db? [y/N] n\nerror: nothing was removed\n"), "\(shown)")
    #expect(try place.query("SELECT count(*) FROM checkpoints") == ["6"])
    #expect(try place.onTerminal("gc --yes").hasPrefix("removed 3 checkpoints with "))
    #expect(try place.onTerminal("rm flow --yes") == "removed run 1 (flow)\n[0]\n")
  }
}
