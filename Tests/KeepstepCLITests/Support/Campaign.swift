import Foundation
import Synchronization
import Testing

/// A test that provokes many faults of a kind: counts them, and what was violated after them.
///
///     let campaign = Campaign("SIGKILL at every storage call of a training")
///     for n in 1...count { campaign.fault("call \(n)", faults: try run.faultsAfterEnd()) }
///     campaign.finish(atLeast: 20)
///
/// Each campaign is a line of the table in `docs/reliability.md`: `scripts/torture.sh` makes it of the lines that
/// campaigns append to the file `$KEEPSTEP_TORTURE_REPORT`, JSON each. A campaign that is given up on the way, by an
/// error, or that provokes too few faults has a line too, and is `finished: false` there.
final class Campaign: Sendable {
  private struct Count {
    var faults = 0
    var violations = 0
    var isFinished = false
    var isReported = false
  }

  private struct Line: Encodable {
    var name: String
    /// The file of the test, by which the script sees that each suite of its list had its campaigns.
    var file: String
    var faults: Int
    var violations: Int
    var seconds: Double
    var note: String
    var finished: Bool
  }

  private let name: String
  private let file: String
  private let began = Date()
  private let count = Mutex(Count())

  /// Begins a campaign.
  ///
  /// - Parameter name: The table's first column.
  init(_ name: String, file: String = #fileID) {
    self.name = name
    self.file = file.split(separator: "/").last.map(String.init) ?? file
  }

  /// Counts one provoked fault, and records an issue where something was violated after it.
  ///
  /// - Parameters:
  ///   - what: Which fault: enough to provoke it again.
  ///   - faults: What is wrong after it; empty when nothing is.
  func fault(_ what: String, faults: String, sourceLocation: SourceLocation = #_sourceLocation) {
    count.withLock {
      $0.faults += 1
      if !faults.isEmpty { $0.violations += 1 }
    }
    expectNone(faults, "\(name), \(what)", sourceLocation: sourceLocation)
  }

  /// Records what was found to be wrong later, when a run that had met many faults came to its end.
  ///
  /// - Parameter faults: Empty when nothing is.
  func later(_ what: String, faults: String, sourceLocation: SourceLocation = #_sourceLocation) {
    if !faults.isEmpty { count.withLock { $0.violations += 1 } }
    expectNone(faults, "\(name), \(what)", sourceLocation: sourceLocation)
  }

  /// Ends the campaign: fewer than `least` faults prove nothing and fail the test.
  ///
  /// - Parameter note: The table's last column.
  func finish(atLeast least: Int, note: String = "", sourceLocation: SourceLocation = #_sourceLocation) {
    let faults = count.withLock {
      $0.isFinished = $0.faults >= least
      return $0.faults
    }
    report(note: note)
    #expect(faults >= least, "\(name): \(faults) faults are too few", sourceLocation: sourceLocation)
  }

  deinit {
    if !count.withLock({ $0.isReported }) { report(note: "given up on the way") }
  }

  private func report(note: String) {
    let count = count.withLock {
      $0.isReported = true
      return $0
    }
    let line = Line(
      name: name, file: file, faults: count.faults, violations: count.violations,
      seconds: (Date().timeIntervalSince(began) * 10).rounded() / 10, note: note, finished: count.isFinished)
    print("\(name): \(line.faults) faults, \(line.violations) violations, \(line.seconds) s")
    Self.append(line)
  }

  private static let reportLock = Mutex(())

  private static func append(_ line: Line) {
    guard let path = ProcessInfo.processInfo.environment["KEEPSTEP_TORTURE_REPORT"], !path.isEmpty else { return }
    reportLock.withLock { _ in
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      guard let text = try? encoder.encode(line), let file = fopen(path, "a") else {
        Issue.record("cannot append to \(path), which KEEPSTEP_TORTURE_REPORT names")
        return
      }
      fputs(String(decoding: text, as: UTF8.self) + "\n", file)
      fclose(file)
    }
  }
}
