import Foundation

/// How many bytes one file may make this program hold.
///
/// A file's bytes and the values made from them are in memory at once, beside the network; a quarter of the machine's
/// memory leaves room for that. A forged size is refused here, before memory is asked for.
package enum MemoryBudget {
  static let bytes = Int(clamping: ProcessInfo.processInfo.physicalMemory / 4)

  /// - throws: `ArrayFileError` when `needed` bytes are too many.
  package static func check(_ needed: Int, subject: String) throws {
    guard needed <= bytes else {
      throw ArrayFileError(
        message: "\(subject): it asks for \(needed) bytes, at most \(bytes) are read "
          + "(a quarter of this machine's memory)",
        hint: "if the file is right, use a machine with more memory")
    }
  }
}
