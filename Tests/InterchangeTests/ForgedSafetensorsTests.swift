import Foundation
import Interchange
import Recurrent
import Testing

/// Files that lie; each is refused with a message that says where and with which two values.
struct ForgedSafetensorsTests {
  struct Forgery: CustomTestStringConvertible {
    let name: String
    let data: Data
    let message: String

    var testDescription: String { name }

    /// A file with this header, whatever it says, and `values` zeros behind it.
    init(_ name: String, header: String, values: Int = 4, message: String) {
      self.name = name
      data =
        littleEndian(UInt64(header.utf8.count)) + Data(header.utf8) + littleEndian([Float](repeating: 0, count: values))
      self.message = message
    }

    init(_ name: String, data: Data, message: String) {
      self.name = name
      self.data = data
      self.message = message
    }
  }

  static func tensor(_ shape: String, _ offsets: String, type: String = "F32") -> String {
    "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  static let forgeries: [Forgery] = [
    Forgery(
      "empty file", data: Data(), message: "f: a safetensors file starts with 8 bytes of length, this one has 0 bytes"),
    Forgery(
      "header longer than the file", data: littleEndian(UInt64(1000)) + Data("{}".utf8),
      message: "f: its header says it has 1000 bytes, there are 2"),
    Forgery(
      "header of 2^64 - 1 bytes", data: littleEndian(UInt64.max) + Data("{}".utf8),
      message: "f: its header says it has 18446744073709551615 bytes, there are 2"),
    Forgery(
      "header above the format's limit", data: littleEndian(UInt64(100_000_001)) + Data(count: 100_000_001),
      message: "f: its header has 100000001 bytes, at most 100000000 are read"),
    Forgery("no header", header: "", message: "f: its header is no JSON object of objects"),
    Forgery("no JSON", header: "{\"t\":", message: "f: its header is no JSON object of objects"),
    Forgery("an array", header: "[1]", message: "f: its header is no JSON object of objects"),
    Forgery("space first", header: " {}", message: "f: its header is no JSON object of objects"),
    Forgery(
      "deep nesting", header: "{\"t\":" + String(repeating: "[", count: 1_000_000),
      message: "f: its header is no JSON object of objects"),
    Forgery(
      "UTF-16", data: littleEndian(UInt64(4)) + Data([0x7B, 0, 0x7D, 0]),
      message: "f: its header is no JSON object of objects"),
    Forgery(
      "not UTF-8", data: littleEndian(UInt64(9)) + Data(Array("{\"".utf8) + [0xFF, 0xFE] + Array("\":{}}".utf8)),
      message: "f: its header is no JSON object of objects"),
    Forgery(
      "a name twice", header: "{\"t\":\(tensor("[4]", "[0,16]")),\"t\":\(tensor("[4]", "[0,16]"))}",
      message: "f: its header has the key \"t\" twice in one object"),
    Forgery(
      "a name twice, once escaped", header: "{\"t\":\(tensor("[4]", "[0,16]")),\"\\u0074\":\(tensor("[4]", "[0,16]"))}",
      message: "f: its header has the key \"t\" twice in one object"),
    Forgery(
      "a field twice", header: "{\"t\":{\"dtype\":\"F32\",\"shape\":[4],\"shape\":[4],\"data_offsets\":[0,16]}}",
      message: "f: its header has the key \"shape\" twice in one object"),
    Forgery(
      "metadata with numbers", header: "{\"__metadata__\":{\"step\":3}}", values: 0,
      message: "f: its __metadata__ is no object of texts"),
    Forgery(
      "no shape", header: "{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,16]}}",
      message: "f: tensor \"t\": its header needs dtype (a text), shape (integers) and data_offsets (two integers)"),
    Forgery(
      "a tensor that is a text", header: "{\"t\":\"F32\"}",
      message: "f: tensor \"t\": its header needs dtype (a text), shape (integers) and data_offsets (two integers)"),
    Forgery(
      "three offsets", header: "{\"t\":\(tensor("[4]", "[0,16,16]"))}",
      message: "f: tensor \"t\": its header needs dtype (a text), shape (integers) and data_offsets (two integers)"),
    Forgery(
      "a dimension of 2^64", header: "{\"t\":\(tensor("[18446744073709551616]", "[0,16]"))}",
      message: "f: tensor \"t\": its header needs dtype (a text), shape (integers) and data_offsets (two integers)"),
    Forgery(
      "a control character in a name", header: "{\"\\u001b[2J\":\(tensor("[4]", "[0,12]"))}",
      message: "f: tensor \"\\u{1B}[2J\": shape [4] of F32 needs 16 bytes, data_offsets [0, 12] give 12"),
    Forgery(
      "a product that wraps to 4", header: "{\"t\":\(tensor("[4611686018427387904,4,1]", "[0,16]"))}",
      message: "f: tensor \"t\": shape [4611686018427387904, 4, 1] asks for more values than any memory holds"),
    Forgery(
      "a product that wraps to 0", header: "{\"t\":\(tensor("[4294967296,4294967296]", "[0,0]"))}", values: 0,
      message: "f: tensor \"t\": shape [4294967296, 4294967296] asks for more values than any memory holds"),
    Forgery(
      "bytes that wrap", header: "{\"t\":\(tensor("[4611686018427387905]", "[0,4]"))}", values: 1,
      message: "f: tensor \"t\": shape [4611686018427387905] asks for more values than any memory holds"),
    Forgery(
      "terabytes", header: "{\"t\":\(tensor("[1099511627776]", "[0,4398046511104]"))}",
      message: "f: tensor \"t\": its values end at byte 4398046511104, the file's values at 16"),
    Forgery(
      "a dimension of 0", header: "{\"t\":\(tensor("[9223372036854775807,0]", "[0,0]"))}", values: 0,
      message: "f: tensor \"t\": shape [9223372036854775807, 0] asks for more values than any memory holds"),
    Forgery(
      "no values", header: "{\"t\":\(tensor("[0]", "[0,0]"))}", values: 0,
      message: "f: tensor \"t\": shape [0] has a dimension of 0, below 1"),
    Forgery(
      "two negative dimensions", header: "{\"t\":\(tensor("[-2,-2]", "[0,16]"))}",
      message: "f: tensor \"t\": shape [-2, -2] has a dimension of -2, below 1"),
    Forgery(
      "33 axes", header: "{\"t\":\(tensor("[\(Array(repeating: "1", count: 33).joined(separator: ","))]", "[0,4]"))}",
      message: "f: tensor \"t\": it has 33 axes, at most 32 are read"),
    Forgery(
      "offsets past the end", header: "{\"t\":\(tensor("[4]", "[8,24]"))}",
      message: "f: tensor \"t\": its values end at byte 24, the file's values at 16"),
    Forgery(
      "offsets below 0", header: "{\"t\":\(tensor("[4]", "[-16,0]"))}",
      message: "f: tensor \"t\": data_offsets [-16, 0] are no range"),
    Forgery(
      "offsets backwards", header: "{\"t\":\(tensor("[4]", "[16,0]"))}",
      message: "f: tensor \"t\": data_offsets [16, 0] are no range"),
    Forgery(
      "offsets whose difference overflows",
      header: "{\"t\":\(tensor("[4]", "[-9223372036854775808,9223372036854775807]"))}",
      message: "f: tensor \"t\": data_offsets [-9223372036854775808, 9223372036854775807] are no range"),
    Forgery(
      "offsets that do not fit the shape", header: "{\"t\":\(tensor("[3]", "[0,16]"))}",
      message: "f: tensor \"t\": shape [3] of F32 needs 12 bytes, data_offsets [0, 16] give 16"),
    Forgery(
      "overlap", header: "{\"a\":\(tensor("[3]", "[0,12]")),\"b\":\(tensor("[2]", "[8,16]"))}",
      message: "f: tensor \"b\": its values begin at byte 8, inside the tensor that ends at 12"),
    Forgery(
      "one place for two", header: "{\"a\":\(tensor("[4]", "[0,16]")),\"b\":\(tensor("[4]", "[0,16]"))}",
      message: "its values begin at byte 0, inside the tensor that ends at 16"),
    Forgery(
      "a hole", header: "{\"a\":\(tensor("[1]", "[0,4]")),\"b\":\(tensor("[2]", "[8,16]"))}",
      message: "f: bytes 4..<8 before tensor \"b\" belong to no tensor"),
    Forgery(
      "bytes behind the end", header: "{\"t\":\(tensor("[3]", "[0,12]"))}",
      message: "f: the last tensor ends at byte 12, the file's values at 16"),
    Forgery(
      "another type", header: "{\"t\":\(tensor("[16]", "[0,16]", type: "F8_E4M3"))}",
      message: "f: tensor \"t\": its data type is \"F8_E4M3\", read are BF16, F16, F32, F64, I32, I64"),
    Forgery(
      "infinity", data: one(type: "F32", littleEndian([Float(1), .infinity])),
      message: "f: tensor \"t\", index [1]: inf is not a finite float32"),
    Forgery(
      "a signalling NaN", data: one(type: "F32", littleEndian(UInt32(0xFFA0_0000)) + littleEndian([Float(1)])),
      message: "f: tensor \"t\", index [0]: "),
    Forgery(
      "beyond float32", data: one(type: "F64", littleEndian((1.0).bitPattern) + littleEndian((-1e300).bitPattern)),
      message: "f: tensor \"t\", index [1]: -inf is not a finite float32"),
    Forgery(
      "a half's infinity", data: one(type: "F16", littleEndian(UInt16(0x3C00)) + littleEndian(UInt16(0x7C00))),
      message: "f: tensor \"t\", index [1]: inf is not a finite float32"),
  ]

