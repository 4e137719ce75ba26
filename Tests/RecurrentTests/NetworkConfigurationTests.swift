import Foundation
import Recurrent
import Testing

@Suite struct NetworkConfigurationTests {
  @Test func defaultsArePyTorchs() {
    let configuration = NetworkConfiguration(inputSize: 1, hiddenSize: 2, outputSize: 3)
    #expect(configuration.nonlinearity == .tanh && configuration.biases == .two)
    #expect(configuration.hasBias && configuration.hasOutputBias)
  }

  @Test func smallSizesAreFine() throws {
    try Sizes().validate()
    try Sizes(input: 300, hidden: 512, output: 100, window: 100, batch: 32).validate()
  }

  @Test(arguments: [0, -1, Int.min])
  func aSizeBelowOneIsNamed(size: Int) throws {
    for (name, path) in Sizes.names {
      var sizes = Sizes()
      sizes[keyPath: path] = size
      let error = try #require(throws: RecurrentError.self) { try sizes.validate() }
      #expect(error.message == "cannot build a network with \(name) \(size)")
      #expect(error.hint == "\(name) must be at least 1")
      #expect(error.errorDescription == error.message && error.recoverySuggestion == error.hint)
    }
  }

  @Test(arguments: [1_000_000_000_000, Int.max / 2, Int.max])
  func aGiganticSizeIsRefusedAndNoProductOverflows(size: Int) throws {
    for (_, path) in Sizes.names {
      var sizes = Sizes(input: 3, hidden: 7, output: 5, window: 11, batch: 13)
      sizes[keyPath: path] = size
      let error = try #require(throws: RecurrentError.self) { try sizes.validate() }
      #expect(error.message.contains("GB"))
    }
    let all = Sizes(input: size, hidden: size, output: size, window: size, batch: size)
    #expect(throws: RecurrentError.self) { try all.validate() }
  }

  @Test func theErrorNamesTheBytesThatAreNeededAndThoseThereAre() throws {
    var sizes = Sizes()
    sizes.hidden = 10_000_000
    let error = try #require(throws: RecurrentError.self) { try sizes.validate() }
    #expect(error.message.contains("hidden size 10000000"))
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    #expect(error.message.contains("this machine has \((memory / 1e8).rounded() / 10) GB"))
    // W_hh alone has 10^14 floats, and there are its gradient and two moments.
    let words = error.message.split(separator: " ")
    let index = try #require(words.firstIndex(of: "need"))
    let needed = try #require(Double(words[index + 1]))
    #expect(needed >= 4 * 4e14 / 1e9)
    #expect(error.hint?.contains("smaller hidden size") == true)
  }

  @Test func everyFactorOfTheMemoryCounts() {
    // Each of these fits by itself, and together they do not.
    let many = Int(Double(ProcessInfo.processInfo.physicalMemory / 4).squareRoot()) / 2
    #expect(throws: Never.self) { try Sizes(window: many).validate() }
    #expect(throws: Never.self) { try Sizes(batch: many).validate() }
    #expect(throws: RecurrentError.self) { try Sizes(hidden: 8, window: many, batch: many).validate() }
  }
}

/// The five sizes that are checked.
private struct Sizes {
  var input = 1
  var hidden = 1
  var output = 1
  var window = 1
  var batch = 1

  static var names: [(String, WritableKeyPath<Sizes, Int>)] {
    [
      ("input size", \.input), ("hidden size", \.hidden), ("output size", \.output), ("window", \.window),
      ("batch size", \.batch),
    ]
  }

  func validate() throws {
    try NetworkConfiguration(inputSize: input, hiddenSize: hidden, outputSize: output)
      .validate(window: window, batchSize: batch)
  }
}
