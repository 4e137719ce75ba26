/// One thread's part of a pass over a window.
struct Share: BitwiseCopyable {
  let split: ThreadPlan.Split
  /// Which of the threads, from 0.
  let index: Int
  /// How many threads.
  let count: Int
  /// B of the window.
  let batchSize: Int
  /// The streams that are this thread's in the passes through time.
  var streams: Range<Int> { firstStream..<endStream }
  private let firstStream: Int
  private let endStream: Int
  /// Where the threads meet; nil for a single one. The network holds it.
  private let team: Unmanaged<Team>?

  init(_ split: ThreadPlan.Split, index: Int = 0, count: Int = 1, batchSize: Int, team: Team? = nil) {
    self.split = split
    self.index = index
    self.count = count
    self.batchSize = batchSize
    self.team = team.map(Unmanaged.passUnretained)
    let own = split == .streams ? Share.part(index, of: batchSize, count: count, unit: 1) : 0..<batchSize
    (firstStream, endStream) = (own.lowerBound, own.upperBound)
  }

  /// Waits for all threads.
  @inline(__always)
  func meet() {
    if let team { team._withUnsafeGuaranteedRef { $0.meet(index) } }
  }

  /// Waits for all threads where each has only some of the units.
  @inline(__always)
  func meetAfterTimeStep() {
    if split == .units { meet() }
  }

  /// This thread's part of `n` columns of a product, whole vectors as far as possible.
  func columns(_ n: Int) -> Range<Int> {
    Share.part(index, of: n, count: count, unit: 16)
  }

  /// The hidden units that are this thread's in the passes through time.
  func units(_ n: Int) -> Range<Int> {
    split == .units ? columns(n) : 0..<n
  }

  /// This thread's part of n things that nothing connects.
  func rows(_ n: Int) -> Range<Int> {
    Share.part(index, of: n, count: count, unit: 1)
  }

  /// The `index`-th of `count` nearly equal parts of 0..<n, each but the last a multiple of `unit`.
  static func part(_ index: Int, of n: Int, count: Int, unit: Int) -> Range<Int> {
    let units = (n + unit - 1) / unit
    return min(n, units * index / count * unit)..<min(n, units * (index + 1) / count * unit)
  }

  /// Calls `body` with the runs of rows (t, b) of [T, B, …] that are this thread's: the first row and how many.
  @inline(__always)
  func forEachRun(ofTimes length: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    guard split == .streams else {
      body(0, length * batchSize)
      return
    }
    for t in 0..<length { body(t * batchSize + streams.lowerBound, streams.count) }
  }
}
