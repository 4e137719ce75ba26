import Interchange
import Recurrent
import Testing

struct NetworkShapeTests {
  @Test(arguments: sampleShapes)
  func theTensorsTellTheShape(_ shape: NetworkShape) throws {
    #expect(try NetworkShape(of: sampleNetwork(shape)) == shape)
    #expect(try NetworkShape(of: sampleNetwork(shape).reversed()) == shape)
  }

  /// H = 1 is where the cells' widths come closest.
  @Test(arguments: NetworkShape.Cell.allCases)
  func theSmallestNetworksAreTold(_ cell: NetworkShape.Cell) throws {
    let shape = NetworkShape(cell: cell, inputSize: 1, hiddenSize: 1, outputSize: 1, hasBias: false)
    #expect(try NetworkShape(of: sampleNetwork(shape)) == shape)
  }

  @Test func theNamesAreTheCommandLines() {
    #expect(NetworkShape.Cell.allCases.map(\.rawValue) == ["rnn", "lstm", "gru"])
  }

  @Test func refusalsNameTheSourceAndTheNames() throws {
    let error = try refusal { _ = try NetworkShape(of: [], source: "a.npz") }
    #expect(error.message.hasPrefix("a.npz: there is no tensor \"W_xh\", "))
    #expect(error.hint?.contains("W_xh, W_hh, b_h") == true)
  }

  @Test func weightsThatAreNotFiniteAreRefused() throws {
    var tensors = sampleNetwork(NetworkShape(cell: .gru, inputSize: 2, hiddenSize: 3, outputSize: 1))
    tensors[3].values[1] = .nan
    #expect(
      try refusal { _ = try NetworkShape(of: tensors) }.message
        == "weights: tensor \"b_xn\", index [1]: nan is not a finite float32")
  }
}
