import ArgumentParser
import Foundation
import Training

/// The root of the command line: options become one library call, and its result is printed.
struct Keepstep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keepstep",
    abstract: "Trains recurrent networks and keeps every step in one SQLite file, exactly resumable.",
    discussion: """
      A RUN is an id, a name, a uuid's first letters, or "last". RUN@CHECKPOINT names one of its checkpoints: a step, \
      "best" or "last".

      Results go to standard output, everything else to standard error. Exit status: 0 success, 64 wrong usage, 1 any \
      other failure, 130 or 143 after SIGINT or SIGTERM.

      The store is one SQLite file: --store, or $KEEPSTEP_STORE, or keepstep.db in this folder. \
      KEEPSTEP_ALLOW_NETWORK_FILESYSTEM=1 is --allow-network-filesystem for every command.
      KEEPSTEP_ISA=scalar|avx2|avx512|neon forces an instruction set; all give the same bits. KEEPSTEP_GNUPLOT names \
      the gnuplot program that `plot` and `report` use.
      """,
    version: keepstepVersion,
    subcommands: [
      TrainCommand.self, ResumeCommand.self, ForkCommand.self, VerifyCommand.self, RunsCommand.self, ShowCommand.self,
      StepsCommand.self, CheckpointsCommand.self, QueryCommand.self, PredictCommand.self, ForecastCommand.self,
      BacktestCommand.self, CompareCommand.self,
      ExportCommand.self, ExportRunsCommand.self, PlotCommand.self, ReportCommand.self, WatchCommand.self,
      CheckCommand.self, BackupCommand.self,
      RecoverCommand.self, MergeCommand.self,
      TagCommand.self, NoteCommand.self, PinCommand.self, CollectCommand.self, RemoveCommand.self,
    ])

  @Flag(help: "Print the manual page, for man(1); --generate-completion-script SHELL prints completions.")
  var generateManual = false

  func run() throws {
    guard generateManual else { throw CleanExit.helpRequest(self) }
    try Output.text(ManualPage(of: try CommandDescription.of(Keepstep.self), date: ManualPage.date).text)
  }
}

@main
enum Program {
  static func main() {
    signal(SIGPIPE, SIG_IGN)  // a closed pipe is an error of write, told like any other
    signal(SIGXFSZ, SIG_IGN)  // and so is a file that grew to the limit (ulimit -f)
    var configured = ConfiguredArguments(unchanged: Array(CommandLine.arguments.dropFirst()))
    do {
      try Usage.requireKnownCommand(CommandLine.arguments)
      configured = try ConfiguredArguments(configured.arguments)
      var command = try Keepstep.parseAsRoot(configured.arguments)
      try command.run()
      try Output.flush()
    } catch is BrokenPipe {
      exit(0)  // the reader has seen enough, as with `| head`
    } catch let error as any LocalizedError {
      try? Output.flush()  // what was found until then, as the findings of `check`
      Console.fail(error, located: configured.located)
    } catch {
      Usage.exit(for: error, located: configured.located)
    }
  }
}
