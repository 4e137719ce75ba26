import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The power goes at any point of a training: what was acknowledged is there, and the run goes on to the same bits.
///
/// Acknowledged is what the library has said is written: what a process sees when the store lock is given back. Of all
/// else there is nothing, or any part; see `PowerCutDisk`.
@Suite("Power cuts", .enabled(if: Fault.isSupported))
struct PowerCutTests {
  /// Long windows make a step slow enough for commits to come in the run's middle. All checkpoints stay, so that each
  /// that was acknowledged can be asked for.
  private static func run(_ name: String, seed: Int) -> PowerCutScene.Run {
    PowerCutScene.Run(
      name: name,
      options: [
        "--steps", "40", "--checkpoint-every", "5", "--keep", "all", "--hidden-size", "3", "--window", "3000",
        "--record-hidden-every", "20", "--seed", "\(seed)",
      ])
  }

  @Test("at every point of a training in a new store")
  func training() throws {
    let run = Self.run("run", seed: 1)
    let scene = try PowerCutScene([run])
    try cut(scene, try scene.record([run.train]), "power cut in a training")
  }

  @Test("at every point of a resume, which begins with a -wal to recover")
  func resume() throws {
    let run = Self.run("run", seed: 1)
    let scene = try PowerCutScene([run])
    try scene.begin(with: run.train, killedBy: Fault(calls: ["fdatasync"], at: 11))
    try cut(scene, try scene.record([run.resume]), "power cut in a resume")
  }

  @Test("at every point of two trainings into one store")
  func twoTrainers() throws {
    let runs = [Self.run("one", seed: 1), Self.run("two", seed: 2)]
    let scene = try PowerCutScene(runs)
    try cut(scene, try scene.record(runs.map(\.train)), "power cut in two trainings into one store")
  }

  @Test("the journal of a store's making whose removal did not reach the disk, beside a -wal that did")
  func hotJournal() throws {
    let place = try Workplace()
    let train = Self.run("run", seed: 1).train
    let outcome = try place.keepstep(train, environment: try Fault(calls: ["unlink"], at: 1).environment(in: place))
    #expect(outcome.status == -SIGKILL)
    #expect(try place.files.contains("keepstep.db-journal"))
    try place.write("", to: "keepstep.db-wal")
    for line in ["check", "resume run", "runs"] {
      let refused = try place.keepstep(line)
      #expect(refused.status == 1 && refused.errors.contains("is empty, not a store"), "\(line): \(refused.errors)")
    }
    #expect(try place.keepstep(train).status == 0)
    try place.succeed("check")
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])
  }

  @Test(
    "the first page of a store that did not reach the disk, beside the journal that did", arguments: [512, 3584, 4096])
  func tornFirstPage(size: Int) throws {
    let place = try Workplace()
    let train = Self.run("run", seed: 1).train
    let outcome = try place.keepstep(train, environment: try Fault(calls: ["unlink"], at: 1).environment(in: place))
    #expect(outcome.status == -SIGKILL)
    try Data(count: size).write(to: place.url("keepstep.db"))
    for line in ["check", "resume run", "runs"] {
      let refused = try place.keepstep(line)
      #expect(refused.status == 1 && refused.errors.contains("is empty, not a store"), "\(line): \(refused.errors)")
    }
    #expect(try place.keepstep(train).status == 0)
    try place.succeed("check")
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])
  }

  @Test("a file that is no database is not one because something is called its journal")
  func foreignJournal() throws {
    let place = try Workplace()
    try place.write("my notes", to: "keepstep.db")
    for journal in ["", String(repeating: "j", count: 600)] {
      try place.write(journal, to: "keepstep.db-journal")
      let refused = try place.keepstep("train --steps 1")
      #expect(refused.status == 1 && refused.errors.contains("is not a SQLite database"), "\(refused.errors)")
      #expect(try place.data("keepstep.db") == Data("my notes".utf8))
    }
  }

  /// How often the power goes in each of the three tests, by each of the two modes.
  private static let cuts = Effort.isTorture ? 170 : 3

  private func cut(_ scene: PowerCutScene, _ events: [PowerCutEvent], _ name: String) throws {
    var random = SeededRandom.announced("PowerCutTests")
    let campaign = Campaign(name)
    var disk = scene.disk
    var acknowledged = try scene.acknowledged(disk.remains(.kept, using: &random))
    var distinct: Set<Int> = []
    let points = Self.points(events.count, using: &random)
    for (index, event) in zip(1..., events) {
      disk.apply(event)
      if case .acknowledged = event { acknowledged = try scene.acknowledged(disk.remains(.kept, using: &random)) }
      for mode in points[index] ?? [] {
        distinct.insert(index)
        let remains = disk.remains(mode, using: &random)
        let faults = try scene.faults(of: remains, acknowledged: acknowledged)
        campaign.fault("event \(index) of \(events.count) (\(mode))", faults: faults)
      }
    }
    campaign.finish(
      atLeast: 2 * Self.cuts, note: "at \(distinct.count) of \(events.count) points, half of them with torn leftovers")
  }

  /// The points at which the power goes, each with its modes: spread evenly, from a random one on.
  private static func points(
    _ count: Int, using random: inout SeededRandom
  ) -> [Int: [PowerCutDisk.Unsynced]] {
    var points: [Int: [PowerCutDisk.Unsynced]] = [:]
    for mode in [PowerCutDisk.Unsynced.lost, .partly] {
      let offset = Double.random(in: 0..<1, using: &random)
      for cut in 0..<cuts {
        let point = Int((Double(cut) + offset) / Double(cuts) * Double(count)) + 1
        points[point, default: []].append(mode)
      }
    }
    return points
  }
}
