import Foundation
import Synchronization
import Testing

/// Others at work in a store: a reader that never rests, by `runs`, `query` and the real `sqlite3`, and one short training
/// after another. None may fail, and what the reader has seen of a run must stay.
final class Company: Sendable {
  private struct State {
    var isOver = false
    var looks = 0
    var trainings = 0
    var faults = ""
    /// For each run named `run`, by its uuid, the highest `steps_done` that a reader saw.
    var seen: [String: Int] = [:]
  }

  private let place: Workplace
  private let digest: String
  private let state = Mutex(State())
  private let ended = DispatchGroup()

  private static let train = "train --quiet --steps 60 --hidden-size 3 --window 6000 --checkpoint-every 20 --name"
  private static let digests = """
    SELECT DISTINCT digest || history_digest FROM checkpoints JOIN runs ON runs.id = run_id
      WHERE name LIKE 'neighbour%' AND reason = 'final'
    """
  private static let progress = "SELECT uuid, steps_done FROM runs WHERE name = 'run'"

  /// Goes to work in the store of `place`, which must be there.
  init(_ place: Workplace) throws {
    self.place = place
    let alone = "neighbour.db"
    try place.succeed("\(Self.train) neighbour --store \(alone)")
    digest = try place.query(Self.digests, store: alone).joined()
    begin { try self.read() }
    begin { try self.train() }
  }

  private func begin(_ work: @escaping @Sendable () throws -> Void) {
    ended.enter()
    Thread.detachNewThread {
      while self.state.withLock({ !$0.isOver }) {
        do { try work() } catch { self.complain("\(error)") }
      }
      self.ended.leave()
    }
  }

  private func complain(_ what: String) {
    state.withLock { $0.faults += what + "\n" }
  }

  private func read() throws {
    let runs = try place.keepstep(["runs"])
    if runs.status != 0 { complain("runs: \(runs.errors)") }
    note(try place.query(Self.progress), separator: ",")
    // Patient for the moment in which the first to come after a kill looks the -wal through.
    note(try place.sqlite3(".timeout 10000", Self.progress).split(separator: "\n").map(String.init), separator: "|")
    state.withLock { $0.looks += 3 }
  }

  private func note(_ lines: [String], separator: Character) {
    for line in lines {
      let cells = line.split(separator: separator)
      guard cells.count == 2, let steps = Int(cells[1]) else { return complain("not a run's progress: \(line)") }
      state.withLock { $0.seen[String(cells[0])] = max(steps, $0.seen[String(cells[0])] ?? 0) }
    }
  }

  private func train() throws {
    let number = state.withLock {
      $0.trainings += 1
      return $0.trainings
    }
    let outcome = try place.keepstep("\(Self.train) neighbour-\(number)")
    if outcome.status != 0 { complain("a neighbour's training: \(outcome.errors)") }
  }

  /// How often a reader looked.
  var looks: Int { state.withLock { $0.looks } }

  /// What somebody had seen committed and is not there any more; empty when nothing is.
  func faultsOfLoss() throws -> String {
    let seen = state.withLock { $0.seen }
    return try place.query(Self.progress).compactMap { line in
      let cells = line.split(separator: ",").map(String.init)
      let (before, now) = (seen[cells[0]] ?? 0, Int(cells[1]) ?? -1)
      return now < before ? "\(before) steps were there, now \(now)\n" : nil
    }.joined()
  }

  /// Ends all work, and looks at what the neighbours have trained.
  ///
  /// - Returns: what is wrong, with all that ever went wrong for a member; empty when nothing is.
  func leave() throws -> String {
    state.withLock { $0.isOver = true }
    ended.wait()
    var faults = state.withLock { $0.faults }
    let digests = try place.query(Self.digests)
    if digests != [digest] { faults += "neighbours ended with \(digests), and should with \(digest)\n" }
    let check = try place.keepstep(["check"])
    if check.status != 0 { faults += check.output + check.errors }
    let residue = try place.files.filter { $0.hasPrefix(FaultedRun.store + "-") && !$0.hasSuffix("-lock") }
    return residue.isEmpty ? faults : faults + "left behind: \(residue)\n"
  }
}
