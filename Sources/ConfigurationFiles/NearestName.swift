/// What somebody who wrote a name wrong may have meant.
public enum NearestName {
  /// The name among `names` that takes the fewest changes, or nil when all are too far away: more than a third of the
  /// letters, and at least two.
  ///
  /// `_` and capital letters cost nothing, as in `hidden_size` for `hidden-size`.
  public static func of(_ name: String, among names: [String]) -> String? {
    // Nobody means an option by more than this, and the distance takes the product of the lengths.
    guard name.utf8.count <= 100 else { return nil }
    let wanted = folded(name)
    let distances = names.map { (name: $0, distance: distance(wanted, folded($0))) }
    guard let nearest = distances.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
      nearest.distance <= max(2, wanted.count / 3)
    else { return nil }
    return nearest.name
  }

  private static func folded(_ name: String) -> [Character] {
    name.lowercased().map { $0 == "_" ? "-" : $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other (Damerau 1964, in the
  /// form that changes no part twice).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
