import Figures
import Foundation
import RunStore
import Training

/// How a run is repeated, and its record checked.
struct RepeatCommands {
  /// Sentences and commands.
  let contents: [ReportPage.Section.Content]

  /// - Throws: `StoreError` when a row can't be read.
  init(_ run: RunRecord, in reader: StoreReader) throws {
    let name = Self.quoted(run.name)
    let file = Self.quoted("\(run.name).yaml".replacing("/", with: "-"))
    let again = Self.quoted("\(run.name)-again")
    var command = "train"
    if let id = run.parentCheckpointID, let parent = try reader.checkpoint(id: id) {
      command = "fork \(Self.quoted("\(try reader.run(String(parent.runID)).name)@\(parent.step)"))"
    }
    contents = [
      .text("Trained again in memory and compared with every recorded bit:"),
      .code("keepstep verify \(name)"),
      .text("Trained again as a run of its own, to the same bits, from a file of its options:"),
      .code("keepstep show \(name) --config > \(file)\nkeepstep \(command) --config \(file) --name \(again)"),
      .text("That file, to repeat the run without the store:"),
      Self.configuration(of: run, in: reader),
    ]
  }

  /// The file of the run's options, or why no options repeat it.
  private static func configuration(of run: RunRecord, in reader: StoreReader) -> ReportPage.Section.Content {
    do {
      return .code(try RunConfiguration(of: run, in: reader).text)
    } catch {
      return .text((error as? any LocalizedError)?.errorDescription ?? "\(error)")
    }
  }

  /// A word for a shell of Unix's.
  static func quoted(_ text: String) -> String {
    let plain = CharacterSet(charactersIn: "-_./,@=+:").union(.alphanumerics)
    let isPlain = text.unicodeScalars.allSatisfy { $0.isASCII && plain.contains($0) }
    if isPlain, !text.isEmpty, !text.hasPrefix("-") { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
