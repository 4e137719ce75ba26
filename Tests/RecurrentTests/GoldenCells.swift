import Foundation
import Recurrent
import Testing

/// `Golden/cells.json`: one step of every kind of network.
struct GoldenCells: Decodable {
  let cases: [Case]

  struct Case: Decodable {
    let configuration: GoldenConfiguration
    let loss: GoldenLoss
    let weights: [GoldenTensor]
    let initialStates: [GoldenTensor]
    let x: [Float]
    let y: [Float]
    let expected: Expected
  }

  struct Expected: Decodable {
    let q: [Double]
    let finalStates: [GoldenTensor]
    let loss: Double
    let gradientNorm: Double
    let gradients: [GoldenTensor]
  }

  static let shared = Result { try goldenFile("cells", as: GoldenCells.self) }
  /// For the arguments of a test; 0 lets it fail there.
  static let count = (try? shared.get().cases.count) ?? 1
}

/// A network's sizes, under PyTorch's names.
struct GoldenConfiguration: Decodable, Hashable {
  let cell: String
  let nonlinearity: String
  let numLayers: Int
  let bidirectional: Bool
  let bias: Bool
  let outputBias: Bool
  let projSize: Int
  let inputs: Int
  let hidden: Int
  let outputs: Int
  let streams: Int
  let steps: Int

  enum CodingKeys: String, CodingKey {
    case cell, nonlinearity, numLayers, bidirectional, bias, outputBias, projSize
    case inputs = "I"
    case hidden = "H"
    case outputs = "O"
    case streams = "B"
    case steps = "T"
  }

  var network: NetworkConfiguration {
    get throws {
      NetworkConfiguration(
        cell: try #require(CellKind(rawValue: cell)), inputSize: inputs, hiddenSize: hidden, outputSize: outputs,
        numLayers: numLayers,
        nonlinearity: try #require(Nonlinearity(rawValue: nonlinearity)), hasBias: bias, hasOutputBias: outputBias,
        isBidirectional: bidirectional, projectionSize: projSize)
    }
  }
}

struct GoldenLoss: Decodable {
  let name: String
  let delta: Double?

  var loss: Loss {
    get throws {
      let names = ["mse": "mse", "l1": "mae", "huber": "huber", "cross_entropy": "cross-entropy"]
      return try #require(Loss(name: names[name] ?? "", huberDelta: delta ?? 1))
    }
  }
}

struct GoldenTensor: Decodable {
  let name: String
  let shape: [Int]
  let values: [Double]

  var named: NamedTensor { NamedTensor(name: name, shape: shape, values: values.map { Float($0) }) }
}

/// A file of the folder `Golden`, with `snake_case` keys.
func goldenFile<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let url = try #require(Bundle.module.url(forResource: name, withExtension: "json"))
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(type, from: Data(contentsOf: url))
}
