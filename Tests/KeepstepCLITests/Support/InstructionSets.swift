import Foundation
import Testing

extension Workplace {
  /// The instruction sets of this machine, the slowest first, as the refusal of an unknown one lists them.
  var instructionSets: [String] {
    get throws {
      let outcome = try keepstep("train", environment: ["KEEPSTEP_ISA": "none"])
      let list = try #require(outcome.errors.firstMatch(of: /this machine has ([a-z0-9, ]+)/))
      return list.1.split(separator: ", ").map(String.init)
    }
  }
}
