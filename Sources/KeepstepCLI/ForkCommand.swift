import ArgumentParser
import RunStore
import Sequences
import Training

struct ForkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fork",
    abstract: "Start a new run at another run's checkpoint, with something changed.",
    discussion: """
      The checkpoint is copied, so that the parent may be removed; the new run's steps go on from its number. Without \
      @CHECKPOINT it starts at the newest one. What the network is made of can't change. With other data, columns, \
      parts, scaling, windows or streams the data is read from its beginning. The parent's scaling stays, also with \
      other data, unless --scale fits another. Early stopping counts anew.
      """)

  @Argument(help: ArgumentHelp("The parent, with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var reference: RunReference

  @OptionGroup var configurationOptions: ConfigurationOptions
  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup(title: "What changes (default: as the parent)") var options: ChangeableOptions
  @OptionGroup var kernelOptions: KernelOptions
  @OptionGroup var talk: TalkOptions

  func run() throws {
    let kernels = try kernelOptions.kernels()
    let selector = try reference.selector ?? .last
    let store = try storeOptions.openExisting()
    let parent = try RecordedRun(try store.reader.run(reference.run), in: store.reader)
    let checkpoint = try store.reader.checkpoint(runID: parent.record.id, selector)
    var request = ForkRequest(of: parent)
    request.steps = options.training.steps ?? request.steps
    request.hyperparameters = try hyperparameters(of: parent.hyperparameters, steps: parent.record.stepsPlanned)
    request.name = options.recording.name
    request.seed = options.training.seed ?? request.seed
    request.embedsData = options.data.embedData
    if options.data.namesData || options.training.loss != nil {
      request.data = try otherData(of: &request.hyperparameters, than: parent)
    } else if let table = parent.table {
      try DataChoice.fitScaling(to: table, in: &request.hyperparameters, given(request.hyperparameters, than: parent))
    } else if let scale = options.data.scale, scale != .none {
      _ = try DataChoice.data(of: &request.hyperparameters, options.given)
    }
    // A loss that the data can't have is told before what it would make of the network.
    try request.hyperparameters.validate()
    let session = try TrainingSession.fork(request, of: parent, at: checkpoint, in: store, kernels: kernels)
    try SessionRunner(store: store, talk: talk).run(session)
  }

  /// The parent's, with what the options change; what only other data can say is not in it yet.
  ///
  /// - Parameter steps: the parent's planned end.
  /// - Throws: `ValidationError` for options of another optimizer, loss or schedule.
  func hyperparameters(of parent: Hyperparameters, steps: Int) throws -> Hyperparameters {
    var hyperparameters = parent
    try options.apply(to: &hyperparameters, steps: options.training.steps ?? steps)
    return hyperparameters
  }

  /// What was given of the options that the data completes.
  private func given(_ hyperparameters: Hyperparameters, than parent: RecordedRun) -> DataChoice.Given {
    var given = options.given
    given.changesDifference = hyperparameters.isDifferenced != parent.hyperparameters.isDifferenced
    return given
  }

  /// The file that was named, or more columns of the parent's file.
  private func otherData(of hyperparameters: inout Hyperparameters, than parent: RecordedRun) throws -> DataSource {
    let hasColumns = hyperparameters.data != "sine" && parent.hyperparameters.data != "sine"
    var given = given(hyperparameters, than: parent)
    given.inputs = given.inputs || hasColumns
    given.targets = given.targets || hasColumns
    // The network stays, and with it the parent's classes.
    given.classes = hyperparameters.classes > 0
    return try DataChoice.data(of: &hyperparameters, given)
  }
}
