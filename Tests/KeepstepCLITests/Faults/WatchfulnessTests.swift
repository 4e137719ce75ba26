import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Clocks that jump, a machine that sleeps, a run that lasts, a store that other machines reach.
@Suite("Watchfulness", .serialized, .enabled(if: Fault.isSupported))
struct WatchfulnessTests {
  /// A jump of the clocks in the middle of a run.
  struct Jump: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Seconds.
    let realtime: Int
    let monotonic: Int
  }

  static let jumps = [
    Jump(testDescription: "the time of day goes back by an hour", realtime: -3600, monotonic: 0),
    Jump(testDescription: "the machine sleeps for an hour", realtime: 3600, monotonic: 3600),
  ]

  /// A run whose steps come fast, and one whose steps are long: its heartbeat has to go on between two of them.
  private static let fast = "--steps 60000 --checkpoint-every 4000 --keep 3"

  @Test("a clock that jumps harms nothing: the bits are those of a run left alone", arguments: jumps)
  func jumpingClock(_ jump: Jump) throws {
    let campaign = Campaign("Clock: \(jump.testDescription), at instants of a run")
    let place = try Workplace()
    let began = Date()
    try place.succeed("train --quiet --name run --store alone.db \(Self.fast)")
    let life = Date().timeIntervalSince(began)
    let count = Effort.sample(1, full: 30)
    for index in 1...count {
      let milliseconds = Int(1000 * life * Double(index) / Double(count + 1))
      let outcome = try place.keepstep(
        "train --quiet --name run --store jump.db \(Self.fast)", environment: try environment(jump, after: milliseconds)
      )
      var faults = outcome.status == 0 ? "" : outcome.errors
      faults += try RunComparison(place: place, reference: "run", referenceStore: "alone.db")
        .differences(of: "run", store: "jump.db")
      let check = try place.keepstep("check --store jump.db")
      if check.status != 0 { faults += check.output + check.errors }
      campaign.fault("after \(milliseconds) ms", faults: faults)
      for suffix in ["", "-lock"] { try FileManager.default.removeItem(at: place.url("jump.db" + suffix)) }
    }
    campaign.finish(atLeast: count)
  }

  @Test("the heartbeat goes on in long steps, also when the clock goes back between two of them")
  func heartbeatInLongSteps() throws {
    let campaign = Campaign("Heartbeat in steps of seconds, the clock going back and forth")
    for jump in [Jump(testDescription: "no jump", realtime: 0, monotonic: 0)] + Self.jumps {
      let place = try Workplace()
      let program = try place.start(
        Self.longSteps, environment: try environment(jump, after: 1500).merging(["KEEPSTEP_ISA": "scalar"]) { $1 })
      try waitUntil("the run is there") { FileManager.default.fileExists(atPath: place.url("keepstep.db-wal").path) }
      let crowd = Crowd(in: place)
      try crowd.beginWatching()
      Thread.sleep(forTimeInterval: Effort.isTorture ? 12 : 4)
      let beats = try crowd.endWatching()
      program.send(SIGKILL)
      #expect(program.wait().status == -SIGKILL)
      var faults = beats.runs == 1 && beats.looks > 50 ? "" : "\(beats)"
      // A quarter of a second for a step's row, half a second for a heartbeat; the rest is for a busy machine.
      if beats.gap > Self.lateness { faults += "\(beats.gap) s without a heartbeat" }
      campaign.fault(jump.testDescription, faults: faults)
    }
    campaign.finish(atLeast: 3)
  }

  private static let lateness = Effort.isTorture ? 1.2 : 2.5

  private static let longSteps = [
    "train", "--quiet", "--name", "run", "--steps", "1000", "--threads", "1", "--hidden-size", "256", "--window",
    "2400",
    "--batch-size", "8",
  ]

  @Test("what sqlite3 shows is right within a second: in long steps, after the end, after SIGTERM")
  func rightWithinASecond() throws {
    let place = try Workplace()
    let program = try place.start(["train", "--quiet", "--name", "run", "--steps", "2000000000", "--keep", "1"])
    try waitUntil("the run has steps") {
      let outcome = try place.keepstep(["query", "SELECT 1 FROM runs WHERE steps_done > 0", "--format", "csv"])
      return outcome.lines.count == 2
    }
    // Between two looks a second apart, the number of steps has grown, and is that of the rows.
    var last = 0
    for _ in 0..<Effort.sample(2, full: 20) {
      let seen = try place.sqlite3(
        """
        SELECT steps_done, (SELECT max(step) FROM steps), status,
          (julianday('now') - julianday(updated_at)) * 86400.0 < 1 FROM runs
        """
      ).split(separator: "|").map { $0.trimmingCharacters(in: .newlines) }
      let steps = try #require(Int(seen[0]))
      #expect(steps > last && seen[1] == seen[0] && seen[2] == "running" && seen[3] == "1", "\(seen)")
      last = steps
      Thread.sleep(forTimeInterval: 0.5)
    }
    program.send(SIGTERM)
    let began = Date()
    let outcome = program.wait()
    #expect(outcome.status == 143 && Date().timeIntervalSince(began) < (Effort.isTorture ? 1 : 4))
    let end = try place.sqlite3(
      """
      SELECT status, steps_done = (SELECT max(step) FROM steps), steps_done = (SELECT max(step) FROM checkpoints),
        ended_at = updated_at, last_step = steps_done FROM runs JOIN segments ON run_id = runs.id
      """)
    #expect(end == "interrupted|1|1|1|1\n")
  }

  @Test("stopped and continued again and again, a run ends with the bits of a run left alone")
  func stoppedAndContinued() throws {
    let campaign = Campaign("SIGSTOP and SIGCONT at random instants of a run")
    let place = try Workplace()
    try place.succeed("train --quiet --name run --store alone.db \(Self.fast)")
    var random = SeededRandom.announced("WatchfulnessTests")
    let program = try place.start(
      ["train", "--quiet", "--name", "run"] + Self.fast.split(separator: " ").map(String.init))
    var stops = 0
    while program.isRunning {
      Thread.sleep(forTimeInterval: .random(in: 0...0.15, using: &random))
      program.send(SIGSTOP)
      Thread.sleep(forTimeInterval: .random(in: 0...0.15, using: &random))
      if program.isStopped { stops += 1 }
      program.send(SIGCONT)
    }
    let outcome = program.wait()
    var faults = outcome.status == 0 ? "" : outcome.errors
    faults += try RunComparison(place: place, reference: "run", referenceStore: "alone.db").differences(of: "run")
    for stop in 1...max(1, stops) { campaign.fault("stop \(stop)", faults: stop == stops ? faults : "") }
    campaign.finish(atLeast: 2)
  }

  @Test("2,000,000 steps: memory and commits stay flat", .enabled(if: Effort.isTorture, "make torture"))
  func longRun() throws {
    let campaign = Campaign("A run of 2,000,000 steps: memory, heartbeats and the -wal, sampled")
    let place = try Workplace()
    let program = try place.start([
      "train", "--quiet", "--name", "run", "--steps", "2000000", "--checkpoint-every", "10000",
    ])
    try waitUntil("the run is there") { FileManager.default.fileExists(atPath: place.url("keepstep.db-wal").path) }
    let crowd = Crowd(in: place)
    try crowd.beginWatching()
    var memory: [Int] = []
    while program.isRunning {
      if let kilobytes = residentKilobytes(program.pid) { memory.append(kilobytes) }
      Thread.sleep(forTimeInterval: 0.1)
    }
    let beats = try crowd.endWatching()
    let outcome = program.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    // The first tenth is the start: buffers are touched for the first time.
    let settled = memory.dropFirst(memory.count / 10)
    let (early, late) = (settled.prefix(settled.count / 3).max() ?? 0, settled.suffix(settled.count / 3).max() ?? 0)
    var faults = late > early + 4096 ? "memory grew from \(early) to \(late) KiB\n" : ""
    if beats.gap > 1.5 { faults += "\(beats.gap) s between two commits\n" }
    if beats.largestWAL > 32 << 20 { faults += "the -wal grew to \(beats.largestWAL) bytes\n" }
    if memory.count < 20 { faults += "only \(memory.count) looks at its memory\n" }
    faults += try place.query("SELECT count(*), max(step) FROM steps") == ["2000000,2000000"] ? "" : "rows are missing"
    campaign.fault("2,000,000 steps", faults: faults)
    campaign.finish(
      atLeast: 1,
      note: "\(memory.count) samples; \(early / 1024) MiB early, \(late / 1024) MiB late; longest between commits "
        + "\(Int(beats.gap * 1000)) ms; -wal at most \(beats.largestWAL >> 20) MiB")
  }

  @Test("a store on a network file system is refused with the reason, unless somebody insists")
  func networkFileSystem() throws {
    let place = try Workplace()
    try place.succeed("train --quiet --steps 20 --name run")
    var environment = ["LD_PRELOAD": try Preload.fileSystem.get().path, "FILESYSTEM_MAGIC": "0x6969"]
    for line in ["train --steps 20", "resume run --steps 30", "runs", "check", "train --steps 20 --store new.db"] {
      try place.expect(
        Refusal(
          line, "lies on a network file system, NFS", "--allow-network-filesystem",
          "KEEPSTEP_ALLOW_NETWORK_FILESYSTEM=1", environment: environment))
    }
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])
    try place.succeed("resume run --quiet --steps 30 --allow-network-filesystem", environment: environment)
    environment["KEEPSTEP_ALLOW_NETWORK_FILESYSTEM"] = "1"
    try place.succeed("train --quiet --steps 20", environment: environment)
    try place.succeed("runs", environment: environment)
    environment["KEEPSTEP_ALLOW_NETWORK_FILESYSTEM"] = "0"
    #expect(try place.keepstep("runs", environment: environment).status == 1)
    environment["FILESYSTEM_MAGIC"] = "0xEF53"  // ext4
    try place.succeed("runs", environment: environment)
  }

  private func environment(_ jump: Jump, after milliseconds: Int) throws -> [String: String] {
    [
      "LD_PRELOAD": try Preload.clock.get().path, "CLOCK_AFTER": "\(milliseconds)",
      "CLOCK_REALTIME": "\(jump.realtime)", "CLOCK_MONOTONIC": "\(jump.monotonic)",
    ]
  }

  private func residentKilobytes(_ pid: pid_t) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
    else { return nil }
    return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }
}
