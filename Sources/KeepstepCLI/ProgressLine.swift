import Dispatch
import Foundation
import Training

/// TrainingProgress on standard error: one line that moves on a terminal, a plain line every few seconds elsewhere.
final class ProgressLine {
  private let isQuiet: Bool
  private let isTerminal: Bool
  private var lastPlainLine = DispatchTime.now()
  private var isShown = false

  /// Seconds between two plain lines.
  private static let plainInterval = 5.0

  init(isQuiet: Bool, isTerminal: Bool = Console.isTerminal) {
    self.isQuiet = isQuiet
    self.isTerminal = isTerminal
  }

  /// Shows how far a training has come.
  func show(_ progress: TrainingProgress) {
    guard !isQuiet else { return }
    if isTerminal {
      Console.move(Self.text(progress))
      isShown = true
    } else if seconds(since: lastPlainLine) >= Self.plainInterval {
      Console.note(Self.text(progress))
      lastPlainLine = DispatchTime.now()
    }
  }

  /// Ends the moving line, so that other text starts on its own.
  func end() {
    if isShown { Console.endLine() }
    isShown = false
  }

  private func seconds(since time: DispatchTime) -> Double {
    Double(DispatchTime.now().uptimeNanoseconds - time.uptimeNanoseconds) * 1e-9
  }

  static func text(_ progress: TrainingProgress) -> String {
    let percent = progress.stepsPlanned == 0 ? 100 : 100 * progress.step / progress.stepsPlanned
    let what = progress.isReplay ? "comparing step" : "step"
    let validation = progress.validationLoss.map { ", validation \(Numbers.short($0))" } ?? ""
    return "\(progress.run): \(what) \(progress.step)/\(progress.stepsPlanned) (\(percent)%)  "
      + "loss \(Numbers.short(progress.loss))\(validation)  \(Numbers.rate(progress.stepsPerSecond)) steps/s  "
      + "\(Numbers.duration(progress.secondsLeft)) left"
  }
}
