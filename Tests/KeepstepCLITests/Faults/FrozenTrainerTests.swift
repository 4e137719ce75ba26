import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A trainer that stands still (SIGSTOP, a debugger, a paused machine) keeps its run, also with the store lock in its hand,
/// and disturbs nobody who only looks.
@Suite("A frozen trainer", .serialized, .enabled(if: Fault.isSupported))
struct FrozenTrainerTests {
  /// Long windows make a step slow enough for commits to come in the run's middle.
  private static let options = [
    "--steps", "40", "--checkpoint-every", "10", "--hidden-size", "3", "--window", "6000", "--quiet",
  ]
  private static let train = ["train", "--name", "run"] + options
  private static let resume = ["resume", "run", "--quiet"]
  private static let calls = Fault.writingCalls + Fault.lockingCalls
  /// Seconds within which a refusal or an answer counts as one at once; the fast sample shares its cores with all tests.
  private static let atOnce = Effort.isTorture ? 1.0 : 4.0

  @Test("frozen at each call and lock of a training: a second trainer is refused at once, and readers read")
  func frozenTraining() throws {
    let campaign = Campaign("SIGSTOP at every storage call and lock of a training, then a second trainer and readers")
    let place = try Workplace()
    try alone(place)
    try sweep(place, Self.train, samples: 6, campaign) { removeStore(place) }
    campaign.finish(atLeast: 5, note: "the second answered within \(Self.atOnce) s")
  }

  @Test("frozen at each call and lock of a resume")
  func frozenResume() throws {
    let campaign = Campaign("SIGSTOP at every storage call and lock of a resume, then a second trainer and readers")
    let place = try Workplace()
    try alone(place)
    try place.succeed("train --name run --steps 20 --checkpoint-every 10 --hidden-size 3 --window 6000 --quiet")
    // A run killed in its middle.
    let fault = try Fault(calls: ["fdatasync"], at: 1).environment(in: place)
    let killed = try place.keepstep(Self.resume + ["--steps", "40"], environment: fault)
    try #require(killed.status == -SIGKILL)
    try copyStore(place, from: "keepstep.db", to: "half.db")
    try sweep(place, Self.resume + ["--steps", "40"], samples: 5, campaign) {
      try copyStore(place, from: "half.db", to: "keepstep.db")
    }
    campaign.finish(atLeast: 4, note: "the second answered within \(Self.atOnce) s")
  }

  @Test("a second trainer that comes at any instant of the first one's life is refused at once")
  func secondAtAnyInstant() throws {
    let campaign = Campaign("A second trainer on a run, at instants of the first one's life")
    let place = try Workplace()
    let began = Date()
    try alone(place)
    let life = Date().timeIntervalSince(began)
    let count = Effort.sample(6, full: 200)
    var refused = 0
    for index in 0..<count {
      removeStore(place)
      let first = try place.start(Self.train)
      Thread.sleep(forTimeInterval: 1.1 * life * Double(index) / Double(count))
      let answer = try second(place, to: first)
      let outcome = first.wait()
      var faults =
        answer.faults + (outcome.status == 0 ? "" : "the first ended with \(outcome.status): \(outcome.errors)")
      faults += try differences(place)
      if answer.kind == .held { refused += 1 }
      campaign.fault("instant \(index) of \(count)", faults: faults)
    }
    #expect(refused >= count / 10)
    campaign.finish(atLeast: count, note: "\(refused) met the first one training")
  }

  // MARK: - One frozen trainer

  private func sweep(
    _ place: Workplace, _ command: [String], samples: Int, _ campaign: Campaign, prepare: () throws -> Void
  ) throws {
    try prepare()
    let log = place.url("calls.log")
    let counting = try place.keepstep(
      command, environment: try Fault(calls: Self.calls, at: 0, log: log).environment(in: place))
    try #require(counting.status == 0, "\(counting.errors)")
    let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    let count = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    for n in stride(from: 1, through: count, by: Effort.isTorture ? 1 : max(1, count / samples)) {
      try prepare()
      let fault = try Fault(calls: Self.calls, at: n, action: .freeze).environment(in: place)
      let first = try place.start(command, environment: fault)
      try waitUntil("the trainer stands still or ends") { first.isStopped || !first.isRunning }
      guard first.isStopped else { continue }  // it made fewer calls this time
      campaign.fault("call \(n) of \(count)", faults: try faults(place, first))
    }
  }

