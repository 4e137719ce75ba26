import Foundation
import Testing

@Suite("keepstep verify")
struct VerifyTests {
  @Test("says exact, and writes nothing")
  func exact() throws {
    let place = try FlowExample.place()
    let before = try place.data("keepstep.db")
    #expect(
      try place.succeed("verify flow").output
        == "exact: steps 1 to 24: 24 step rows, 2 evaluations, 2 hidden states and 6 checkpoints are equal to the bit\n"
    )
    #expect(
      try place.succeed("verify flow@12 --to 20").output
        == "exact: steps 13 to 20: 8 step rows, 1 evaluation, 1 hidden state and 2 checkpoints are equal to the bit\n")
    #expect(try place.succeed("verify flow@6 --to best").output.hasPrefix("exact: steps 7 to 20: "))
    #expect(try place.data("keepstep.db") == before)
    #expect(try place.files == ["flow.csv", "keepstep.db", "keepstep.db-lock"])
  }

  /// A change of one recorded value, and what `verify` says of it.
  static let changes = [
    ("UPDATE steps SET gradient_norm = gradient_norm + 1 WHERE step = 3", "step 3: gradient norm is recorded as "),
    ("UPDATE evaluations SET loss = 0.5 WHERE step = 10", "step 10: evaluation (training) is recorded as 0.5"),
    (
      "UPDATE hidden_states SET data = zeroblob(64) WHERE step = 20",
      "step 20: hidden state H, value 0 is recorded as 0.0"
    ),
    ("DELETE FROM steps WHERE step = 5", "step 5: trained again, but its row is missing"),
  ]

  @Test("names the first difference", arguments: changes)
  func difference(sql: String, message: String) throws {
    let place = try FlowExample.place()
    try place.sqlite3(sql)
    let outcome = try place.keepstep("verify flow")
    #expect(outcome.status == 1 && outcome.output == "")
    #expect(outcome.errors.hasPrefix("error: run flow, \(message)"), "\(outcome.errors)")
  }
}
