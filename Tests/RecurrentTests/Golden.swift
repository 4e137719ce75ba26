import Foundation
import Recurrent
import Testing

/// `Golden/golden.json`, which PyTorch made; `Golden/README.md` says what each value is.
struct Golden: Decodable {
  let cases: [Case]
  let adam: AdamCase
  let seed: Seed

  /// The file, read once.
  static let shared = Result { try read() }

  private static func read() throws -> Golden {
    let file = try #require(Bundle.module.url(forResource: "golden", withExtension: "json"))
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

extension Golden {
  /// I, H, O, B and T.
  struct Sizes: Decodable {
    let inputs: Int
    let hidden: Int
    let outputs: Int
    let streams: Int
    let steps: Int

    enum CodingKeys: String, CodingKey {
      case inputs = "I"
      case hidden = "H"
      case outputs = "O"
      case streams = "B"
      case steps = "T"
    }

    func configuration(_ nonlinearity: String, bias: Bool = true) throws -> NetworkConfiguration {
      NetworkConfiguration(
        inputSize: inputs, hiddenSize: hidden, outputSize: outputs,
        nonlinearity: try #require(Nonlinearity(rawValue: nonlinearity)), hasBias: bias, hasOutputBias: bias)
    }
  }

  /// One forward and one backward pass.
  struct Case: Decodable {
    let sizes: Sizes
    let nonlinearity: String
    let bias: Bool
    let weights: [String: [Float]]
    let x: [Float]
    let y: [Float]
    let h0: [Float]
    let expected: Expected
  }

  /// What PyTorch computed in float64.
  struct Expected: Decodable {
    let hidden: [Double]
    let q: [Double]
    let finalHidden: [Double]
    let loss: Double
    let gradientNorm: Double
    let gradients: [String: [Double]]

    enum CodingKeys: String, CodingKey {
      case hidden
      case q
      case finalHidden = "final_hidden"
      case loss
      case gradientNorm = "gradient_norm"
      case gradients
    }
  }

  /// A few steps of Adam on one window, always from the zero state.
  struct AdamCase: Decodable {
    let sizes: Sizes
    let nonlinearity: String
    let optimizer: Optimizer
    let weights: [String: [Float]]
    let x: [Float]
    let y: [Float]
    let losses: [Double]
    let after: [Snapshot]
  }

  /// Adam's options.
  struct Optimizer: Decodable {
    let learningRate: Double
    let beta1: Double
    let beta2: Double
    let epsilon: Double

    enum CodingKeys: String, CodingKey {
      case learningRate = "learning_rate"
      case beta1
      case beta2
      case epsilon
    }
  }

  /// The weights after a step.
  struct Snapshot: Decodable {
    let step: Int
    let weights: [String: [Double]]
  }

  /// The seed script.
  struct Seed: Decodable {
    let sizes: Sizes
    let weights: [String: [Float]]
    let float32: [Double]
    let float64: [Double]

    enum CodingKeys: String, CodingKey {
      case sizes
      case weights
      case float32 = "losses_float32"
      case float64 = "losses_float64"
    }
  }
}
