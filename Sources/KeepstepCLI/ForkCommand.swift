import ArgumentParser
import RunStore
import Training

struct ForkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fork",
    abstract: "Start a new run at another run's checkpoint, with something changed.",
    discussion: """
      The checkpoint is copied, so that the parent may be removed; the new run's steps go on from its number. Without \
      @CHECKPOINT it starts at the newest one. What the network is made of can't change. With other data, columns, \
      windows or streams the data is read from its beginning.
      """)

  @Argument(help: ArgumentHelp("The parent, with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var reference: RunReference

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
    options.apply(to: &request.hyperparameters)
    request.name = options.name
    request.steps = options.steps ?? request.steps
    request.seed = options.seed ?? request.seed
    request.embedsData = !options.noEmbedData
    if options.data != nil || options.inputs != nil || options.targets != nil {
      request.data = try otherData(of: request.hyperparameters, than: parent)
    }
    let session = try TrainingSession.fork(request, of: parent, at: checkpoint, in: store, kernels: kernels)
    try SessionRunner(store: store, talk: talk).run(session)
  }

  /// The file that was named, or more columns of the parent's file.
  private func otherData(of hyperparameters: Hyperparameters, than parent: RecordedRun) throws -> DataSource {
    let hasColumns = hyperparameters.data != "sine" && parent.hyperparameters.data != "sine"
    return try DataChoice.data(
      of: hyperparameters, inputsGiven: options.inputs != nil || hasColumns,
      targetsGiven: options.targets != nil || hasColumns)
  }
}
