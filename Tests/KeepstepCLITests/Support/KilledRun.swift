import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A run of some kind, long enough to be killed in its middle several times.
struct KilledRun {
  let run: FaultedRun
  private let kind: TrainingKind

  /// Of a run's life, how much passes at most between two kills. Less and it would hardly come further; more and few kills
  /// would meet its beginning.
  private static let share = 0.2
  /// Seconds of training that it should take.
  private static let wanted = 0.4

  /// Trains some steps to see how many it needs to last, and then the run left alone.
  init(_ kind: TrainingKind) throws {
    self.kind = kind
    let steps = try Self.steps(of: kind)
    let interval = max(1, steps / 12)
    run = try FaultedRun(
      kind.options + ["--steps", "\(steps)", "--checkpoint-every", "\(interval)", "--keep", "4"],
      prepare: TrainingKind.writeData)
    try run.beginAnew()
  }

  private static func steps(of kind: TrainingKind) throws -> Int {
    let place = try Workplace()
    try TrainingKind.writeData(to: place)
    let probe = 40
    try place.succeed("train --quiet --steps \(probe) " + kind.options.joined(separator: " "))
    let seconds = Double(try place.query("SELECT max(train_seconds) FROM steps")[0]) ?? 0
    return min(5000, max(100, Int(wanted / max(seconds / Double(probe), 1e-6))))
  }

  /// What became of it.
  struct Tally {
    /// How many kills left recorded steps to go on from.
    var inMiddle = 0
    /// How many times it came to its end.
    var ends = 0

    static func += (sum: inout Tally, more: Tally) {
      sum.inMiddle += more.inMiddle
      sum.ends += more.ends
    }

    var description: String { "\(inMiddle) kills with steps to go on from, \(ends) runs that came to their end" }
  }

  /// Kills it at random instants, lets it go on each time, and once to its end after the last.
  ///
  /// - Parameter company: others in the store; without them the store is made anew with each run.
  func kill(
    _ kills: Int, _ campaign: Campaign, _ random: inout SeededRandom, beside company: Company? = nil
  ) throws -> Tally {
    var killed = 0
    var tally = Tally()
    while killed < kills || tally.ends == 0 {
      let program = try run.startOrResume()
      let pause = Double.random(in: 0...run.secondsAlone * Self.share, using: &random)
      if killed < kills {
        Thread.sleep(forTimeInterval: pause)
        program.send(SIGKILL)
      }
      let outcome = program.wait()
      let what = "\(kind.testDescription), kill \(killed) after \(pause) s"
      if outcome.status == -SIGKILL {
        killed += 1
        campaign.fault(what, faults: try faultsOfKill(company))
        if try run.recordedSteps() > 0 { tally.inMiddle += 1 }
        continue
      }
      try #require(outcome.status == 0, "after \(what): \(outcome.errors)")
      campaign.later(what, faults: try run.differences() + (company == nil ? run.residue() : ""))
      tally.ends += 1
      try beginAgain(company, tally.ends)
    }
    return tally
  }

  private func faultsOfKill(_ company: Company?) throws -> String {
    guard let company else { return try run.faultsOfRemains() }
    return try company.faultsOfLoss() + run.faultsSoFar()
  }

  /// Every other time the next run has to make its store.
  private func beginAgain(_ company: Company?, _ ends: Int) throws {
    if company != nil {
      try run.place.succeed("rm run --yes")
    } else if ends % 2 == 1 {
      run.removeStore()
    } else {
      try run.beginAnew()
    }
  }
}
