import Foundation
import Interchange

extension ResultTable {
  /// Prints the rows, or writes them to a file, whole or not at all.
  func write(_ format: ResultFormat, to path: String?) throws {
    guard let path else { return try lines(format) { try Output.line($0) } }
    var text = ""
    try lines(format) { text += $0 + "\n" }
    try AtomicFile.write(Data(text.utf8), to: path)
  }
}
