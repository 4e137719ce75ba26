import Figures
import RunStore
import Training

/// How a run is repeated, and its repetition checked.
struct RepeatCommands {
  /// Sentences and commands.
  let contents: [ReportPage.Section.Content]

  /// - Throws: `StoreError` when a row can't be read.
  init(_ run: RunRecord, in reader: StoreReader) throws {
    let name = Self.quoted(run.name)
    contents = [
      .text("With the store, which has its data and every step:"),
      .code("keepstep verify \(name)\nkeepstep show \(name)\nkeepstep predict \(name) -o predictions.csv"),
    ]
  }

  /// A word for a shell of Unix's.
  static func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "-_./,@=+:".unicodeScalars.contains(scalar))
    }
    if plain, !text.isEmpty, !text.hasPrefix("-") { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
