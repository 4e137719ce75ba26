import Foundation
import Testing

@Suite("Instruction sets")
struct InstructionSetTests {
  @Test("200 steps end in the same digests under each", arguments: ["", "--batch-size 5 --hidden-size 33"])
  func equalDigests(options: String) throws {
    let place = try Workplace()
    let sets = try place.instructionSets
    #expect(sets.contains("scalar"))
    for set in sets {
      try place.succeed("train --quiet --steps 200 --name \(set) \(options)", environment: ["KEEPSTEP_ISA": set])
    }
    #expect(try place.query("SELECT instruction_set FROM segments ORDER BY id") == sets)
    let comparison = RunComparison(place: place, reference: "scalar")
    for set in sets { expectNone(try comparison.differences(of: set), "\(set)") }
  }

  @Test("100 steps of each cell, deep and in both directions, end in the same digests", arguments: CellExample.all)
  func cells(cell: CellExample) throws {
    let place = try Workplace()
    let sets = try place.instructionSets
    let sizes = "--batch-size 3 --hidden-size 19 --window 7"
    for set in sets {
      try place.succeed(
        "train --quiet --steps 100 --name \(set) \(cell.options) \(CellExample.deep) \(cell.rule) \(sizes)",
        environment: ["KEEPSTEP_ISA": set])
    }
    #expect(try place.query("SELECT instruction_set FROM segments ORDER BY id") == sets)
    let comparison = RunComparison(place: place, reference: "scalar")
    for set in sets { expectNone(try comparison.differences(of: set), "\(cell.name), \(set)") }
  }

  @Test("a run that was stopped under one goes on under another")
  func changes() throws {
    let place = try Workplace()
    let sets = try place.instructionSets
    let options = "--batch-size 5 --hidden-size 33 --checkpoint-every 50"
    try place.succeed("train --quiet --steps \(100 * sets.count) --name alone \(options)")
    try place.succeed("train --quiet --steps 0 --name run \(options)")
    for (index, set) in sets.enumerated() {
      // From half way back in the record: what one set has recorded, the next one trains again and compares.
      let outcome = try place.succeed(
        "resume run@\(max(0, 100 * index - 50)) --steps \(100 * (index + 1))", environment: ["KEEPSTEP_ISA": set])
      if index > 0 { #expect(outcome.errors == "50 recorded steps trained again: equal to the bit\n") }
      try place.succeed("verify run", environment: ["KEEPSTEP_ISA": set])
    }
    expectNone(
      try RunComparison(place: place, reference: "alone").differences(of: "run", checkpoints: .last), "differences")
  }
}
