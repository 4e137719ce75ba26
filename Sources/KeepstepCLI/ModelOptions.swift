import ArgumentParser
import Recurrent
import Training

/// The options that fix a network; PyTorch's words.
struct ModelOptions: ParsableArguments {
  @Option(help: "What the recurrent layers are made of, as torch.nn.RNN, LSTM and GRU.")
  var cell = CellKind.rnn

  @Option(parsing: .unconditional, help: ArgumentHelp("Hidden units of each layer and direction.", valueName: "units"))
  var hiddenSize = 32

  @Option(parsing: .unconditional, help: ArgumentHelp("Recurrent layers, one on top of the other.", valueName: "n"))
  var numLayers = 1

  @Option(help: "An RNN's function. (default: tanh)")
  var nonlinearity: Nonlinearity?

  @Flag(inversion: .prefixedNo, help: "Whether the recurrent layers have biases, as torch.nn.RNN(bias=…) says.")
  var bias = true

  @Option(help: "Train b_h as PyTorch's sum of two biases, or as the textbook's one.")
  var biases = Biases.two

  @Flag(inversion: .prefixedNo, help: "Whether a second direction reads each window from its end.")
  var bidirectional = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Project an LSTM's states to this size, below the hidden size; 0 for none.", valueName: "units"))
  var projSize = 0

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Start from these weights (.safetensors or .npz), under Keepstep's names, PyTorch's or MLX's.",
      valueName: "file"))
  var initialization: String?

  mutating func validate() throws {
    try requireAtLeast(1, ("--hidden-size", hiddenSize), ("--num-layers", numLayers))
    try requireAtLeast(0, ("--proj-size", projSize))
    if nonlinearity != nil, cell != .rnn {
      throw ValidationError("--nonlinearity chooses an rnn's function, and the cell is \(cell.rawValue)")
    }
    if projSize > 0, cell != .lstm {
      throw ValidationError("--proj-size projects an lstm's states, and the cell is \(cell.rawValue)")
    }
    if projSize >= hiddenSize {
      throw ValidationError("--proj-size is \(projSize); it must be below --hidden-size, which is \(hiddenSize)")
    }
  }

  func apply(to hyperparameters: inout Hyperparameters) {
    hyperparameters.cell = cell
    hyperparameters.hiddenSize = hiddenSize
    hyperparameters.numLayers = numLayers
    hyperparameters.nonlinearity = nonlinearity ?? .tanh
    hyperparameters.hasBias = bias
    hyperparameters.biases = biases
    hyperparameters.isBidirectional = bidirectional
    hyperparameters.projectionSize = projSize
    if let initialization { hyperparameters.initialization = initialization }
  }
}
