/// The order in which people meet a network's tensors: from the inputs to the outputs, layer by layer.
struct TensorOrder: Comparable {
  private let key: [Int]
  private let name: String

  private static let stems = ["W_xh", "W_hh", "W_hr", "b_h", "b_xn", "b_hn", "H", "C", "W_hq", "b_q"]

  /// - Parameter name: `W_xh_l1_reverse`.
  init(_ name: String) {
    self.name = name
    let isReverse = name.hasSuffix("_reverse")
    var stem = isReverse ? name.dropLast("_reverse".count) : name[...]
    var layer = 0
    if let match = stem.firstMatch(of: /_l(\d+)$/) {
      layer = Int(match.1) ?? 0
      stem = stem[..<match.range.lowerBound]
    }
    let rank = Self.stems.firstIndex(of: String(stem)) ?? Self.stems.count
    key = [rank >= 8 ? 1 : 0, layer, isReverse ? 1 : 0, rank]
  }

  static func < (a: TensorOrder, b: TensorOrder) -> Bool {
    a.key == b.key ? a.name < b.name : a.key.lexicographicallyPrecedes(b.key)
  }
}
