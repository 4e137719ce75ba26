import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Several processes on one store", .serialized)
struct CrowdTests {
  @Test("eight trainers and a reader that never rests")
  func trainers() throws {
    let place = try Workplace()
    try place.succeed("train --quiet --name alone --steps 3000 --checkpoint-every 200")
    let trainers = try (1...8).map { index in
      try place.start(["train", "--quiet", "--steps", "3000", "--checkpoint-every", "200", "--name", "run\(index)"])
    }
    var looks = 0
    while trainers.contains(where: \.isRunning) {
      // What a reader sees is complete at every instant: no gap, no checkpoint without its tensors.
      let seen = try place.query(
        """
        SELECT (SELECT count(*) FROM runs WHERE steps_done != (SELECT count(*) FROM steps WHERE run_id = id)),
          (SELECT count(*) FROM checkpoints WHERE 16 != (SELECT count(*) FROM tensors WHERE checkpoint_id = id))
        """)
      #expect(seen == ["0,0"])
      looks += 1
    }
    #expect(looks > 0)
    for trainer in trainers {
      let outcome = trainer.wait()
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    try place.succeed("check")
    let comparison = RunComparison(place: place, reference: "alone")
    for index in 1...8 { expectNone(try comparison.differences(of: "run\(index)"), "differences") }
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])
  }

  @Test("thirty-two processes create the same new store at once")
  func creators() throws {
    let campaign = Campaign("32 processes creating the same new store at once")
    for round in 1...Effort.sample(1, full: 10) {
      let place = try Workplace()
      let trainers = try (1...32).map { _ in try place.start(["train", "--quiet", "--steps", "20"]) }
      var faults = ""
      for trainer in trainers {
        let outcome = trainer.wait()
        if outcome.status != 0 { faults += "a trainer ended with \(outcome.status): \(outcome.errors)" }
      }
      let runs = try place.query("SELECT id || name || status FROM runs ORDER BY id")
      if runs != (1...32).map({ "\($0)run-\($0)finished" }) { faults += "the runs are \(runs)\n" }
      let digests = try place.query("SELECT count(DISTINCT digest) FROM checkpoints WHERE step = 20")
      if digests != ["1"] { faults += "they ended with \(digests) weights\n" }
      faults += try checkFaults(place)
      campaign.fault("round \(round)", faults: faults)
    }
    campaign.finish(atLeast: 1)
  }

  /// Seconds that the long reader keeps its transaction open.
  private static let seconds = Effort.isTorture ? 60.0 : 2.0
  private static let count = Effort.isTorture ? 16 : 5
  /// Seconds of waiting for a lock, without a heartbeat, and of a look from outside that count as starving; the fast sample
  /// shares its cores with all tests.
  private static let patience = Effort.isTorture ? 3.0 : 10.0
  /// What the -wal may have in quiet times: 16 MiB, and a commit.
  private static let walLimit = 20 << 20

  @Test("trainers, four readers, one of them in one transaction, and a check: none fails, starves or waits")
  func crowd() throws {
    try meet(
      "\(Self.count) trainers of one store, 4 readers, one of them in one transaction, and a check", kills: false)
  }

  @Test("the same, with one of the trainers killed each second and resumed")
  func crowdWithKills() throws {
    try meet("The same crowd, with one of the trainers killed each second and resumed", kills: true)
  }

  private func meet(_ title: String, kills: Bool) throws {
    let campaign = Campaign(title)
    var random = SeededRandom.announced("CrowdTests")
    let place = try Workplace()
    let options = try Self.options(place)
    let names = (1...Self.count).map { "run\($0)" }
    let crowd = Crowd(in: place, names: names, options: options)
    // There is a store before its readers come.
    try place.succeed("train --quiet --steps 20 --name first")
    let began = Date()
    try crowd.beginTraining()
    try crowd.beginWatching()
    try crowd.beginTransaction()
    let check = try place.start(["check"])
    var nextKill = 1.0
    while crowd.isTraining, Date().timeIntervalSince(began) < Self.seconds {
      try crowd.read(by: 3)
      if kills, Date().timeIntervalSince(began) > nextKill {
        nextKill += Effort.isTorture ? 1 : 0.4
        try crowd.killOne(using: &random)
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
    let (grown, shrinkSeconds) = try endTransaction(of: crowd)
    var faults = crowd.walBytes > Self.walLimit ? "the -wal still has \(crowd.walBytes) bytes\n" : ""
    // Of readers that may only read the last one leaves the -wal behind: the watcher goes before the trainers.
    let ended = Date()
    while crowd.isTraining, Date().timeIntervalSince(ended) < Self.seconds / 10 { Thread.sleep(forTimeInterval: 0.05) }
    let beats = try crowd.endWatching()
    if !crowd.isTraining { faults += "the trainers ended too early to say anything\n" }
    crowd.endReading()
    crowd.endTraining()
    let outcome = check.wait()
    if outcome.status != 0 { faults += "the check: \(outcome.output)\(outcome.errors)" }
    let wait = try #require(try crowd.longestWait)
    if wait > Self.patience { faults += "a trainer waited for a lock for \(wait) s\n" }
    // A run that was killed has no heartbeat until it is resumed.
    if !kills, beats.gap > Self.patience { faults += "a run had no heartbeat for \(beats.gap) s\n" }
    if beats.look > Self.patience { faults += "a look from outside took \(beats.look) s\n" }
    faults += try crowd.faults + checkFaults(place)
    let files = try place.files.filter { $0.hasPrefix("keepstep.db") }
    if files != ["keepstep.db", "keepstep.db-lock"] { faults += "left behind: \(files)\n" }
    campaign.fault("the store and its crowd", faults: faults)
    let comparison = RunComparison(place: place, reference: "alone", referenceStore: "alone.db")
    for name in names {
      campaign.fault(name, faults: try comparison.differences(of: name, checkpoints: kills ? .last : .all))
    }
    func short(_ value: Double) -> String { String(format: "%.1f s", value) }
    let killNote = kills ? "\(crowd.kills) kills; " : "longest between two heartbeats \(short(beats.gap)); "
    campaign.finish(
      atLeast: Self.count,
      note:
        "longest wait for a lock \(short(wait)); \(killNote)longest look from outside \(short(beats.look)); -wal \(grown >> 20) MiB when the long reader ended, "
        + "\(short(shrinkSeconds)) later below \(Self.walLimit >> 20) MiB; \(crowd.reads) commands that read")
    if kills { #expect(crowd.kills >= Int(Self.seconds / 3)) }
  }

  /// Ends the long reader while the trainers go on: what it made the -wal grow to is given back.
  ///
  /// - Returns: the -wal's size before, and the seconds that it took.
  private func endTransaction(of crowd: Crowd) throws -> (bytes: Int, seconds: Double) {
    let bytes = crowd.walBytes
    try crowd.endTransaction()
    let ended = Date()
    while crowd.isTraining, crowd.walBytes > Self.walLimit, Date().timeIntervalSince(ended) < 10 { usleep(20_000) }
    return (bytes, Date().timeIntervalSince(ended))
  }

  /// What each trainer gets, so that all are still at work when the long reader ends; trains the run `alone` in `alone.db`
  /// with it.
  private static func options(_ place: Workplace) throws -> [String] {
    func options(_ steps: Int) -> [String] {
      [
        "--steps", "\(steps)", "--checkpoint-every", "\(max(1, steps / 40))", "--keep", "3", "--hidden-size", "24",
        "--window", "120",
      ]
    }
    func seconds(_ steps: Int, _ store: String) throws -> Double {
      let began = Date()
      let outcome = try place.keepstep(["train", "--quiet", "--name", "alone", "--store", store] + options(steps))
      try #require(outcome.status == 0, "\(outcome.errors)")
      return Date().timeIntervalSince(began)
    }
    let probe = 4000
    let rate = Double(probe) / (try seconds(probe, "probe.db"))
    let share = min(1, Double(ProcessInfo.processInfo.activeProcessorCount) / Double(Self.count))
    let steps = max(2000, Int(rate * 1.8 * Self.seconds * share))
    _ = try seconds(steps, "alone.db")
    return options(steps)
  }

  private func checkFaults(_ place: Workplace) throws -> String {
    let check = try place.keepstep(["check"])
    return check.status == 0 ? "" : check.output + check.errors
  }
}
