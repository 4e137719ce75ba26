import ConfigurationFiles
import Foundation

/// A configuration file: what is read from it, and the same again from what is written for it.
func fuzzConfiguration(_ data: Data) {
  guard let file = accepted({ try ConfigurationFile(data, source: "fuzz") }) else { return }
  precondition(Set(file.entries.map(\.key)).count == file.entries.count, "a key stands twice")
  precondition(file.entries.allSatisfy { $0.line >= 1 && $0.line <= data.count + 1 }, "a line that is not there")
  let text = file.text(comments: file.entries.map(\.key))
  // Escapes take up to ten times the room, which may be more than a file has.
  guard text.utf8.count <= ConfigurationFile.sizeLimit else { return }
  let again = accepted { try ConfigurationFile(Data(text.utf8), source: "fuzz") }
  precondition(
    again?.entries.map(\.key) == file.entries.map(\.key) && again?.entries.map(\.value) == file.entries.map(\.value),
    "what was written reads differently")
  for entry in file.entries.prefix(20) { _ = NearestName.of(entry.key, among: ["hidden-size", "steps", "no-bias"]) }
}
