import Foundation
import Sequences
import Testing

/// Files that were damaged at random: a table or an error, never a crash, and never a value that is not finite.
@Suite struct HostileCSVTests {
  private static let seeds = [
    "date,s,a,b\n2024-01-31,x,1,2\n2024-02-29,y,-1.5e3,NA\n2024-03-31,x,,3\n2024-04-30,y,4,-\n",
    "\u{FEFF}date;s;a;b\r\n2024;\"x\"\"y\";1,5;2\r\n2025;\"x\n\";3;\"4,25\"\r\n",
    "date\ts\ta\tb\r2024Q1\tü\t1\t2\r2024Q2\tü\t3\t4\r",
  ]

  private static func damaged(_ seed: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = seed
    let alphabet = Array(",;\t|\"\r\n\0\u{FF}.-+eE0123456789NAna xy".utf8) + [0x80, 0xC3, 0xFF]
    for _ in 0..<Int.random(in: 1...6, using: &dice) {
      let place = Int.random(in: 0...bytes.count, using: &dice)
      switch Int.random(in: 0...3, using: &dice) {
      case 0 where place < bytes.count: bytes[place] = alphabet.randomElement(using: &dice) ?? 0
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.insert(alphabet.randomElement(using: &dice) ?? 0, at: place)
      default:
        let end = Int.random(in: place...bytes.count, using: &dice)
        bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &dice))
      }
    }
    return bytes
  }

  private static func randomOptions(_ dice: inout Dice) -> ReadingOptions {
    options {
      $0.missing = MissingValues.allCases.randomElement(using: &dice) ?? .refuse
      $0.index = Bool.random(using: &dice) ? "date" : nil
      $0.series = Bool.random(using: &dice) ? "s" : nil
      let given = Int.random(in: 0..<8, using: &dice)
      $0.delimiter = given == 0 ? FieldDelimiter.allCases.randomElement(using: &dice) : nil
      $0.decimal = given == 1 ? DecimalMark.allCases.randomElement(using: &dice) : nil
    }
  }

  private static func use(_ table: Table) {
    #expect(table.values.allSatisfy(\.isFinite) && table.values.count == table.rowCount * table.columns.count)
    #expect(table.sequenceLengths.reduce(0, +) == table.rowCount && table.rowCount > 0)
    #expect(table.index.map { $0.labels.count == table.rowCount } ?? true)
    _ = table.digest
    for number in 0..<table.sequenceCount { _ = try? table.nextLabels(3, ofSequence: number) }
    _ = try? TableTask(table: table, inputs: ["a"], targets: ["b"], shift: 1, window: 1, batchSize: 1)
    if let split = try? Split(validation: 0.3, test: 0.3) {
      let scaling = Scaling(.standard, of: table, rows: split.rows(.training, of: table))
      _ = try? scaling.applied(to: table)
      for part in Split.Part.allCases { _ = try? split.part(part, of: table, window: 1, shift: 0) }
    }
  }

  @Test(arguments: 0..<8)
  func damagedFilesAreTablesOrErrors(round: Int) throws {
    var dice = Dice(state: UInt64(round))
    var tables = 0
    for _ in 0..<400 {
      let seed = Array((Self.seeds.randomElement(using: &dice) ?? "").utf8)
      let packs = Int.random(in: 0..<8, using: &dice) == 0
      let bytes = packs ? Self.damaged(GzipTests.stored(seed), &dice) : Self.damaged(seed, &dice)
      let options = Self.randomOptions(&dice)
      try withFile(bytes) { path in
        do {
          Self.use(try DataFile(path: path, options: options).table(columns: ["a", "b"]))
          tables += 1
        } catch is SequenceError {
          // Refused with a message, as it should be.
        }
      }
    }
    // Some damage does no harm, so the tables' way is tried as well.
    #expect(tables > 10)
  }
}
