import ArgumentParser
import Recurrent
import RunStore
import Sequences
import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network and record every step.",
    discussion: """
      Without options this is the seed's job: cos from sin, 32 hidden units, windows of 10, 300 steps of Adam.

      SIGINT and SIGTERM finish the step, write a checkpoint and mark the run "interrupted"; `keepstep resume` goes on \
      from there, or after kill -9 from the newest checkpoint, and ends with the bits of a run that was never stopped.
      """)

  @OptionGroup var configurationOptions: ConfigurationOptions
  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var options: ChangeableOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup var kernelOptions: KernelOptions
  @OptionGroup var talk: TalkOptions

  func run() throws {
    var hyperparameters = try hyperparameters()
    let weights = try model.initialization.map { try InitialWeightsFile.read($0) }
    if let weights {
      // A file of PyTorch's may have a Linear without bias; the flag only speaks of the recurrent layers.
      hyperparameters.hasOutputBias = weights.contains { $0.name == "b_q" }
    }
    let data = try DataChoice.data(of: &hyperparameters, options.given)
    try hyperparameters.validate()
    let windows = try data.windows(hyperparameters)  // too few rows are told before a store is made
    if options.recording.evaluateEvery == nil, hyperparameters.split.validation > 0 {
      // An evaluation runs through all rows before the part's end: as often as training does, it costs less than that.
      hyperparameters.evaluateEvery = max(hyperparameters.evaluateEvery, windows.windowsPerPass ?? 0)
    }
    if let table = data.table {
      for part in [Split.Part.validation, .test] where hyperparameters.split.share(of: part) > 0 {
        _ = try PartRows(part, of: table, hyperparameters)
      }
    }
    var request = TrainingRequest(hyperparameters: hyperparameters)
    request.name = options.recording.name
    request.steps = steps
    request.seed = options.training.seed ?? request.seed
    request.data = data
    request.embedsData = options.data.embedData
    request.initialWeights = weights
    if let weights {
      try InitialWeightsFile.check(
        weights, fit: hyperparameters.network, source: hyperparameters.initialization)
    }
    if hyperparameters.dropout > 0, hyperparameters.numLayers == 1, !talk.quiet {
      Console.note(
        "note: --dropout \(hyperparameters.dropout) changes nothing: it acts between layers, and there is one")
    }
    if let task = windows as? TableTask, !talk.quiet { noteUnused(task) }
    let kernels = try kernelOptions.kernels()
    try RunName.validate(request.name)
    let store = try storeOptions.openForWriting()
    let session = try TrainingSession.start(request, in: store, kernels: kernels)
    try SessionRunner(store: store, talk: talk).run(session)
  }

  private var steps: Int { options.training.steps ?? TrainingRequest().steps }

  /// What the options say; what only the data and the initial weights can say is not in it yet.
  ///
  /// - Throws: `ValidationError` for options of another optimizer, loss or schedule.
  func hyperparameters() throws -> Hyperparameters {
    var hyperparameters = Hyperparameters()
    try options.apply(to: &hyperparameters, steps: steps)
    model.apply(to: &hyperparameters)
    return hyperparameters
  }
}

/// Tells of series that nothing is learned from.
private func noteUnused(_ task: TableTask) {
  let unused = task.unusedSequences
  guard !unused.isEmpty else { return }
  let names = unused.prefix(5).map { task.table.sequenceNames?[$0] ?? "\($0 + 1)" }.joined(separator: ", ")
  Console.note(
    "note: nothing is learned from \(unused.count) of \(task.table.sequenceCount) sequences, too short for a window or left "
      + "over from the last batch: \(names)\(unused.count > 5 ? ", …" : "")")
}

/// `--quiet`.
struct TalkOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Write nothing to standard error but errors.")
  var quiet = false
}
