import Foundation
import Sequences

/// A table as text, read in each of the ways that a person may ask for, and packed by gzip.
func fuzzCSV(_ data: Data) {
  let path = ScratchFile.path(data, "csv")
  useAsData(path, columns: ["a", "b"])
  useAsData(path, columns: ["a"])
  for missing in MissingValues.allCases {
    var options = marks(data)
    (options.index, options.series, options.missing) = ("a", "b", missing)
    guard let table = accepted({ try DataFile(path: path, options: options).table(columns: ["a"]) }) else { continue }
    precondition(table.sequenceLengths.reduce(0, +) == table.rowCount && table.values.allSatisfy(\.isFinite))
    if let layout = table.layout {
      let again = accepted {
        try Table(
          source: table.source, columns: table.columns, values: table.values,
          layout: TableLayout(text: layout.text()))
      }
      precondition(again == table, "what was written reads differently")
    }
    for number in 0..<table.sequenceCount { _ = accepted { try table.nextLabels(2, ofSequence: number) } }
  }
  fuzzGzip(data)
}

/// Separators and decimal marks, named or to be found: which of them, the length of the data decides.
private func marks(_ data: Data) -> ReadingOptions {
  let delimiters = [nil] + FieldDelimiter.allCases
  let decimals = [nil] + DecimalMark.allCases
  var options = ReadingOptions()
  options.delimiter = delimiters[data.count % delimiters.count]
  options.decimal = decimals[data.count / delimiters.count % decimals.count]
  return options
}

/// The same bytes in a gzip file, which must read as they do by themselves; and as the packed part of one.
private func fuzzGzip(_ data: Data) {
  let header = Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
  _ = accepted { try DataFile(path: ScratchFile.path(header + data, "csv.gz")).table(columns: ["a"]) }
  guard data.count < 1 << 16, !data.starts(with: header.prefix(2)) else { return }
  var options = marks(data)
  options.missing = .drop
  let plain = accepted { try DataFile(path: ScratchFile.path(data, "csv"), options: options).table(columns: ["a"]) }
  let size = UInt32(data.count)
  // One block that is stored as it is: its length twice, the second time turned around.
  let block = Data([1]) + bytes(UInt16(size)) + bytes(~UInt16(size)) + data
  let packed = ScratchFile.path(header + block + bytes(checksum(data)) + bytes(size), "csv.gz")
  let unpacked = accepted { try DataFile(path: packed, options: options).table(columns: ["a"]) }
  precondition(plain?.values == unpacked?.values, "what gzip packed reads differently")
}

private func bytes(_ value: some FixedWidthInteger) -> Data {
  withUnsafeBytes(of: value.littleEndian) { Data($0) }
}

/// CRC-32 (RFC 1952, 8).
private func checksum(_ data: Data) -> UInt32 {
  ~data.reduce(~0) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
}
