import Foundation
import Sequences
import Testing

/// CSV that would take all memory or time.
struct EndlessFileTests {
  @Test func aFileWithoutAnEndIsRefused() throws {
    let error = #expect(throws: SequenceError.self) { try Table.readCSV(path: "/dev/zero", columns: ["a"]) }
    #expect(error?.errorDescription?.contains("/dev/zero: it goes on after") == true)
  }

  /// The nearest name is looked for by comparing each pair of characters.
  @Test func namesOfAnyLengthAreMissedAtOnce() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("long-\(UUID().uuidString).csv").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let name = String(repeating: "a", count: 60_000)
    try "\(name)b\n1\n".write(toFile: path, atomically: true, encoding: .utf8)
    let duration = ContinuousClock().measure {
      #expect(throws: SequenceError.self) { try Table.readCSV(path: path, columns: [name]) }
    }
    #expect(duration < .seconds(5))
  }
}
