import Foundation
import Testing

@Suite("Bad options of losses, optimizers and schedules")
struct BadRuleTests {
  static let belowZero = ["weight-decay", "clip-norm", "clip-value", "momentum", "schedule-minimum"].flatMap { option in
    out(option, ["-1": "-1.0", "nan": "nan", "inf": "inf"], "a finite number, 0 or above")
      + [Refusal("train --\(option) x", "'x'", "--\(option)", status: 64)]
  }

  static let notAboveZero = ["huber-delta", "schedule-gamma", "learning-rate"].flatMap { option in
    out(option, ["0": "0.0", "-2": "-2.0", "nan": "nan", "inf": "inf"], "a finite number above 0")
  }

  static let counts =
    out("schedule-steps", ["0": "0", "-3": "-3"], "at least 1") + out("classes", ["0": "0", "-3": "-3"], "at least 1")
    + out("schedule-patience", ["-1": "-1"], "at least 0") + out("warmup-steps", ["-1": "-1"], "at least 0")
    + out("warmup-start", ["0": "0.0", "-0.5": "-0.5", "1.5": "1.5", "nan": "nan"], "above 0 and at most 1")
    + ["schedule-steps", "classes", "schedule-patience", "warmup-steps"].map {
      Refusal("train --\($0) 2.5", "'2.5'", "--\($0)", status: 64)
    }

  /// Values out of range, and how they are told.
  private static func out(_ option: String, _ values: [String: String], _ range: String) -> [Refusal] {
    values.sorted { $0.key < $1.key }.map { given, told in
      Refusal("train --\(option) \(given)", "--\(option) is \(told); it must be \(range)", status: 64)
    }
  }

  static let choices = [
    Refusal("train --optimizer lbfgs", "'lbfgs'", "'adam', 'adamw', 'sgd' or 'rmsprop'", status: 64),
    Refusal("train --loss hinge", "'hinge'", "'mse', 'mae', 'huber' or 'cross-entropy'", status: 64),
    Refusal("train --schedule linear", "'linear'", "one-cycle", "plateau", status: 64),
    Refusal("train --momentum 0.9", "--momentum is 0.9", "adam", "sgd or rmsprop"),
    Refusal("train --optimizer adamw --momentum 0.9", "--momentum is 0.9", "adamw", "sgd or rmsprop"),
    Refusal("train --nesterov", "--nesterov", "the optimizer is adam", "--momentum 0.9"),
    Refusal("train --optimizer sgd --nesterov", "--nesterov", "sgd with the momentum 0.0", "--momentum 0.9"),
    Refusal("train --optimizer rmsprop --momentum 0.5 --nesterov", "--nesterov", "rmsprop with the momentum 0.5"),
    Refusal("train --huber-delta 2", "--huber-delta belongs to --loss huber", "the loss is mse", status: 64),
    Refusal("train --loss mae --huber-delta 2", "--huber-delta", "the loss is mae", status: 64),
    Refusal("train --loss huber --huber-delta 1e300", "--huber-delta is 1e+300", "float32"),
    Refusal("train --loss huber --huber-delta 1e-300", "--huber-delta is 1e-300", "float32"),
    Refusal("train --classes 3", "--classes belongs to --loss cross-entropy", "the loss is mse", status: 64),
    Refusal("train --loss cross-entropy", "cross-entropy", "the sine task", "--data"),
  ]

  static let schedules = [
    Refusal("train --schedule step", "--schedule step needs --schedule-steps", status: 64),
    Refusal("train --schedule exponential", "--schedule exponential needs --schedule-gamma", status: 64),
    Refusal("train --schedule plateau --evaluate-every 0", "plateau", "--evaluate-every is 0"),
    Refusal("train --schedule plateau --schedule-gamma 1", "--schedule-gamma is 1.0", "below 1"),
    Refusal("train --schedule plateau --schedule-gamma 2", "--schedule-gamma is 2.0", "below 1"),
  ]
  /// Numbers that a schedule has not.
  static let foreign = [
    ("steps 5", "", "constant"), ("gamma 0.5", "", "constant"), ("minimum 0.1", "", "constant"),
    ("patience 3", "", "constant"), ("gamma 0.5", "cosine", "cosine"), ("patience 3", "cosine", "cosine"),
    ("gamma 0.5", "one-cycle", "one-cycle"), ("minimum 0.1", "one-cycle", "one-cycle"),
    ("steps 5", "plateau", "plateau"), ("minimum 0.1", "step --schedule-steps 4", "step"),
    ("steps 5", "exponential --schedule-gamma 0.9", "exponential"),
  ].map { number, schedule, name in
    Refusal(
      "train \(schedule.isEmpty ? "" : "--schedule \(schedule) ")--schedule-\(number)",
      "--schedule-\(number.split(separator: " ")[0]) belongs to --schedule ", "the schedule is \(name)",
      "`keepstep train --help`", status: 64)
  }

  @Test("is refused by name and value, and no store is made", arguments: belowZero + notAboveZero + counts)
  func outOfRange(refusal: Refusal) throws {
    try refuse(refusal)
  }

  @Test("what does not go together is refused, and no store is made", arguments: choices + schedules + foreign)
  func together(refusal: Refusal) throws {
    try refuse(refusal)
  }

  private func refuse(_ refusal: Refusal) throws {
    let place = try Workplace()
    try place.expect(refusal)
    #expect(try place.files.isEmpty)
  }
}
