import Figures
import Foundation
import RunStore

/// A run as it stands at each look: its row, its losses so far as a curve, and its speed.
struct WatchedRun {
  /// The row of `runs`.
  private(set) var record: RunRecord
  private var summary: RunSummary?
  private var curve: Series
  private var lastLoss: LossRecord?
  /// Where the training stood at the last looks, for its speed.
  private var marks: [LossRecord] = []
  private let reader: StoreReader

  /// The curve keeps about so many points: more than any terminal has dots.
  private static let buckets = 1_000
  /// Rows that are read at a time.
  private static let chunk = 200_000

  /// - Throws: `StoreError` when there is no such run.
  init(_ selector: String, in reader: StoreReader) throws {
    self.reader = reader
    record = try reader.run(selector)
    curve = Series("", points: [], color: .blue)
  }

  /// Has the run ended, or its process died?
  var isOver: Bool { record.status != .running }

  /// Reads what was committed since the last look.
  mutating func look() throws {
    record = try reader.run(String(record.id))
    summary = try reader.runs(where: "id = \(record.id)").first
    guard let steps = try reader.recordedSteps(runID: record.id) else { return }
    var next = max(steps.lowerBound, (lastLoss?.step ?? 0) + 1)
    while next <= steps.upperBound {
      let end = min(steps.upperBound, next + Self.chunk - 1)
      let losses = try reader.losses(runID: record.id, in: next...end)
      if marks.isEmpty, end == steps.upperBound { marks += losses.suffix(1_000).prefix(1) }
      curve.points += losses.map { Series.Point(x: Double($0.step), y: $0.loss) }
      if curve.points.count > 20 * Self.buckets { curve = curve.thinned(buckets: Self.buckets) }
      lastLoss = losses.last ?? lastLoss
      next = end + 1
    }
    if let lastLoss, lastLoss.step != marks.last?.step { marks.append(lastLoss) }
    if marks.count > 20 { marks.removeFirst() }
  }

  /// Steps per second of training lately.
  private var stepsPerSecond: Double? {
    guard let first = marks.first, let last = marks.last, last.trainSeconds > first.trainSeconds else { return nil }
    return Double(last.step - first.step) / (last.trainSeconds - first.trainSeconds)
  }

  /// The loss curve; on a logarithmic axis unless a loss is zero or below.
  var picture: Picture {
    .curves(
      Figure(
        title: "loss of \(name)", xLabel: "step", yLabel: "loss", series: [curve],
        logarithmicY: curve.points.allSatisfy { $0.y > 0 }))
  }

  /// A name from a stranger's store must not move the cursor.
  private var name: String { String(TerminalText.visible(record.name).prefix(60)) }

  private var percent: Int {
    record.stepsPlanned > 0 ? Int(100 * Double(record.stepsDone) / Double(record.stepsPlanned)) : 100
  }

  /// What stands in a line for whoever has no terminal.
  var line: String {
    var parts = ["\(name): step \(record.stepsDone)/\(record.stepsPlanned) (\(percent)%)"]
    parts += facts
    return parts.joined(separator: "  ")
  }

  private var facts: [String] {
    var facts: [String] = []
    if let loss = lastLoss?.loss { facts.append("loss \(Numbers.short(loss))") }
    if let best = summary?.bestLoss, let step = summary?.bestStep {
      facts.append("best \(Numbers.short(best)) at step \(step)")
    }
    if !isOver, let speed = stepsPerSecond {
      facts.append("\(Numbers.rate(speed)) steps/s")
      facts.append("\(Numbers.duration(Double(record.stepsPlanned - record.stepsDone) / speed)) left")
    }
    return facts
  }

  /// How it ended, in a line or two; empty while it goes on.
  var ending: [String] {
    guard isOver else { return [] }
    let line =
      ["\(name): \(record.status.rawValue) at step \(record.stepsDone) of \(record.stepsPlanned)"] + facts
    return [line.joined(separator: "  ")] + (record.failure.map { [TerminalText.visible($0)] } ?? [])
  }

  /// The numbers in lines no longer than `width`, with a bar of how far it is.
  func numbers(width: Int, _ style: TerminalStyle) -> [String] {
    let title = String("\(name)  \(record.status.rawValue)".prefix(width))
    let done = "step \(record.stepsDone) of \(record.stepsPlanned) (\(percent)%)"
    var lines = [title]
    var line = done
    var rest = facts[...]
    if let seconds = lastLoss?.trainSeconds { rest.append("trained \(Numbers.duration(seconds))") }
    for fact in rest {
      if line.count + fact.count + 3 > width {
        lines.append(line)
        line = fact
      } else {
        line += "   " + fact
      }
    }
    lines.append(line)
    let (full, empty) = style.isUnicode ? ("█", "░") : ("#", ".")
    let length = min(width, 100)
    let filled = max(0, min(length, length * percent / 100))
    lines.append(String(repeating: full, count: filled) + String(repeating: empty, count: length - filled))
    return lines
  }
}
