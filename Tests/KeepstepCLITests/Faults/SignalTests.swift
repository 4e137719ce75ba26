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
    // A step that has a checkpoint anyway keeps its reason. On a busy processor one stop in twenty-five meets such a step,
    // not one in 5,000: the trainer wakes the writer there, and the system may let that one go first.
    let reason = step % 5000 == 0 ? "interval" : "signal"
    #expect(
      try place.query("SELECT step, reason FROM checkpoints ORDER BY step DESC LIMIT 1") == ["\(step),\(reason)"])
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
    for line in ["resume run", "resume 1@0", "rm run --yes"] {
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

  /// How a process is asked to end by those who end processes.
  enum Sender: String, CaseIterable, CustomTestStringConvertible, Sendable {
    /// A person: Ctrl-C, or kill.
    case interrupt, terminate
    /// The same twice: an impatient person, or a shell and its terminal.
    case interruptTwice, terminateTwice, both
    /// A person who has started it under `nohup`, logs out, and stops it later.
    case nohup
    /// systemd's `KillMode=control-group`: SIGTERM and SIGCONT to every process, SIGKILL after TimeoutStopSec.
    case systemd
    /// Slurm: SIGCONT and SIGTERM, SIGKILL after KillWait.
    case slurm
    /// Slurm's `--signal`, a terminal that goes away: not asked for, so they end the process as SIGKILL does.
    case user1, user2, hangUp
    var testDescription: String { rawValue }

    /// What the process may end with; minus a signal's number when it was killed.
    fileprivate var ends: Set<Int32> {
      switch self {
      case .interrupt, .interruptTwice: [130]
      case .terminate, .terminateTwice, .nohup: [143]
      case .both: [130, 143]
      case .systemd, .slurm: [143, -SIGKILL]
      case .user1: [-SIGUSR1]
      case .user2: [-SIGUSR2]
      case .hangUp: [-SIGHUP]
      }
    }

    fileprivate func send(to program: RunningProgram, using random: inout SeededRandom) {
      func pause(_ seconds: Double) { Thread.sleep(forTimeInterval: .random(in: 0...seconds, using: &random)) }
      switch self {
      case .interrupt: program.send(SIGINT)
      case .terminate: program.send(SIGTERM)
      case .interruptTwice: send([SIGINT, SIGINT], to: program) { pause(0.01) }
      case .terminateTwice: send([SIGTERM, SIGTERM], to: program) { pause(0.01) }
      case .both:
        send(Bool.random(using: &random) ? [SIGINT, SIGTERM] : [SIGTERM, SIGINT], to: program) { pause(0.01) }
      case .nohup: send([SIGHUP, SIGTERM], to: program) { pause(0.05) }
      case .systemd: send([SIGTERM, SIGCONT, SIGKILL], to: program) { pause(0.03) }
      case .slurm: send([SIGCONT, SIGTERM, SIGKILL], to: program) { pause(0.03) }
      case .user1: program.send(SIGUSR1)
      case .user2: program.send(SIGUSR2)
      case .hangUp: program.send(SIGHUP)
      }
    }

    private func send(_ signals: [Int32], to program: RunningProgram, _ pause: () -> Void) {
      for signal in signals {
        program.send(signal)
        pause()
      }
    }
  }

  private static let options = [
    "--steps", "40000", "--batch-size", "3", "--checkpoint-every", "500", "--keep", "4",
  ]

  @Test("signals at random instants, as people, systemd and Slurm send them")
  func randomInstants() throws {
    let run = try FaultedRun(Self.options)
    let campaign = Campaign("signals of people, systemd and Slurm")
    var random = SeededRandom.announced("SignalTests")
    var checkpoints = 0
    for turn in 0..<(Effort.isTorture ? 154 : Sender.allCases.count) {
      let sender = Sender.allCases[turn % Sender.allCases.count]
      run.removeStore()
      let program = try start(run, sender)
      Thread.sleep(forTimeInterval: .random(in: 0...run.secondsAlone * 0.8, using: &random))
      sender.send(to: program, using: &random)
      let outcome = program.wait()
      var faults = try faultsOfEnd(outcome, sender, run)
      if (outcome.status == 130 || outcome.status == 143) && faults.isEmpty { checkpoints += 1 }
      faults += try run.faultsOfRemains()
      let end = try run.startOrResume().wait()
      // The checkpoint that a signal asked for is one more than the undisturbed run has.
      faults += end.status == 0 ? try run.differences(checkpoints: .last) : "it cannot go on: \(end.errors)"
      campaign.fault("\(sender.rawValue), turn \(turn)", faults: faults)
    }
    campaign.finish(
      atLeast: Sender.allCases.count, note: "\(checkpoints) ended with a checkpoint of their last step and 130 or 143")
  }

  private func start(_ run: FaultedRun, _ sender: Sender) throws -> RunningProgram {
    guard sender == .nohup else { return try run.startOrResume() }
    let nohup = try Binary.system("nohup", package: "coreutils")
    return try RunningProgram(
      nohup, [try Binary.keepstep.path] + ["train", "--name", "run", "--quiet"] + Self.options, in: run.place.folder,
      environment: Workplace.environment)
  }

  /// A process that was asked has written a checkpoint of its last step and says `interrupted`; one that came to its end
  /// before says `finished`. Before there is a run to save a signal ends the process at once.
  private func faultsOfEnd(_ outcome: Outcome, _ sender: Sender, _ run: FaultedRun) throws -> String {
    if outcome.status == 0 { return outcome.output.contains("finished at step 40000") ? "" : "0: \(outcome.output)" }
    let recorded = try run.place.keepstep(["query", Self.end, "--format", "csv"])
    let state = recorded.status == 0 ? recorded.lines.dropFirst().first : nil
    if outcome.status == -SIGINT || outcome.status == -SIGTERM {
      return state == nil || state == "running,0,0" ? "" : "killed in the middle: \(state ?? "")\n"
    }
    if sender == .nohup, outcome.status == -SIGHUP {
      // It came before nohup had switched that signal off, and so before there was a training.
      return state == nil ? "" : "nohup was in vain: \(state ?? "")\n"
    }
    guard sender.ends.contains(outcome.status) else { return "it ended with \(outcome.status): \(outcome.errors)\n" }
    guard outcome.status > 0 else { return "" }
    guard let state, state.hasPrefix("interrupted,") else { return "it says \(state ?? "nothing")\n" }
    let steps = state.split(separator: ",").dropFirst()
    return Set(steps).count == 1 ? "" : "its checkpoint is not of its last step: \(state)\n"
  }

  private static let end = """
    SELECT status, steps_done, (SELECT max(step) FROM checkpoints WHERE run_id = runs.id) FROM runs WHERE name = 'run'
    """

  @Test("a stopped trainer takes SIGTERM when it goes on, as systemd and Slurm see to")
  func stopped() throws {
    let place = try Workplace()
    let program = try startTraining(place)
    program.send(SIGSTOP)
    program.send(SIGTERM)
    Thread.sleep(forTimeInterval: 0.05)
    #expect(program.isRunning)
    program.send(SIGCONT)
    #expect(program.wait().status == 143)
    #expect(try place.query("SELECT status FROM runs") == ["interrupted"])
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
