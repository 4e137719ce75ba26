/// A row of `segments`: a stretch of a run's steps that one process trained.
public struct SegmentRecord: Hashable, Sendable {
  /// The segment.
  public var id: Int64
  /// Its run.
  public var runID: Int64
  /// The first step this process trained and recorded or compared.
  public var firstStep: Int
  /// The last step it recorded; less than `firstStep` while there is none.
  public var lastStep: Int
  /// UTC, ISO 8601.
  public var startedAt: String
  /// UTC, ISO 8601; `nil` while it trains, or until it is found dead.
  public var endedAt: String?
  /// `finished`, `interrupted` (a signal), `failed`, or `killed` (found dead by its free lock).
  public var endReason: String?
  /// The machine's name.
  public var host: String
  /// The process.
  public var pid: Int
  /// The program's version.
  public var keepstepVersion: String
  /// Equal versions compute equal bits.
  public var numericsVersion: Int
  /// `scalar`, `avx2`, `avx512` or `neon`.
  public var instructionSet: String
  /// Threads that computed.
  public var threads: Int

  /// A row with all its columns.
  public init(
    id: Int64, runID: Int64, firstStep: Int, lastStep: Int, startedAt: String, endedAt: String? = nil,
    endReason: String? = nil, host: String, pid: Int, keepstepVersion: String, numericsVersion: Int,
    instructionSet: String, threads: Int
  ) {
    self.id = id
    self.runID = runID
    self.firstStep = firstStep
    self.lastStep = lastStep
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.endReason = endReason
    self.host = host
    self.pid = pid
    self.keepstepVersion = keepstepVersion
    self.numericsVersion = numericsVersion
    self.instructionSet = instructionSet
    self.threads = threads
  }
}

/// What the trainer tells about a new segment; the store adds host, pid and times.
public struct NewSegment: Sendable {
  /// The first step this process will train; at least 1.
  public var firstStep: Int
  /// The program's version.
  public var keepstepVersion: String
  /// Equal versions compute equal bits.
  public var numericsVersion: Int
  /// `scalar`, `avx2`, `avx512` or `neon`.
  public var instructionSet: String
  /// Threads that compute; at least 1.
  public var threads: Int

  /// A new segment.
  public init(firstStep: Int, keepstepVersion: String, numericsVersion: Int, instructionSet: String, threads: Int) {
    self.firstStep = firstStep
    self.keepstepVersion = keepstepVersion
    self.numericsVersion = numericsVersion
    self.instructionSet = instructionSet
    self.threads = threads
  }
}
