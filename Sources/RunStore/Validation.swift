/// Recorded numbers are canonical: no NaN, no infinity, no minus zero. SQLite would turn the first into NULL and the last
/// into zero without a word.
enum Canonical {
  /// The number itself, or zero for minus zero.
  ///
  /// - throws: `StoreError` naming `what` when the number is not finite.
  static func number(_ value: Double, _ what: @autoclosure () -> String) throws -> Double {
    guard value.isFinite else { throw notFinite(what(), "\(value)") }
    return value + 0.0
  }

  /// Refuses a share that is not from 0 to 1; `nil` is none.
  static func requireShare(_ value: Double?, _ what: @autoclosure () -> String) throws {
    guard let value, !(0...1).contains(value) else { return }
    throw StoreError(.invalid, "\(what()) is \(value); only shares from 0 to 1 are recorded")
  }

  /// Refuses values that do not fit `shape` or are not finite. Float32 values keep their bits, minus zero included: an
  /// exact resume needs them.
  static func requireSound(_ values: [Float], shape: [Int], _ what: @autoclosure () -> String) throws {
    guard FloatBlob.count(shape) == values.count else {
      throw StoreError(.invalid, "\(what()) has \(values.count) values, but its shape is \(FloatBlob.json(shape))")
    }
    guard FloatBlob.isFinite(values) else {
      let index = values.firstIndex { !$0.isFinite } ?? 0
      throw notFinite("\(what())[\(index)]", "\(values[index])")
    }
  }

  private static func notFinite(_ what: String, _ value: String) -> StoreError {
    StoreError(
      .invalid, "\(what) is \(value); only finite numbers are recorded",
      hint: "a smaller --learning-rate or a --clip-norm keeps a training finite")
  }
}

extension NewRun {
  /// Refuses hyperparameters and data that cannot be recorded as they are.
  func validateNumbers() throws {
    for case (let name, .real(let value)) in hyperparameters {
      _ = try Canonical.number(value, "hyperparameter \(name)")
    }
    guard stepsPlanned >= 0 else {
      throw StoreError(.invalid, "a run cannot be planned for \(stepsPlanned) steps", hint: "plan 0 steps or more")
    }
    guard let dataset, let values = dataset.values else { return }
    guard FloatBlob.count([dataset.rows, dataset.columns.count]) == values.count else {
      throw StoreError(
        .invalid,
        "the data \(dataset.source) has \(values.count) values, not \(dataset.rows) rows of \(dataset.columns.count)")
    }
    guard values.count <= 250_000_000 else {
      throw StoreError(
        .invalid, "the data \(dataset.source) has \(values.count) values; a store embeds up to 250000000",
        hint: "train without embedding the data")
    }
  }
}

extension RunBatch {
  /// Refuses a batch that could not be recorded bit for bit, before anything is written.
  func validate() throws {
    for step in steps {
      _ = try Canonical.number(step.loss, "the loss of step \(step.step)")
      _ = try Canonical.number(step.learningRate, "the learning rate of step \(step.step)")
      _ = try Canonical.number(step.gradientNorm, "the gradient norm of step \(step.step)")
      _ = try Canonical.number(step.trainSeconds, "the training time of step \(step.step)")
      try Canonical.requireShare(step.accuracy, "the accuracy of step \(step.step)")
    }
    for evaluation in evaluations {
      _ = try Canonical.number(evaluation.loss, "the \(evaluation.split) loss of step \(evaluation.step)")
      try Canonical.requireShare(
        evaluation.accuracy, "the \(evaluation.split) accuracy of step \(evaluation.step)")
    }
    for state in hiddenStates {
      try Canonical.requireSound(state.values, shape: state.shape, "hidden state \(state.name) of step \(state.step)")
    }
    if let keep, keep < 0 {
      throw StoreError(.invalid, "cannot keep \(keep) checkpoints", hint: "keep 0 or more, or all")
    }
    if end?.status == .running {
      throw StoreError(.invalid, "a segment cannot end with its run \"running\"")
    }
  }

  /// Refuses steps that do not go on from what is recorded, and anything of a step that is not recorded.
  func validateOrder(stepsDone: Int) throws {
    var last = stepsDone
    for step in steps {
      guard step.step == last + 1 else {
        throw StoreError(
          .conflict, "step \(step.step) of run \(runID) cannot be recorded after step \(last): \(last + 1) comes next")
      }
      last = step.step
    }
    let others = evaluations.map(\.step) + hiddenStates.map(\.step) + checkpoints.map(\.step)
    if let step = others.first(where: { $0 > last }) {
      throw StoreError(
        .conflict, "run \(runID) has recorded steps up to \(last), so nothing of step \(step) can be recorded")
    }
  }
}
