import ArrayFiles
import Foundation

extension Safetensors {
  /// The JSON header of a file that is read, checked as far as it goes without the values.
  enum Header {
    /// A tensor's place among the values: bytes `begin..<end`, as many as type and shape ask for.
    struct Entry {
      var name: String
      var type: ElementType
      var shape: [Int]
      var begin: Int
      var end: Int
    }

    private static let types: [String: ElementType] = [
      "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
    ]

    /// The metadata and the tensors, sorted by their begin.
    static func parse(_ json: Data, source: String) throws -> (metadata: [String: String], entries: [Entry]) {
      // The format wants `{` first. With the ban of NUL this also keeps UTF-16 away, which Foundation would read.
      guard json.first == UInt8(ascii: "{"), !json.contains(0),
        let members = try? JSONDecoder().decode([String: Member].self, from: json)
      else {
        throw InterchangeError(
          message: "\(source): its header is no JSON object of objects",
          hint: "the file is damaged or no safetensors file")
      }
      if let key = JSONKeys.firstDuplicate(in: json) {
        throw InterchangeError(
          message: "\(source): its header has the key \(quoted(key)) twice in one object", hint: "the file is forged")
      }
      var metadata: [String: String] = [:]
      var entries: [Entry] = []
      for (name, member) in members {
        if name == metadataKey {
          guard let texts = member.texts else {
            throw InterchangeError(message: "\(source): its \(metadataKey) is no object of texts")
          }
          metadata = texts
        } else {
          entries.append(try entry(name, member, source: source))
        }
      }
      return (metadata, entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) })
    }

    private static func entry(_ name: String, _ member: Member, source: String) throws -> Entry {
      let subject = "\(source): tensor \(quoted(name))"
      guard let typeName = member.dtype, let shape = member.shape, let offsets = member.offsets, offsets.count == 2
      else {
        throw InterchangeError(
          message: "\(subject): its header needs dtype (a text), shape (integers) and data_offsets (two integers)",
          hint: "the file is damaged or forged")
      }
      guard let type = types[typeName] else {
        throw InterchangeError(
          message:
            "\(subject): its data type is \(quoted(typeName)), read are \(types.keys.sorted().joined(separator: ", "))",
          hint: "convert the tensor to float32 before saving it, or leave it out")
      }
      let needed = try ArrayShape.count(of: shape, subject: subject) * type.size
      let (begin, end) = (offsets[0], offsets[1])
      guard begin >= 0, end >= begin else {
        throw InterchangeError(message: "\(subject): data_offsets \(offsets) are no range", hint: "the file is forged")
      }
      guard end - begin == needed else {
        throw InterchangeError(
          message:
            "\(subject): shape \(shape) of \(typeName) needs \(needed) bytes, "
            + "data_offsets \(offsets) give \(end - begin)",
          hint: "the file is damaged or forged")
      }
      return Entry(name: name, type: type, shape: shape, begin: begin, end: end)
    }
  }
}

/// What stands behind one name of a header: a tensor's three fields, or the metadata's texts. A field of another type
/// is `nil`, so that the check that follows can name the tensor.
private struct Member: Decodable {
  var dtype: String?
  var shape: [Int]?
  var offsets: [Int]?
  var texts: [String: String]?

  private enum CodingKeys: String, CodingKey {
    case dtype
    case shape
    case offsets = "data_offsets"
  }

  init(from decoder: any Decoder) throws {
    texts = try? [String: String](from: decoder)
    guard let container = try? decoder.container(keyedBy: CodingKeys.self) else { return }
    dtype = try? container.decode(String.self, forKey: .dtype)
    shape = try? container.decode([Int].self, forKey: .shape)
    offsets = try? container.decode([Int].self, forKey: .offsets)
  }
}
