import Recurrent

extension Hyperparameters {
  /// Checks every value.
  ///
  /// - Throws: `TrainingError` or `RecurrentError` naming the value and what it must be.
  public func validate() throws {
    try validateClasses()
    try network.validate(window: window, batchSize: batchSize)
    let intervals = [
      ("--checkpoint-every", checkpointEvery), ("--evaluate-every", evaluateEvery),
      ("--record-hidden-every", recordHiddenEvery), ("--shift", shift), ("--warmup-steps", warmUpSteps),
    ]
    for (name, value) in intervals where value < 0 {
      throw TrainingError("\(name) is \(value), below 0", hint: "0 switches it off")
    }
    if let keep, keep < 1 {
      throw TrainingError("--keep is \(keep), below 1", hint: "name how many of the newest stay, or \"all\"")
    }
    try validateParts()
    try validateEvaluation()
    try validateOptimizer()
    try validateSchedule()
    try validateOrigins()
  }

  /// Checks what no option sets, and only a damaged or forged store has wrong.
  private func validateOrigins() throws {
    let numbers = [
      ("sequences", sequences, 1...Self.greatest), ("data_origin", dataOrigin, 0...Self.greatest),
      ("optimizer_origin", optimizerOrigin, 0...Self.greatest),
      // The rate is reckoned anew from so many reductions.
      ("plateau_start_reductions", plateauStart.reductions, 0...100_000_000),
      ("plateau_start_bad_count", plateauStart.badCount, 0...Self.greatest),
      ("plateau_start_cooldown", plateauStart.cooldown, 0...Self.greatest),
    ]
    for (name, value, range) in numbers where !range.contains(value) {
      throw TrainingError(
        "the run's hyperparameter \"\(name)\" is \(value), not from \(range.lowerBound) to \(range.upperBound)",
        hint: "the store is damaged or forged; keepstep check looks it through")
    }
  }

  /// Checks that a training may go on from `step`: the data and the optimizer begin no later.
  ///
  /// - Throws: `TrainingError` naming the origin that lies beyond.
  func requireOrigins(upTo step: Int) throws {
    for (name, origin) in [("data_origin", dataOrigin), ("optimizer_origin", optimizerOrigin)] where origin > step {
      throw TrainingError(
        "the run's hyperparameter \"\(name)\" is \(origin), beyond the checkpoint of step \(step)",
        hint: "the store is damaged or forged; keepstep check looks it through")
    }
  }

  /// Numbers of steps end here, so that reckoning with them cannot overflow.
  private static let greatest = 1 << 53

  private func validateParts() throws {
    guard data == "sine" else { return }
    let given = [
      ("--validation", split.validation > 0), ("--test", split.test > 0), ("--scale", scaling.method != .none),
      ("--index", index != nil), ("--series", series != nil),
    ].first { $0.1 }
    if let given {
      throw TrainingError(
        "\(given.0) is about the rows of a file, and --data is the sine task, which has no end",
        hint: "name a file with --data, or leave it out")
    }
  }

  private func validateEvaluation() throws {
    if monitor == .validationLoss, split.validation == 0 {
      throw TrainingError(
        "--monitor is validation_loss, and there is no validation part",
        hint: "--validation 0.2 takes the last fifth of the rows for it")
    }
    guard let earlyStopping else { return }
    guard (1...Self.greatest).contains(earlyStopping) else {
      throw TrainingError(
        "--early-stopping is \(earlyStopping), not from 1 to \(Self.greatest)",
        hint: "it counts evaluations in a row without a new best value")
    }
    guard evaluateEvery > 0 else {
      throw TrainingError(
        "--early-stopping \(earlyStopping) counts evaluations, and --evaluate-every is 0",
        hint: "choose an interval, or leave it out")
    }
  }

