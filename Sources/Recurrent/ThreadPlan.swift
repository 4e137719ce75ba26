/// How many threads train a network, and how they split a window's work: never along a chain.
///
/// No bit depends on it.
public struct ThreadPlan: Sendable, Hashable {
  /// What a thread has.
  enum Split: Sendable, BitwiseCopyable {
    /// All of it.
    case none
    /// Some of the streams, which nothing connects within a pass: for small weights and many streams.
    case streams
    /// Some of the hidden units, and with them some columns of the weights, which then stay in its cache; the threads
    /// meet after each time step.
    case units
  }

  /// Threads at work, the caller's included.
  public let count: Int
  let split: Split
  /// B of the windows that it was made for.
  let batchSize: Int

  /// One thread, for windows of any size.
  public static let single = ThreadPlan(count: 1, split: .none, batchSize: 0)

  private init(count: Int, split: Split, batchSize: Int) {
    self.count = count
    self.split = split
    self.batchSize = batchSize
  }

  /// The plan that gains most, of at most `threads` threads; a single one where the work is too small to gain.
  ///
  /// Split streams need no meeting, but each thread reads all weights; split units need one each time step.
  public init(_ configuration: NetworkConfiguration, window T: Int, batchSize B: Int, threads: Int) {
    let (H, P, G) = (configuration.hiddenSize, configuration.stateSize, configuration.cell.gateCount)
    let weights = Double(P) * Double(G * H)
    let workOfTimeStep = Double(B) * weights
    let places = Double(configuration.numLayers * configuration.directionCount)
    if threads < 2 || places * Double(T) * workOfTimeStep < Self.leastWorkOfPass {
      self = .single
    } else if B >= 8 * threads && weights <= Self.mostWeightsOfStreams {
      self.init(count: threads, split: .streams, batchSize: B)
    } else if configuration.projectionSize == 0 && H >= 32 * threads && workOfTimeStep >= Self.leastWorkOfTimeStep {
      self.init(count: threads, split: .units, batchSize: B)
    } else if B >= 2 * threads {
      self.init(count: threads, split: .streams, batchSize: B)
    } else {
      self = .single
    }
  }

  /// Multiplications of a pass below which waking a thread gains nothing.
  private static let leastWorkOfPass = 500_000.0
  /// Multiplications of a time step below which meeting after it gains nothing.
  private static let leastWorkOfTimeStep = 50_000.0
  /// Weights of which every thread can have all in its cache.
  private static let mostWeightsOfStreams = 100_000.0

  /// Each thread's share.
  func shares(_ team: Team?, batchSize: Int) -> [Share] {
    (0..<count).map { Share(split, index: $0, count: count, batchSize: batchSize, team: team) }
  }
}
