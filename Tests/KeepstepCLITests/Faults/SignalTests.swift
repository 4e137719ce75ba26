import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Signals and dead trainers")
struct SignalTests {
  /// Long enough to be stopped in its middle on any machine.
  private static let train = "train --name run --steps 2000000000 --checkpoint-every 5000 --keep 3"

  @Test("SIGINT and SIGTERM write a checkpoint and end with 130 and 143", arguments: [SIGINT, SIGTERM])
  func stops(signal: Int32) throws {
    let place = try Workplace()
    let program = try startTraining(place)
    program.send(signal)
    let outcome = program.wait()
    #expect(outcome.status == 128 + signal, "\(outcome.errors)")

    let step = try #require(Int(try place.query("SELECT steps_done FROM runs")[0]))
    #expect(outcome.output.hasPrefix("run 1 (run), interrupted at step \(step) of 2000000000, loss "))
    #expect(outcome.errors.hasSuffix("hint: `keepstep resume 1` goes on from here\n"))
    #expect(try place.query("SELECT status, finished_at FROM runs") == ["interrupted,"])
    #expect(try place.query("SELECT last_step, end_reason FROM segments") == ["\(step),interrupted"])
    #expect(try place.query("SELECT step, reason FROM checkpoints ORDER BY step DESC LIMIT 1") == ["\(step),signal"])
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])

    // It goes on exactly there, to the bits of a run that was left alone.
    let end = step + 777
    try place.succeed("resume run --quiet --steps \(end)")
    try place.succeed("train --quiet --name alone --steps \(end) --checkpoint-every 5000 --keep 3")
    let comparison = RunComparison(place: place, reference: "alone")
    expectNone(try comparison.differences(of: "run", checkpoints: .last), "differences")
    #expect(
      try place.query("SELECT first_step, last_step, end_reason FROM segments WHERE run_id = 1 ORDER BY id")
        == ["1,\(step),interrupted", "\(step + 1),\(end),finished"])
  }

  @Test("after kill -9 the run is shown as interrupted, and marked so by the command that saw it")
  func killed() throws {
    let place = try Workplace()
    let program = try startTraining(place)
    #expect(try place.succeed("runs --format csv").rows[0]["status"] == "running")
    program.send(SIGKILL)
    #expect(program.wait().status == -SIGKILL)
    #expect(try place.query("SELECT status FROM runs") == ["running"])
    #expect(try place.succeed("runs --format csv").rows[0]["status"] == "interrupted")
    #expect(try place.query("SELECT status FROM runs") == ["interrupted"])
    #expect(try place.query("SELECT end_reason, ended_at = updated_at FROM segments, runs") == ["killed,1"])
  }

  @Test("a second trainer of a run is refused at once, and is told who holds it")
  func twoTrainers() throws {
    let place = try Workplace()
    let program = try startTraining(place)
    // A trainer that stands still holds its run all the same.
    program.send(SIGSTOP)
    for line in ["resume run", "resume 1@0", "rm run"] {
      let began = Date()
      let outcome = try place.keepstep(line)
      #expect(outcome.status == 1 && outcome.output == "")
      #expect(outcome.errors.hasPrefix("error: run 1 of keepstep.db is held by process \(program.pid) on "))
      #expect(outcome.errors.contains("\nhint: wait for it, or stop it"))
      #expect(Date().timeIntervalSince(began) < 10)
    }
    program.send(SIGCONT)
    let before = try #require(Int(try place.query("SELECT steps_done FROM runs")[0]))
    try waitUntil("the trainer goes on") { try Int(place.query("SELECT steps_done FROM runs")[0]) ?? 0 > before }
    program.send(SIGTERM)
    #expect(program.wait().status == 143)
    #expect(try place.query("SELECT count(*) FROM segments") == ["1"])
  }

  private func startTraining(_ place: Workplace) throws -> RunningProgram {
    let program = try place.start(Self.train.split(separator: " ").map(String.init))
    try waitUntil("the run has steps") {
      guard program.isRunning else { throw Missing("the training ended: \(program.wait().errors)") }
      let outcome = try place.keepstep(["query", "SELECT 1 FROM runs WHERE steps_done > 0", "--format", "csv"])
      return outcome.status == 0 && outcome.lines.count == 2
    }
    return program
  }
}
