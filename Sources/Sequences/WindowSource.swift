/// Windows of every stream, by number: what a trainer learns from.
///
/// The position in the data is a pure function of the window's number, so a checkpoint needs nothing but that number
/// to go on. Axis letters: T time steps, B streams, I inputs, O outputs.
public protocol WindowSource: Sendable {
  /// I, the values a network sees at each time step of each stream.
  var inputSize: Int { get }
  /// O, the values it has to give.
  var outputSize: Int { get }
  /// B, the streams that go side by side.
  var batchSize: Int { get }
  /// T, the time steps of one window.
  var window: Int { get }
  /// The windows of one pass over the data, or nil where the data has no end.
  var windowsPerPass: Int? { get }

  /// Whether the streams begin anew at window `index`: the network's state is then zero before it.
  ///
  /// A training's first window finds the state that the training begins with, so it need not say so.
  /// - Precondition: as for `fill`.
  func startsFromZero(window index: Int) -> Bool

  /// Writes window `index`: its inputs to x [T, B, I] and its targets to y [T, B, O]. Allocates nothing.
  ///
  /// Every value is finite, and zero is never minus zero.
  /// - Precondition: `index` counts from 0 and, where the data has an end, is below `windowsPerPass`; x and y have
  ///   room for all their values.
  func fill(window index: Int, inputs x: UnsafeMutablePointer<Float>, targets y: UnsafeMutablePointer<Float>)
}
