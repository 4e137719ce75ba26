import Foundation
import Testing

@Suite("Threads")
struct ThreadTests {
  @Test("100 steps of each cell end in the same digests where threads split the streams", arguments: CellExample.all)
  func streams(cell: CellExample) throws {
    try expectEqualBits(cell, "--batch-size 17 --hidden-size 37", threads: [1, 2, 3, 8])
  }

  @Test(
    "and where they split the hidden units, which a projection's are not",
    arguments: CellExample.all.filter { $0.projection == nil })
  func units(cell: CellExample) throws {
    try expectEqualBits(cell, "--batch-size 5 --hidden-size 130 --window 6", threads: [1, 2, 3])
  }

  @Test("eight threads split the units of wide layers")
  func wideLayers() throws {
    try expectEqualBits(CellExample.all[0], "--batch-size 3 --hidden-size 260", steps: 20, threads: [1, 8])
  }

  /// Trains under each number of threads; all of them are at work.
  private func expectEqualBits(_ cell: CellExample, _ sizes: String, steps: Int = 100, threads: [Int]) throws {
    let place = try Workplace()
    for count in threads {
      try place.succeed(
        "train --quiet --steps \(steps) --name t\(count) --threads \(count) \(cell.options) \(CellExample.deep)"
          + " \(cell.rule) \(sizes)")
    }
    #expect(try place.query("SELECT threads FROM segments ORDER BY id") == threads.map { "\($0)" })
    let comparison = RunComparison(place: place, reference: "t1")
    for count in threads.dropFirst() {
      expectNone(try comparison.differences(of: "t\(count)"), "\(cell.name), \(count) threads")
    }
  }

  @Test("no thread is woken for a small network, nor above what its streams can use")
  func smallNetworks() throws {
    let place = try Workplace()
    try place.succeed("train --steps 5 --threads 8")
    try place.succeed("train --steps 5 --threads 8 --cell lstm --num-layers 2 --bidirectional")
    try place.succeed("train --steps 5 --threads 8 --cell gru --batch-size 15 --hidden-size 70")
    #expect(try place.query("SELECT DISTINCT threads FROM segments") == ["1"])
  }

  @Test("by default as many as the process may use cores")
  func cores() throws {
    let place = try Workplace()
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let train = "train --quiet --steps 3 --cell gru --hidden-size 70 --batch-size \(max(20, 2 * cores))"
    try place.succeed(train)
    let onOneCore = try place.run(
      "taskset", package: "util-linux",
      ["--cpu-list", try Self.firstCore(), try Binary.keepstep.path] + train.split(separator: " ").map(String.init))
    #expect(onOneCore.status == 0, "\(onOneCore.errors)")
    #expect(try place.query("SELECT threads FROM segments ORDER BY id") == ["\(cores)", "1"])
  }

  /// The number of a core that this process may use.
  private static func firstCore() throws -> String {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    return String(try #require(status.firstMatch(of: /Cpus_allowed_list:\s*(\d+)/)).1)
  }
}
