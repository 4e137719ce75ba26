import ArgumentParser
import Figures
import Foundation
import RunStore

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watch a run that another process trains: its numbers and its loss curve, live.",
    discussion: """
      Only reads, and the training does not wait for it. It ends with 0 when the run ends, and with 130 on Ctrl-C, which \
      leaves the training alone. Without a terminal on standard output it prints a plain line whenever the run has gone on.
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var reference: RunReference

  @OptionGroup var storeOptions: StoreOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds between two looks. (default: 0.5, without a terminal 5)", valueName: "seconds"))
  var interval: Double?

  mutating func validate() throws {
    try reference.requireWholeRun("watch")
    try require("--interval", interval, "from 0.1 to 3600 seconds") { $0 >= 0.1 && $0 <= 3_600 }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    var run = try WatchedRun(reference.run, in: reader)
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let signals = WatchSignals.install()
    if isTerminal {
      let screen = WatchScreen()
      defer { screen.leave() }
      try follow(&run, every: interval ?? 0.5, signals) { run in
        if signals.isSuspended { screen.suspend() }
        try screen.show(run)
      }
    } else {
      var shown = -1
      try follow(&run, every: interval ?? 5, signals) { run in
        guard run.record.stepsDone != shown, !run.isOver else { return }
        shown = run.record.stepsDone
        try Output.line(run.line)
        try Output.flush()
      }
    }
    for line in run.ending { try Output.line(line) }
    try Output.flush()
    if let signal = signals.stop { Foundation.exit(128 + signal) }
  }

  /// Looks at the run until it ends or a signal comes.
  private func follow(
    _ run: inout WatchedRun, every seconds: Double, _ signals: WatchSignals, _ show: (WatchedRun) throws -> Void
  ) throws {
    while true {
      try run.look()
      try show(run)
      if run.isOver || signals.stop != nil { return }
      let next = Date(timeIntervalSinceNow: seconds)
      while Date() < next, signals.stop == nil, !signals.isAwaiting { Thread.sleep(forTimeInterval: 0.05) }
    }
  }
}