  private func validateClasses() throws {
    guard loss.isClassification else { return }
    guard targets.count == 1 else {
      throw TrainingError(
        "the loss cross-entropy learns one column of class numbers, and the targets are \(targets)",
        hint: "name one column with --targets")
    }
    guard data != "sine" else {
      throw TrainingError(
        "the loss cross-entropy learns class numbers, and the sine task has none",
        hint: "name a file with --data, or choose another --loss")
    }
    guard classes >= 1 else {
      throw TrainingError("--classes is \(classes), below 1", hint: "classes are numbered from 0")
    }
  }

  private func validateOptimizer() throws {
    try require("--learning-rate", optimizer.learningRate, "a finite number above 0") { $0 > 0 }
    try require("--weight-decay", optimizer.weightDecay, "a finite number, 0 or above") { $0 >= 0 }
    try require("--momentum", optimizer.momentum, "a finite number, 0 or above") { $0 >= 0 }
    let hasMomentum = optimizer.kind == .sgd || optimizer.kind == .rmsprop
    guard optimizer.momentum == 0 || hasMomentum else {
      throw TrainingError(
        "--momentum is \(optimizer.momentum), and \(optimizer.kind.rawValue) has no momentum to choose",
        hint: "leave it out, or choose --optimizer sgd or rmsprop")
    }
    guard !optimizer.nesterov || (optimizer.kind == .sgd && optimizer.momentum > 0) else {
      throw TrainingError(
        "--nesterov is a rule of sgd with momentum, and the optimizer is \(optimizer.kind.rawValue) with the momentum "
          + "\(optimizer.momentum)", hint: "give --optimizer sgd --momentum 0.9 --nesterov, or leave it out")
    }
    if let norm = clipping.norm { try require("--clip-norm", norm, "a finite number above 0") { $0 > 0 } }
    if let value = clipping.value { try require("--clip-value", value, "a finite number above 0") { $0 > 0 } }
    if case .huber(let delta) = loss {
      try require("--huber-delta", delta, "a number above 0 that float32 holds") {
        Float($0) > 0 && Float($0).isFinite
      }
    }
  }

  private func validateSchedule() throws {
    try require("the warm-up's first factor", warmUpStart, "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    let isGamma = { (value: Double) in value > 0 }
    switch schedule {
    case .constant: break
    case .step(let size, let gamma):
      try requireSteps(size)
      try require("--schedule-gamma", gamma, "a finite number above 0", isGamma)
    case .exponential(let gamma): try require("--schedule-gamma", gamma, "a finite number above 0", isGamma)
    case .cosine(let steps, let minimum):
      try requireSteps(steps)
      try require("--schedule-minimum", minimum, "a finite number, 0 or above") { $0 >= 0 }
    case .oneCycle(let cycle):
      try requireSteps(cycle.steps)
      try require("the one-cycle's rising part", cycle.risingPart, "from 0 to 1") { $0 >= 0 && $0 <= 1 }
    case .plateau(let plateau): try validate(plateau)
    }
  }

  private func validate(_ plateau: Plateau) throws {
    guard evaluateEvery > 0 else {
      throw TrainingError(
        "the schedule plateau follows the evaluations, and --evaluate-every is 0",
        hint: "choose an interval, or another schedule")
    }
    try require("--schedule-gamma", plateau.factor, "above 0 and below 1") { $0 > 0 && $0 < 1 }
    try require("--schedule-minimum", plateau.minimum, "a finite number, 0 or above") { $0 >= 0 }
    guard plateau.patience >= 0, plateau.cooldown >= 0 else {
      throw TrainingError("--schedule-patience is \(plateau.patience), below 0", hint: "it counts evaluations")
    }
  }

  private func requireSteps(_ steps: Int) throws {
    guard (1...Self.greatest).contains(steps) else {
      throw TrainingError(
        "--schedule-steps is \(steps), not from 1 to \(Self.greatest)", hint: "it counts optimizer steps")
    }
  }

  private func require(_ name: String, _ value: Double, _ expected: String, _ isRight: (Double) -> Bool) throws {
    guard value.isFinite, isRight(value) else {
      throw TrainingError("\(name) is \(value)", hint: "it must be \(expected)")
    }
  }
}
