import Foundation
import Trigonometry

/// The seed script's task, without end: from sin(phase) give cos(phase).
///
/// Window w (from 0; a training's step w + 1) of stream b sees, at times j = 0 … T - 1,
///
///     phase = (w + j / (T - 1) + 2b / B)·π,  x = float32(sin phase),  y = float32(cos phase)
///
/// so each window is half a period with both ends included, and the streams start evenly spread over one period;
/// B = 1 is the seed script. A window of one time step sees phase = (w + 2b / B)·π. Phases are exact fractions of π,
/// so the values are as right after millions of windows as in the first. I = O = 1.
public struct SineTask: WindowSource {
  /// Always 1.
  public let inputSize = 1
  /// Always 1.
  public let outputSize = 1
  /// B, the streams.
  public let batchSize: Int
  /// T, the time steps of one window.
  public let window: Int
  /// Nil: the wave has no end.
  public let windowsPerPass: Int? = nil

  // Windows 0 and 1, [2, T, B]: they make up the one period that repeats for ever.
  private let sines: [Float]
  private let cosines: [Float]

  /// The task for windows of `window` time steps in `batchSize` streams.
  /// - Throws: `SequenceError` for a size below 1, or when one period would not fit in memory.
  public init(window: Int, batchSize: Int) throws {
    try requirePositive(window: window, batchSize: batchSize)
    let (count, overflow) = window.multipliedReportingOverflow(by: batchSize)
    // Two windows, of a sine and a cosine, four bytes each.
    guard !overflow, count <= Int(clamping: ProcessInfo.processInfo.physicalMemory) / 16 else {
      throw SequenceError(
        "one period of the sine task, with window \(window) and batch size \(batchSize), does not fit in memory",
        hint: "choose a smaller --window or --batch-size")
    }
    self.window = window
    self.batchSize = batchSize
    var sines: [Float] = []
    var cosines: [Float] = []
    sines.reserveCapacity(2 * count)
    cosines.reserveCapacity(2 * count)
    for w in 0..<2 {
      for j in 0..<window {
        for b in 0..<batchSize {
          let phase = Self.phase(w: w, j: j, b: b, window: window, batchSize: batchSize)
          let (sine, cosine) = phase.sineAndCosine
          sines.append(Float(sine))
          cosines.append(Float(cosine))
        }
      }
    }
    self.sines = sines
    self.cosines = cosines
  }

  /// Never: the wave has no beginning but the training's.
  public func startsFromZero(window index: Int) -> Bool { false }

  /// Writes window `index`, which may be any number from 0: x [T, B, 1] and y [T, B, 1].
  public func fill(window index: Int, inputs x: UnsafeMutablePointer<Float>, targets y: UnsafeMutablePointer<Float>) {
    let count = window * batchSize
    let start = (index & 1) * count
    sines.withUnsafeBufferPointer { $0.baseAddress.map { x.update(from: $0 + start, count: count) } }
    cosines.withUnsafeBufferPointer { $0.baseAddress.map { y.update(from: $0 + start, count: count) } }
  }

  /// The phase in radians, not reduced, as a plot's axis wants it.
  public func phase(window index: Int, time: Int, stream: Int) -> Double {
    let withinWindow = window > 1 ? Double(time) / Double(window - 1) : 0
    return (Double(index) + withinWindow + Double(2 * stream) / Double(batchSize)) * Double.pi
  }

  /// The phase of window w, 0 or 1, as a fraction of π over the common denominator (T - 1)·B, or B when T is 1.
  private static func phase(w: Int, j: Int, b: Int, window: Int, batchSize: Int) -> HalfTurns {
    let spans = max(window - 1, 1)
    let denominator = spans * batchSize
    let numerator = w * denominator + j * batchSize + 2 * b * spans
    return HalfTurns(numerator: numerator % (2 * denominator), denominator: denominator)
  }
}

/// Checks the two sizes that every source has.
func requirePositive(window: Int, batchSize: Int) throws {
  guard window >= 1 else {
    throw SequenceError("the window is \(window) time steps; it must be at least 1")
  }
  guard batchSize >= 1 else {
    throw SequenceError("the batch size is \(batchSize); it must be at least 1")
  }
}
