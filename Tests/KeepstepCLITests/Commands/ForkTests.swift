import Foundation
import Testing

@Suite("keepstep fork")
struct ForkTests {
  @Test("a new run goes on from a checkpoint with something changed, and outlives its parent")
  func fork() throws {
    let place = try FlowExample.place()
    #expect(
      try place.succeed("fork flow@12 --name colder --learning-rate 0.001 --steps 36").output
        == "run 2 (colder), finished at step 36, loss 0.301, best 0.28761 at step 30\n")
    let shown = try place.succeed("show colder")
    #expect(shown.lines.contains("parent          flow@12"))
    #expect(try place.query("SELECT min(step), max(step), count(*) FROM steps WHERE run_id = 2") == ["13,36,24"])
    let digest = "SELECT digest, history_digest FROM checkpoints WHERE step = 12 ORDER BY run_id"
    let copies = try place.query(digest)
    #expect(copies.count == 2 && copies[0] == copies[1])
    try place.succeed("rm flow --yes")
    #expect(try place.query(digest) == [copies[0]])
    #expect(try place.succeed("verify colder").output.hasPrefix("exact: steps 13 to 36: 24 step rows, "))
    try place.succeed("resume colder --steps 40")
    try place.succeed("check")
  }

  @Test("unchanged, it has the bits of its parent")
  func unchanged() throws {
    let place = try FlowExample.place()
    try place.succeed("fork flow@6 --name same")
    let rows = "SELECT step, loss, gradient_norm FROM steps WHERE step > 6 AND run_id = "
    #expect(try place.query(rows + "1") == place.query(rows + "2"))
    #expect(try place.query("SELECT count(DISTINCT digest) FROM checkpoints WHERE step = 24") == ["1"])
  }

  @Test("the parent does not change")
  func parent() throws {
    let place = try FlowExample.place()
    let parent = "SELECT * FROM runs JOIN checkpoints ON run_id = runs.id WHERE runs.id = 1"
    let before = try place.query(parent)
    try place.succeed("fork flow@best --name b --window 3")
    #expect(try place.query(parent) == before)
  }
}
