import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The disk is full in the middle of a training: it says so and ends with status 1, what was committed stays, and when there
/// is room again the run ends with the bits of a run left alone.
@Suite("A full disk", .enabled(if: Fault.isSupported))
struct FullDiskTests {
  private static let options = [
    "--steps", "60", "--checkpoint-every", "3", "--keep", "all", "--hidden-size", "24", "--window", "600",
    "--record-hidden-every", "3",
  ]
  private static var train: [String] { ["train", "--quiet", "--name", "run"] + options }

  @Test(
    "a small file system of 40 sizes, and one that others fill", .enabled(if: TemporaryDisk.isPermitted, "needs root"))
  func smallDisk() throws {
    let place = try Self.placeWithReference()
    let need = try Self.need(place)
    let campaign = Campaign("a full disk: a small file system")
    var random = SeededRandom.announced("FullDiskTests")
    var refusals = 0
    let sizes = Self.sizes(need, using: &random)
    for (index, size) in sizes.enumerated() {
      let disk = try TemporaryDisk(at: place.url("disk"), bytes: size)
      defer { disk.unmount() }
      let outcome = try Self.outcome(in: place, filling: index % 2 == 1 ? disk : nil, using: &random)
      if outcome.status != 0 { refusals += 1 }
      try disk.makeRoom()
      campaign.fault("\(size) bytes", faults: try Self.faults(after: outcome, in: place, store: "disk/keepstep.db"))
    }
    campaign.finish(atLeast: sizes.count, note: "\(refusals) of them ended the training")
    #expect(refusals * 3 > sizes.count)
  }

  @Test("a limit on the size of files, 40 of them")
  func sizeLimit() throws {
    let place = try Self.placeWithReference()
    let need = try Self.need(place)
    let campaign = Campaign("a full disk: a limit on files")
    var random = SeededRandom.announced("FullDiskTests")
    var refusals = 0
    let sizes = Self.sizes(need, using: &random)
    let keepstep = try Binary.keepstep.path
    for size in sizes {
      for name in try place.files where name.hasPrefix("keepstep.db") {
        try FileManager.default.removeItem(at: place.url(name))
      }
      let outcome = try place.run("prlimit", package: "util-linux", ["--fsize=\(size)", keepstep] + Self.train)
      if outcome.status != 0 { refusals += 1 }
      campaign.fault("\(size) bytes", faults: try Self.faults(after: outcome, in: place, store: "keepstep.db"))
    }
    campaign.finish(atLeast: sizes.count, note: "\(refusals) of them ended the training")
    #expect(refusals * 3 > sizes.count)
  }

  /// Spread over what the training needs, and a little more.
  private static func sizes(_ need: Int, using random: inout SeededRandom) -> [Int] {
    let count = Effort.isTorture ? 40 : 4
    return (0..<count).map { index in
      Int((Double(index) + .random(in: 0..<1, using: &random)) / Double(count) * Double(need) * 1.25) / 4096 * 4096
        + 4096
    }
  }

  /// A folder with the run in `alone.db`, left alone.
  private static func placeWithReference() throws -> Workplace {
    let place = try Workplace()
    let alone = try place.keepstep(train + ["--store", "alone.db"])
    try #require(alone.status == 0, "\(alone.errors)")
    return place
  }

  /// What the training takes of a disk at most: nearly all of it is in the -wal and in the database at its end.
  private static func need(_ place: Workplace) throws -> Int { 2 * (try place.data("alone.db").count) }

  /// Trains in the folder `disk`, while at a random moment somebody fills what is left of it.
  private static func outcome(
    in place: Workplace, filling disk: TemporaryDisk?, using random: inout SeededRandom
  ) throws -> Outcome {
    let program = try place.start(train + ["--store", "disk/keepstep.db"])
    if let disk {
      Thread.sleep(forTimeInterval: .random(in: 0...0.5, using: &random))
      disk.fill()
    }
    return program.wait()
  }

  /// What is wrong after a training that may have met the limit: with its words, with what it left, or with its resume.
  private static func faults(after outcome: Outcome, in place: Workplace, store: String) throws -> String {
    var faults = ""
    if outcome.status != 0 {
      let isClear = outcome.status == 1 && outcome.output == "" && outcome.errors.hasPrefix("error: ")
      if !isClear { faults += "it ended with \(outcome.status): \(outcome.errors)\n" }
    }
    let comparison = RunComparison(place: place, reference: "run", referenceStore: "alone.db")
    let check = try place.keepstep(["check", "--store", store])
    let hasStore = !check.errors.contains("there is no store") && !check.errors.contains("is empty, not a store")
    if hasStore, check.status != 0 { faults += "check: \(check.output)\(check.errors)\n" }
    var end = try place.keepstep(["resume", "run", "--quiet", "--store", store])
    if !hasStore || end.errors.contains("there is no run") { end = try place.keepstep(train + ["--store", store]) }
    guard end.status == 0 else { return faults + "it cannot go on: \(end.errors)" }
    faults += try comparison.differences(of: "run", store: store, checkpoints: .allButOutdone)
    let last = try place.keepstep(["check", "--store", store])
    return last.status == 0 ? faults : faults + "check at the end: \(last.output)\(last.errors)"
  }
}
