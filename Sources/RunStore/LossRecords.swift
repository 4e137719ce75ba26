/// A step and its loss: all that a curve needs of a row of `steps`.
public struct LossRecord: Hashable, Sendable {
  /// Counts from 1.
  public var step: Int
  /// Mean loss of the step's windows, before the update.
  public var loss: Double
  /// Seconds of training so far, over all segments.
  public var trainSeconds: Double

  /// A record.
  public init(step: Int, loss: Double, trainSeconds: Double) {
    self.step = step
    self.loss = loss
    self.trainSeconds = trainSeconds
  }
}