  /// What is wrong while `first` is frozen, and after it went on.
  private func faults(_ place: Workplace, _ first: RunningProgram) throws -> String {
    let answer = try second(place, to: first)
    var faults = answer.faults
    for words in [["runs"], ["show", "run"], ["query", "SELECT count(*) FROM steps"]] {
      let (outcome, seconds) = try timed(place, words)
      if seconds > Self.atOnce { faults += "\(words[0]) took \(seconds) s\n" }
      if outcome.status != 0, answer.kind != .absent, answer.kind != .kept {
        faults += "\(words[0]): \(outcome.errors)"
      }
    }
    first.send(SIGCONT)
    let outcome = first.wait()
    // A resume that was frozen before it claimed the run may find that the second has finished it.
    if outcome.status != 0, answer.kind != .trained {
      faults += "the first ended with \(outcome.status): \(outcome.errors)"
    }
    return faults + (try differences(place))
  }

  /// What a second trainer was told.
  private enum Answer {
    case held, absent, finished, trained, other
    /// The first one stands where SQLite lets nobody else in; the second is told so, and which process that is.
    case kept
  }

  private func second(_ place: Workplace, to first: RunningProgram) throws -> (kind: Answer, faults: String) {
    let (outcome, seconds) = try timed(place, Self.resume + ["--steps", "40"])
    let kind: Answer
    if outcome.status == 1, outcome.errors.contains("is held by") {
      kind = .held
    } else if outcome.status == 1, outcome.errors.contains("process \(first.pid) was stopped in a moment") {
      kind = .kept
    } else if outcome.status == 1, Self.absences.contains(where: { outcome.errors.contains($0) }) {
      kind = .absent
    } else if outcome.status == 0 {
      kind = outcome.output.contains("nothing to do") ? .finished : .trained
    } else {
      kind = .other
    }
    var faults = kind == .other ? "the second: \(outcome.status) \(outcome.errors)" : ""
    if kind != .trained, seconds > Self.atOnce { faults += "the second was answered after \(seconds) s: \(kind)\n" }
    return (kind, faults)
  }

  private static let absences = ["there is no store", "is empty, not a store", "there is no run \"run\""]

  private func timed(_ place: Workplace, _ words: [String]) throws -> (Outcome, Double) {
    let began = Date()
    let program = try place.start(words)
    let deadline = began.addingTimeInterval(20)
    while program.isRunning, Date() < deadline { usleep(5_000) }
    let isLate = program.isRunning
    program.send(SIGKILL)
    var outcome = program.wait()
    if isLate { outcome.errors += "killed after 20 s\n" }
    return (outcome, Date().timeIntervalSince(began))
  }

  // MARK: - The stores

  private func alone(_ place: Workplace) throws {
    let outcome = try place.keepstep(["train", "--name", "run", "--store", "alone.db"] + Self.options)
    try #require(outcome.status == 0, "\(outcome.errors)")
  }

  private func differences(_ place: Workplace) throws -> String {
    let comparison = RunComparison(place: place, reference: "run", referenceStore: "alone.db")
    return try comparison.differences(of: "run", checkpoints: .last)
  }

  private func removeStore(_ place: Workplace) {
    for suffix in Self.suffixes { try? FileManager.default.removeItem(at: place.url("keepstep.db" + suffix)) }
  }

  private static let suffixes = ["", "-wal", "-shm", "-lock"]

  private func copyStore(_ place: Workplace, from: String, to: String) throws {
    for suffix in Self.suffixes {
      try? FileManager.default.removeItem(at: place.url(to + suffix))
      let file = place.url(from + suffix)
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      try FileManager.default.copyItem(at: file, to: place.url(to + suffix))
    }
  }
}
