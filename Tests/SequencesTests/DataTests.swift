import Crypto
import Foundation
import Sequences
import Testing

/// The datasets of `data/` and what its README says of them.
@Suite struct DataTests {
  private let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("data")

  @Test func theReadmeNamesEveryFilesDigest() throws {
    let readme = try String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".csv") }
    #expect(names.contains("sunspots.csv") && names.contains("co2.csv"))
    for name in names {
      let section = try #require(readme.components(separatedBy: "\n## ").first { $0.hasPrefix(name) }, "\(name)")
      let digest = SHA256.hash(data: try Data(contentsOf: folder.appendingPathComponent(name)))
      let hex = digest.map { String(format: "%02x", $0) }.joined()
      #expect(section.contains("SHA-256: `\(hex)`"), "\(name) is \(hex)")
    }
  }

  @Test func sunspotsRead() throws {
    let path = folder.appendingPathComponent("sunspots.csv").path
    let table = try Table.readCSV(path: path, columns: ["year", "sunspots"])
    #expect(table.rowCount == 309)
    #expect(table.values.prefix(4) == [1700, 5, 1701, 11])
    #expect(table.values.suffix(4) == [2007, 7.5, 2008, 2.9])
    #expect(stride(from: 0, to: 618, by: 2).allSatisfy { table.values[$0] == Float(1700 + $0 / 2) })
  }

  @Test func co2Reads() throws {
    let path = folder.appendingPathComponent("co2.csv").path
    let weeks = options {
      $0.index = "date"
      $0.missing = .interpolate
    }
    let table = try DataFile(path: path, options: weeks).table(columns: ["co2"])
    #expect(table.rowCount == 2_284 && table.season == 52)
    #expect(table.values.prefix(3) == [316.1, 317.3, 317.6] && table.values.last == 371.5)
    #expect(try table.nextLabels(2, ofSequence: 0) == ["2002-01-05", "2002-01-12"])
    let dropped = try DataFile(path: path, options: options { $0.missing = .drop }).table(columns: ["co2"])
    #expect(dropped.rowCount == 2_284 - 59)
  }
}
