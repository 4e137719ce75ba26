import ConfigurationFiles
import Foundation
import Testing

@Suite("Hostile configuration files")
struct HostileConfigurationTests {
  private static let samples = [
    "# run 1\ndata: flow.csv\ninputs: [flow, \"ra in\"]\ntargets:\n  - flow\nhidden-size: 64\nno-bias: true\n",
    "{\"steps\": 3, \"inputs\": [\"a\", 'b'], ? c : d}\n", "a: |\n  one\n  two\nb: >-\n  x\n",
    "%YAML 1.1\n---\na: !!int 5\n...\n",
    "a: \"\\x00\\u00e9\\U0001f327\\n\"\nb: 'it''s'\nc: R&D a*b\n",
  ]

  /// Signs that mean something to YAML, and bytes that are no text.
  private static let pieces: [[UInt8]] =
    "\n|\t| |: |- |? |[|]|{|}|,|\"|'|#|&a|*a|!|!!|>|%|@|`|\\|\\x|---|...|<<|~|\r|\u{85}|\u{2028}|\u{FEFF}|\u{0}".split(
      separator: "|"
    )
    .map { Array($0.utf8) } + [[0xFF], [0xC3], [0x80], Array("|".utf8)]

  @Test("mutated ones are refused by an error with a message, or read back from what is written for them")
  func mutated() throws {
    var random = Generator(state: 7)
    var accepted = 0
    for _ in 0..<6_000 {
      var bytes = Array(Self.samples.randomElement(using: &random, default: "").utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...3, using: &random))
        bytes.replaceSubrange(place..<end, with: Self.pieces.randomElement(using: &random, default: []))
      }
      do {
        let file = try ConfigurationFile(Data(bytes), source: "run.yaml")
        let again = try ConfigurationFile(Data(file.text().utf8), source: "run.yaml")
        #expect(again.entries.map(\.key) == file.entries.map(\.key), "\(bytes)")
        #expect(again.entries.map(\.value) == file.entries.map(\.value), "\(bytes)")
        accepted += 1
      } catch let error as ConfigurationError {
        #expect(error.message.hasPrefix("run.yaml") && error.hint?.isEmpty == false, "\(error)")
      }
    }
    #expect(accepted > 500, "\(accepted)")
  }
}

/// Numbers that are the same in every run of the tests (SplitMix64, Steele, Lea and Flood 2014).
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Array {
  fileprivate func randomElement(using random: inout Generator, default other: Element) -> Element {
    randomElement(using: &random) ?? other
  }
}
