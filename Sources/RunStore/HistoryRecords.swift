/// A row of `steps`.
public struct StepRecord: Hashable, Sendable {
  /// Counts from 1.
  public var step: Int
  /// Mean loss of the step's windows, before the update.
  public var loss: Double
  /// Of this update.
  public var learningRate: Double
  /// Euclidean norm of the whole gradient, before clipping.
  public var gradientNorm: Double
  /// Seconds of training so far, over all segments; no part of any digest or comparison.
  public var trainSeconds: Double
  /// Share of the step's class targets that the greatest output hit, 0 to 1; `nil` without class targets.
  public var accuracy: Double?

  /// A row with all its columns.
  public init(
    step: Int, loss: Double, learningRate: Double, gradientNorm: Double, trainSeconds: Double, accuracy: Double? = nil
  ) {
    self.step = step
    self.loss = loss
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
    self.trainSeconds = trainSeconds
    self.accuracy = accuracy
  }
}

/// A row of `evaluations`.
public struct EvaluationRecord: Hashable, Sendable {
  /// Taken after this step.
  public var step: Int
  /// `training` (means over the steps since the last evaluation) or `validation`.
  public var split: String
  /// Mean loss over that part of the data.
  public var loss: Double
  /// Mean accuracy over that part of the data, 0 to 1; `nil` without class targets.
  public var accuracy: Double?

  /// A row with all its columns.
  public init(step: Int, split: String, loss: Double, accuracy: Double? = nil) {
    self.step = step
    self.split = split
    self.loss = loss
    self.accuracy = accuracy
  }
}

/// A row of `hidden_states`.
public struct HiddenStateRecord: Hashable, Sendable {
  /// Taken after this step.
  public var step: Int
  /// `H`, with layer and direction suffixes.
  public var name: String
  /// [B, H].
  public var shape: [Int]
  /// Row-major.
  public var values: [Float]

  /// A row with all its columns.
  public init(step: Int, name: String, shape: [Int], values: [Float]) {
    self.step = step
    self.name = name
    self.shape = shape
    self.values = values
  }
}
