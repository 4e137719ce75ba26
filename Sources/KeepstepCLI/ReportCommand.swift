import ArgumentParser
import Figures
import Foundation
import RunStore

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one self-contained page of HTML about a run, with all its pictures.",
    discussion: """
      The page needs no network and no other file: pictures, hyperparameters, segments, checkpoints, and the commands that \
      repeat the run are in it. It is light or dark as its reader prefers. Drawn by gnuplot.
      """)

  @Argument(help: ArgumentHelp("The run, with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var reference: RunReference

  @Option(name: .shortAndLong, help: ArgumentHelp("The page to write, .html.", valueName: "file"))
  var output: String

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var kernelOptions: KernelOptions
  @OptionGroup var talk: TalkOptions

  mutating func validate() throws {
    let ending = URL(fileURLWithPath: output).pathExtension.lowercased()
    guard ["html", "htm"].contains(ending) else {
      throw ValidationError("--output is \(output.debugDescription); a report is a page of HTML, and ends in .html")
    }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let report = RunReport(reference, in: reader, kernels: try kernelOptions.kernels())
    let page = try report.page()
    try page.write(to: output)
    if !talk.quiet { Console.note("\(output): \(page.title)") }
  }
}
