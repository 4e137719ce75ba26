import ArgumentParser
import RunStore

struct StepsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps",
    abstract:
      "List a run's recorded steps: loss, learning rate, gradient norm, training time, and accuracy of class targets.")

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var reference: RunReference

  @OptionGroup var storeOptions: StoreOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("The first step to list.", valueName: "step"))
  var from = 1

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The last step to list. (default: the last one)", valueName: "step"))
  var to: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("List only each n-th step.", valueName: "n"))
  var every = 1

  @OptionGroup var formatOptions: FormatOptions

  mutating func validate() throws {
    try requireAtLeast(1, ("--from", from), ("--to", to), ("--every", every))
    if let to, to < from { throw ValidationError("--to is \(to), before --from, which is \(from)") }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let record = try reader.run(reference.run)
    let last = min(to ?? record.stepsDone, record.stepsDone)
    let steps = from <= last ? try reader.steps(runID: record.id, in: from...last) : []
    // Only class targets have one.
    let hasAccuracy = steps.contains { $0.accuracy != nil }
    let rows = steps.filter { $0.step % every == 0 }.map { step -> [StoreValue] in
      [
        .integer(Int64(step.step)), .real(step.loss), .real(step.learningRate), .real(step.gradientNorm),
        .real(step.trainSeconds),
      ] + (hasAccuracy ? [.optional(step.accuracy)] : [])
    }
    try formatOptions.print(
      columns: ["step", "loss", "learning_rate", "gradient_norm", "train_seconds"] + (hasAccuracy ? ["accuracy"] : []),
      rows: rows)
  }
}
