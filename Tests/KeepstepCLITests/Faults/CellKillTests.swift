import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Kill -9 of each cell")
struct CellKillTests {
  @Test(
    "killed under one instruction set and number of threads, it goes on under others, to the bits of a run left alone")
  func killed() throws {
    let campaign = Campaign("SIGKILL under one instruction set and number of threads, resumed under others")
    for round in 1...Effort.sample(1, full: 4) {
      for cell in CellExample.all {
        campaign.fault("\(cell.name), round \(round)", faults: try faultsOfKill(cell))
      }
    }
    campaign.finish(atLeast: CellExample.all.count)
  }

  /// - Returns: what is wrong after the kill and the resume; empty when nothing is.
  private func faultsOfKill(_ cell: CellExample) throws -> String {
    let place = try Workplace()
    let sets = try place.instructionSets
    let (fast, other) = (sets[sets.count - 1], sets[sets.count / 2])
    let options =
      "\(cell.options) \(CellExample.deep) \(cell.rule) --batch-size 17 --hidden-size 37 --checkpoint-every 7"
      + " --evaluate-every 5 --record-hidden-every 9 --quiet"

    // Long enough to be killed in its middle on any machine, and slow enough to have come not far.
    let program = try place.start(
      ("train --name run --threads 2 --steps 2000000000 " + options).split(separator: " ").map(String.init),
      environment: ["KEEPSTEP_ISA": "scalar"])
    try waitUntil("the run has a checkpoint of its own") {
      guard program.isRunning else { throw Missing("the training ended: \(program.wait().errors)") }
      let outcome = try place.keepstep(["query", "SELECT 1 FROM checkpoints WHERE step >= 7", "--format", "csv"])
      return outcome.status == 0 && outcome.lines.count > 1
    }
    program.send(SIGKILL)
    #expect(program.wait().status == -SIGKILL)
    let end = try #require(Int(try place.query("SELECT steps_done FROM runs")[0])) + 20

    try place.succeed("resume run --quiet --threads 3 --steps \(end)", environment: ["KEEPSTEP_ISA": fast])
    try place.succeed("train --name alone --threads 1 --steps \(end) \(options)", environment: ["KEEPSTEP_ISA": other])
    let comparison = RunComparison(place: place, reference: "alone")
    var faults = try comparison.differences(of: "run", checkpoints: .last)
    #expect(
      try place.query("SELECT instruction_set, threads FROM segments ORDER BY id")
        == ["scalar,2", "\(fast),3", "\(other),1"])

    let exact = try place.succeed("verify run --quiet --threads 8", environment: ["KEEPSTEP_ISA": other])
    if !exact.output.hasPrefix("exact: steps 1 to \(end): \(end) step rows, ") { faults += exact.output }
    try place.succeed("check")
    return faults
  }
}
