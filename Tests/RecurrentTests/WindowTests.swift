import Recurrent
import Testing

@Suite struct WindowTests {
  @Test(arguments: implementations, Nonlinearity.allCases)
  func twoWindowsGiveTheBitsOfOneTwiceAsLong(name: String, nonlinearity: Nonlinearity) throws {
    let configuration = NetworkConfiguration(
      inputSize: 3, hiddenSize: 33, outputSize: 2, nonlinearity: nonlinearity)
    let network = try Network(configuration, kernels: try kernels(name), seed: 2)
    let (length, batchSize) = (5, 4)
    let whole = try Window(length: 2 * length, batchSize: batchSize, configuration: configuration)
    let x = numbers(whole.inputs.count)
    whole.inputs.set(x)
    network.forward(whole)

    let part = try Window(length: length, batchSize: batchSize, configuration: configuration)
    var (hidden, outputs): ([Float], [Float]) = ([], [])
    for half in 0..<2 {
      part.inputs.set(Array(x[half * part.inputs.count..<(half + 1) * part.inputs.count]))
      network.forward(part)
      hidden += part.hiddenStates()
      outputs += part.outputs.values
      part.carryStates()
    }
    #expect(sameBits(hidden, whole.hiddenStates()))
    #expect(sameBits(outputs, whole.outputs.values))
  }

  @Test func carryingCopiesTheLastStateAndResettingClearsIt() throws {
    let configuration = NetworkConfiguration(inputSize: 1, hiddenSize: 3, outputSize: 1)
    let network = try Network(configuration, kernels: try Kernels(), seed: 1)
    let window = try Window(length: 2, batchSize: 2, configuration: configuration)
    window.inputs.set([1, 2, 3, 4])
    network.forward(window)
    let last = Array(window.hiddenStates().suffix(6))
    window.carryStates()
    #expect(try window.carried["H"] == last)
    window.resetStates()
    #expect(try window.carried["H"] == [Float](repeating: 0, count: 6))
  }

  @Test func passesLeaveTheCarriedStateAndTheDataAlone() throws {
    let configuration = NetworkConfiguration(inputSize: 2, hiddenSize: 5, outputSize: 3)
    let network = try Network(configuration, kernels: try Kernels(), seed: 1)
    let window = try Window(length: 3, batchSize: 2, configuration: configuration)
    let (x, y, h) = (numbers(12, salt: 1), numbers(18, salt: 2), numbers(10, salt: 3))
    window.inputs.set(x)
    window.targets.set(y)
    try window.setCarried(["H": h])
    network.forward(window)
    _ = network.loss(.meanSquaredError, window).mean
    network.backward(window)
    #expect(window.inputs.values == x && window.targets.values == y)
    #expect(try #require(try window.carried["H"]) == h)
  }

  @Test(arguments: [(0, 1), (1, 0), (-1, 1), (Int.max, 1), (1, Int.max), (Int.max, Int.max)])
  func sizesThatCannotBeAreRefused(length: Int, batchSize: Int) {
    let configuration = NetworkConfiguration(inputSize: 1, hiddenSize: 3, outputSize: 1)
    #expect(throws: RecurrentError.self) {
      try Window(length: length, batchSize: batchSize, configuration: configuration)
    }
  }
}
