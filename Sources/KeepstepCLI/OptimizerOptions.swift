import ArgumentParser
import Recurrent
import Training

/// The names of the losses.
enum LossName: String, CaseIterable, ExpressibleByArgument {
  case mse, mae, huber
  case crossEntropy = "cross-entropy"
}

/// What is made small, and how.
struct OptimizerOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Optimizer steps, counted from the run's beginning. (a new run: 300)", valueName: "n"))
  var steps: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("The key of all random numbers. (a new run: 1)", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: "The loss: squared, absolute or Huber's error, or cross-entropy of class numbers 0, 1, … (a new run: mse)")
  var loss: LossName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Where Huber's loss turns from squared to absolute. (a new run: 1)", valueName: "error"))
  var huberDelta: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Classes of cross-entropy. (a new run: the greatest number in the data plus one)", valueName: "n"))
  var classes: Int?

  @Option(help: "The rule that updates the weights. (a new run: adam)")
  var optimizer: OptimizerKind?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The learning rate. (a new run: 0.02 with adam; PyTorch's 0.001 with adamw and sgd, 0.01 with rmsprop)",
      valueName: "rate"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The momentum of sgd and rmsprop. (a new run: 0)", valueName: "factor"))
  var momentum: Double?

  @Flag(inversion: .prefixedNo, help: "Nesterov's rule for sgd with momentum.")
  var nesterov: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Weight decay. (a new run: 0; 0.01 with adamw)", valueName: "factor"))
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Scale the gradients down to this global norm; 0 for no limit. (a new run: 0)", valueName: "norm"))
  var clipNorm: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Cut each gradient off at this size; 0 for no limit. (a new run: 0)", valueName: "value"))
  var clipValue: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Dropout's probability behind each recurrent layer but the last. (a new run: 0)", valueName: "probability"))
  var dropout: Double?

  mutating func validate() throws {
    try requireAtLeast(0, ("--steps", steps))
    try requireAtLeast(1, ("--classes", classes))
    try require("--learning-rate", learningRate, "a finite number above 0") { $0 > 0 }
    try require("--huber-delta", huberDelta, "a finite number above 0") { $0 > 0 }
    try require("--momentum", momentum, "a finite number, 0 or above") { $0 >= 0 }
    try require("--weight-decay", weightDecay, "a finite number, 0 or above") { $0 >= 0 }
    try require("--clip-norm", clipNorm, "a finite number, 0 or above") { $0 >= 0 }
    try require("--clip-value", clipValue, "a finite number, 0 or above") { $0 >= 0 }
    try require("--dropout", dropout, "a probability, from 0 to 1") { $0 >= 0 && $0 <= 1 }
  }

  func apply(to hyperparameters: inout Hyperparameters) throws {
    try applyLoss(to: &hyperparameters)
    if let optimizer, optimizer != hyperparameters.optimizer.kind {
      hyperparameters.optimizer = OptimizerSettings(optimizer)
    }
    if let learningRate { hyperparameters.optimizer.learningRate = learningRate }
    if let momentum { hyperparameters.optimizer.momentum = momentum }
    if let nesterov { hyperparameters.optimizer.nesterov = nesterov }
    if let weightDecay { hyperparameters.optimizer.weightDecay = weightDecay }
    if let clipNorm { hyperparameters.clipping.norm = clipNorm == 0 ? nil : clipNorm }
    if let clipValue { hyperparameters.clipping.value = clipValue == 0 ? nil : clipValue }
    if let dropout { hyperparameters.dropout = dropout }
  }

  private func applyLoss(to hyperparameters: inout Hyperparameters) throws {
    let name = loss?.rawValue ?? hyperparameters.loss.name
    if huberDelta != nil, name != LossName.huber.rawValue {
      throw ValidationError("--huber-delta belongs to --loss huber, and the loss is \(name)")
    }
    if classes != nil, name != LossName.crossEntropy.rawValue {
      throw ValidationError("--classes belongs to --loss cross-entropy, and the loss is \(name)")
    }
    if loss != nil || huberDelta != nil {
      hyperparameters.loss = Loss(name: name, huberDelta: huberDelta ?? 1) ?? hyperparameters.loss
    }
    if let classes { hyperparameters.classes = classes }
  }
}

/// Refuses numbers out of range, as wrong usage.
func require(_ name: String, _ value: Double?, _ expected: String, _ isRight: (Double) -> Bool) throws {
  if let value, !(value.isFinite && isRight(value)) {
    throw ValidationError("\(name) is \(value); it must be \(expected)")
  }
}
