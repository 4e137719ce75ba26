import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Runs of all kinds that are killed at random instants, from the start of their process on, end with the bits of runs
/// that were not.
@Suite("Kill -9 at random instants")
struct KillTests {
  private static let killsOfEach = Effort.sample(5, full: 20)

  @Test("a run that was killed again and again ends with the bits of a run left alone", arguments: [0, 1])
  func alone(half: Int) throws {
    let kinds = Effort.sample(2, full: 20)
    let campaign = Campaign("SIGKILL at random instants, kinds \(half * kinds + 1) to \((half + 1) * kinds)")
    var random = SeededRandom.announced("KillTests")
    var tally = KilledRun.Tally()
    for number in 1...kinds {
      let victim = try KilledRun(TrainingKind(half * kinds + number, .slow))
      tally += try victim.kill(Self.killsOfEach, campaign, &random)
    }
    // Kills before the first commit alone would prove little; a sample may be unlucky.
    #expect(!Effort.isTorture || tally.inMiddle > kinds)
    campaign.finish(atLeast: kinds * Self.killsOfEach, note: "\(kinds) kinds of training, \(tally.description)")
  }

  @Test("and so it does among readers and a second trainer in the store, of which none takes harm")
  func inCompany() throws {
    let kinds = Effort.sample(1, full: 10)
    let campaign = Campaign("SIGKILL at random instants, beside readers and a second trainer")
    var random = SeededRandom.announced("KillTests in company")
    var tally = KilledRun.Tally()
    var looks = 0
    for number in 1...kinds {
      let victim = try KilledRun(TrainingKind(100 + number, .slow))
      let company = try Company(victim.run.place)
      tally += try victim.kill(Self.killsOfEach, campaign, &random, beside: company)
      looks += company.looks
      campaign.later("kind \(number), the company", faults: try company.leave())
    }
    campaign.finish(
      atLeast: kinds * Self.killsOfEach,
      note: "\(kinds) kinds of training, \(tally.description), \(looks) reads by runs, query and sqlite3")
  }
}
