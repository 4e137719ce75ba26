import ArgumentParser
import Training

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run, to the bits of a run that was never stopped.",
    discussion: """
      Goes on from the newest checkpoint, or from RUN@STEP, RUN@best, RUN@last. Steps that are recorded already are \
      trained again and compared bit for bit with the record; the first difference stops the run. A run that has stopped \
      early is at its end, whatever --steps says: `keepstep fork RUN --early-stopping 0` goes on from there.
      """)

  @Argument(help: ArgumentHelp("The run, with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var reference: RunReference

  @OptionGroup var storeOptions: StoreOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Another planned end, counted from the run's beginning.", valueName: "n"))
  var steps: Int?

  @Option(help: ArgumentHelp("Read the data from this file; its values must be the run's.", valueName: "file"))
  var data: String?

  @OptionGroup var kernelOptions: KernelOptions
  @OptionGroup var talk: TalkOptions

  mutating func validate() throws {
    try requireAtLeast(0, ("--steps", steps))
  }

  func run() throws {
    let kernels = try kernelOptions.kernels()
    let checkpoint = try reference.selector ?? .last
    if try isComplete() { return }
    let store = try storeOptions.openExisting(toChange: [reference.run])
    let session = try TrainingSession.resume(
      reference.run, from: checkpoint, in: store, steps: steps, dataPath: data, kernels: kernels)
    try SessionRunner(store: store, talk: talk).run(session)
  }

  /// A finished run has nothing to go on with, unless an older checkpoint or a later end is named.
  private func isComplete() throws -> Bool {
    let reader = try storeOptions.openForReading()
    let record = try reader.run(reference.run)
    let end = steps ?? record.stepsPlanned
    guard reference.checkpoint == nil, record.status == .finished,
      end == record.stepsDone || (record.hasStoppedEarly && end >= record.stepsDone)
    else { return false }
    // Its process may have been killed between its last commit and folding the -wal in.
    reader.tidyUp()
    let early = record.hasStoppedEarly ? " of \(record.stepsPlanned), stopped early" : ""
    try Output.line("run \(record.id) (\(record.name)) is finished at step \(record.stepsDone)\(early): nothing to do")
    guard !talk.quiet else { return true }
    let more =
      record.hasStoppedEarly ? "`keepstep fork \(record.id) --early-stopping 0` goes on" : "--steps names a later end"
    Console.note("hint: \(more); `keepstep verify \(record.id)` proves it exact")
    return true
  }
}
