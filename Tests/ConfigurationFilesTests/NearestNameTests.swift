import ConfigurationFiles
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  static let names = ["hidden-size", "num-layers", "batch-size", "steps", "seed", "learning-rate", "no-bias", "bias"]

  @Test(
    "is what somebody meant",
    arguments: [
      ("hiden-size", "hidden-size"), ("hidden_size", "hidden-size"), ("HIDDEN-SIZE", "hidden-size"),
      ("step", "steps"), ("setps", "steps"), ("sede", "seed"), ("learningrate", "learning-rate"),
      ("lerning_rate", "learning-rate"), ("numlayers", "num-layers"), ("basi", "bias"), ("batchSize", "batch-size"),
    ])
  func near(written: String, meant: String) { #expect(NearestName.of(written, among: Self.names) == meant) }

  @Test("is none where all are far", arguments: ["", "zzzzzzz", "activation", String(repeating: "s", count: 100_000)])
  func far(written: String) { #expect(NearestName.of(written, among: Self.names) == nil) }

  @Test("is the first in the alphabet of equally near ones")
  func equal() { #expect(NearestName.of("cat", among: ["hat", "bat"]) == "bat") }
}
