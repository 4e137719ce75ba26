import CKernels

/// A recurrent layer and a linear one, their parameters and their gradients.
///
/// Nothing is allocated after `init`. Not thread-safe: one owner at a time.
public final class Network {
  /// Sizes and switches.
  public let configuration: NetworkConfiguration
  /// Where each tensor stands in `parameters` and `gradients`.
  public let directory: TensorDirectory
  /// The weights, flat.
  public let parameters: FloatBuffer
  /// ∂L/∂weights of the last `backward`, flat.
  public let gradients: FloatBuffer

  private let kernels: Kernels
  private let rnn: RNN
  private let output: OutputLayer
  private let transposedHidden: FloatBuffer
  private let transposedOutput: FloatBuffer

  /// An untrained network, drawn from `seed` as PyTorch would draw it.
  ///
  /// - Throws: `RecurrentError` when a size is below 1 or the memory can't be had.
  public init(_ configuration: NetworkConfiguration, kernels: Kernels, seed: UInt64) throws {
    try configuration.validate(window: 1, batchSize: 1)
    let directory = TensorDirectory(configuration)
    let (H, O) = (configuration.hiddenSize, configuration.outputSize)
    guard let inputWeights = directory.entry("W_xh"), let hiddenWeights = directory.entry("W_hh"),
      let outputWeights = directory.entry("W_hq")
    else { preconditionFailure("a directory always has the weights") }
    self.configuration = configuration
    self.directory = directory
    self.kernels = kernels
    self.parameters = try FloatBuffer(count: directory.count)
    self.gradients = try FloatBuffer(count: directory.count)
    self.transposedHidden = try FloatBuffer(count: H * H)
    self.transposedOutput = try FloatBuffer(count: O * H)
    self.rnn = RNN(
      inputSize: configuration.inputSize, hiddenSize: H, nonlinearity: configuration.nonlinearity,
      inputWeights: inputWeights, hiddenWeights: hiddenWeights, bias: directory.entry("b_h"))
    self.output = OutputLayer(hiddenSize: H, outputSize: O, weights: outputWeights, bias: directory.entry("b_q"))
    InitialWeights.draw(configuration, seed: seed, into: parameters)
  }

  /// Hidden states and outputs of a window, from its inputs and its carried state.
  public func forward(_ window: Window) {
    rnn.forward(kernels, parameters, window)
    output.forward(kernels, parameters, window)
  }

  /// The loss of a window after `forward`: `L = Σ (Q - Y)² / (T·B·O)`, PyTorch's `MSELoss`; keeps ∂L/∂Q for `backward`.
  public func meanSquaredError(_ window: Window) -> Double {
    kernels.table.pointee.mean_squared_error(
      window.outputs.count, window.outputs.pointer, window.targets.pointer, window.outputGradient.pointer)
  }

  /// All gradients of a window's loss, by back-propagation through its time steps.
  public func backward(_ window: Window) {
    output.backward(kernels, parameters, gradients, window, transposed: transposedOutput)
    rnn.backward(kernels, parameters, gradients, window, transposed: transposedHidden)
  }

  /// √Σ g² over all parameters as PyTorch counts them: a bias that stands for two counts twice.
  public func gradientNorm() -> Double {
    var sum = 0.0
    for entry in directory.entries {
      let squares = kernels.table.pointee.sum_of_squares(entry.count, gradients.pointer + entry.offset)
      sum += Double(entry.multiplicity) * squares
    }
    return sum.squareRoot()
  }
}
