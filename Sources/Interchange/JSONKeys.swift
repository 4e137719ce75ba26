import Foundation

/// The check that Foundation's JSON readers leave out: of several equal keys in an object, JSONDecoder keeps the first
/// and JSONSerialization the last, both without a word.
enum JSONKeys {
  /// A key that occurs twice in one object, or `nil`.
  ///
  /// - precondition: `json` is valid JSON in UTF-8: a reader has accepted it.
  static func firstDuplicate(in json: Data) -> String? {
    // The keys of each open object; an open array has none.
    var open: [Set<String>?] = []
    var expectsKey = false
    var place = json.startIndex
    while place < json.endIndex {
      switch json[place] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        expectsKey = json[place] == UInt8(ascii: "{")
        open.append(expectsKey ? [] : nil)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = open.popLast()
        expectsKey = false
      case UInt8(ascii: ","): expectsKey = open.last.flatMap { $0 } != nil
      case UInt8(ascii: "\""):
        let end = endOfString(json, from: place)
        if expectsKey, let deepest = open.indices.last {
          let key = text(of: json[place...end])
          if open[deepest]?.insert(key).inserted == false { return key }
        }
        expectsKey = false
        place = end
      default: break
      }
      place += 1
    }
    return nil
  }

  /// The place of the quotation mark that closes the string which opens at `start`.
  private static func endOfString(_ json: Data, from start: Data.Index) -> Data.Index {
    var place = start + 1
    while place < json.endIndex - 1, json[place] != UInt8(ascii: "\"") {
      place += json[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place, json.endIndex - 1)
  }

  /// The text that a string stands for, quotation marks taken off.
  private static func text(of string: Data) -> String {
    if string.contains(UInt8(ascii: "\\")), let decoded = try? JSONDecoder().decode(String.self, from: string) {
      return decoded
    }
    return String(decoding: string.dropFirst().dropLast(), as: UTF8.self)
  }
}