  /// A file with one tensor `t` of two values.
  static func one(type: String, _ bytes: Data) -> Data {
    let header = "{\"t\":\(tensor("[2]", "[0,\(bytes.count)]", type: type))}"
    return littleEndian(UInt64(header.utf8.count)) + Data(header.utf8) + bytes
  }

  @Test(arguments: forgeries) func isRefused(_ forgery: Forgery) throws {
    let error = try refusal { _ = try Safetensors.decode(forgery.data, source: "f") }
    #expect(error.message.contains(forgery.message))
  }

  @Test func everyTruncationIsRefused() throws {
    let data = try Safetensors.encode(samples, metadata: ["a": "b"])
    for length in 0..<data.count {
      let error = try refusal { _ = try Safetensors.decode(data.prefix(length), source: "f") }
      #expect(error.message.hasPrefix("f: "))
    }
    #expect(
      try refusal { _ = try Safetensors.decode(data + [0], source: "f") }.message.contains("the last tensor ends"))
  }

  @Test func mutationsAreReadOrRefused() throws {
    let data = try Safetensors.encode(samples, metadata: ["a": "b"])
    var random = SplitMix64(state: 1)
    var refused = 0
    for _ in 0..<20_000 {
      let mutant = mutated(data, &random)
      do {
        try expectSound(try Safetensors.decode(mutant, source: "f").tensors)
      } catch is InterchangeError {
        refused += 1
      }
    }
    #expect(refused > 5000)
  }
}
