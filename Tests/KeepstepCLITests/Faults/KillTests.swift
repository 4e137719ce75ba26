import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A run that is killed at random instants, from the start of its process on, ends with the bits of one that was not.
@Suite("Kill -9 at random instants")
struct KillTests {
  /// Of a run's life, how much passes at most between two kills. Less and it would hardly come further; more and
  /// few kills would meet its beginning.
  private static let share = 0.125

  @Test("a run that was killed again and again ends with the bits of a run left alone")
  func randomKills() throws {
    let began = Date()
    let run = try FaultedRun(["--steps", "120000", "--batch-size", "3", "--keep", "4"])
    let life = Date().timeIntervalSince(began)
    var random = SeededRandom.announced("KillTests")
    var kills = 0
    var ends = 0
    while kills < Effort.kills || ends == 0 {
      let program = try run.startOrResume()
      // After the last kill the run may end.
      if kills < Effort.kills {
        Thread.sleep(forTimeInterval: .random(in: 0...life * Self.share, using: &random))
        program.send(SIGKILL)
      }
      let outcome = program.wait()
      if outcome.status == -SIGKILL {
        kills += 1
        expectNone(try run.faultsOfRemains(), "after kill \(kills)")
      } else {
        try #require(outcome.status == 0, "after kill \(kills): \(outcome.errors)")
        expectNone(try run.differences(), "after kill \(kills)")
        ends += 1
        run.removeStore()
      }
    }
    print("KillTests: \(kills) kills, \(ends) finished runs of \(Int(life * 1000)) ms")
  }
}
