import ArgumentParser
import RunStore

struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Put tags on a run, take them off, or list them.",
    discussion: """
      Examples: keepstep tag last baseline; keepstep tag last --remove baseline. `keepstep runs --tag baseline` lists \
      the runs that have one.
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var reference: RunReference

  @Argument(help: "The tags; without any, the run's are listed.")
  var tags: [String] = []

  @Flag(help: "Take them off.")
  var remove = false

  @OptionGroup var storeOptions: StoreOptions

  mutating func validate() throws {
    try reference.requireWholeRun("tag")
    if remove, tags.isEmpty { throw ValidationError("--remove takes off the tags that are named, and there are none") }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let record = try reader.run(reference.run)
    if !tags.isEmpty {
      let store = try storeOptions.openExisting()
      if remove {
        try store.removeTags(tags, runID: record.id)
      } else {
        try store.addTags(tags, runID: record.id)
      }
      try store.close()
    }
    for tag in try reader.tags(runID: record.id) { try Output.line(tag) }
  }
}
