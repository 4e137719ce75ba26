import Foundation
import Testing

@Suite("keepstep rm")
struct RemoveTests {
  @Test("removes runs with all their rows, and nothing of others")
  func removes() throws {
    let place = try FlowExample.place()
    try place.succeed("train --steps 20 --name stays")
    try place.succeed("fork flow@12 --name fork")
    let tables = ["runs", "hyperparameters", "segments", "steps", "evaluations", "checkpoints", "hidden_states"]
    func counts() throws -> [String] {
      try tables.flatMap { try place.query("SELECT count(*) FROM \($0) WHERE \($0 == "runs" ? "id" : "run_id") = 2") }
    }
    let before = try counts()
    #expect(try place.succeed("rm flow 3 --yes").output == "removed run 1 (flow)\nremoved run 3 (fork)\n")
    #expect(try counts() == before)
    for table in tables.dropFirst() {
      #expect(try place.query("SELECT count(*) FROM \(table) WHERE run_id != 2") == ["0"])
    }
    #expect(try place.query("SELECT count(*) FROM datasets") == ["0"])
    #expect(
      try place.query("SELECT count(*) FROM tensors WHERE checkpoint_id NOT IN (SELECT id FROM checkpoints)")
        == ["0"])
    try place.succeed("check")
  }

  @Test("a mistyped name among others removes none")
  func mistyped() throws {
    let place = try FlowExample.place()
    let outcome = try place.keepstep("rm flow flwo --yes")
    #expect(outcome.status == 1 && outcome.errors.contains("there is no run \"flwo\""))
    #expect(try place.query("SELECT name FROM runs") == ["flow"])
    #expect(try place.keepstep("rm flow@12").status == 64)
  }

  @Test("without a terminal it needs --yes, and says what it would remove")
  func unasked() throws {
    let place = try FlowExample.place()
    let outcome = try place.keepstep("rm flow")
    #expect(outcome.status == 1 && outcome.output == "")
    #expect(outcome.errors.contains("Remove run 1 (flow, 24 steps) from keepstep.db?"), "\(outcome.errors)")
    #expect(outcome.errors.contains("hint: --yes answers it"))
    #expect(try place.query("SELECT name FROM runs") == ["flow"])
  }
}
