/// What a message says of names: how it quotes them, which one is missing, which one was probably meant.

/// A name or a cell as a message shows it: in quotes, control characters escaped, cut after 40 characters.
func quoted(_ text: String) -> String {
  let shown = text.count > 40 ? text.prefix(40) + "…" : Substring(text)
  return String(shown).debugDescription
}

/// The error for a column that is not there; `groups` are names that stand for several columns.
func noColumn(_ name: String, in source: String, columns: [String], groups: [String] = []) -> SequenceError {
  let near = nearest(to: name, among: groups + columns.prefix(10_000)).map { "did you mean \(quoted($0))? " } ?? ""
  return SequenceError("\(source) has no column \(quoted(name))", hint: "\(near)its columns are: \(list(of: columns))")
}

/// Names as a message lists them: the first 20.
func list(of names: [String]) -> String {
  let shown = names.prefix(20).joined(separator: ", ")
  return names.count > 20 ? "\(shown), … (\(names.count) in all)" : shown
}

/// The first name that stands twice in `names`.
func firstRepeated(_ names: [String]) -> String? {
  var seen: Set<String> = []
  return names.first { !seen.insert($0).inserted }
}

/// The candidate that takes the fewest edits to reach, when these are few enough for a slip of the finger.
private func nearest(to name: String, among candidates: [String]) -> String? {
  // Comparing takes time for each pair of characters, and nobody mistypes a name of that length.
  guard name.utf8.count <= 200 else { return nil }
  let short = candidates.filter { $0.utf8.count <= 200 }
  let ranked = short.map { (name: $0, edits: edits(from: name.lowercased(), to: $0.lowercased())) }
  guard let best = ranked.min(by: { $0.edits < $1.edits }), best.edits <= max(1, name.count / 3) else { return nil }
  return best.name
}

/// Levenshtein's distance: the insertions, deletions and replacements of a character that turn `a` into `b`.
private func edits(from a: String, to b: String) -> Int {
  let b = Array(b)
  var distances = Array(0...b.count)
  for (i, character) in a.enumerated() {
    var diagonal = distances[0]
    distances[0] = i + 1
    for j in b.indices {
      let replacing = diagonal + (character == b[j] ? 0 : 1)
      diagonal = distances[j + 1]
      distances[j + 1] = min(replacing, diagonal + 1, distances[j] + 1)
    }
  }
  return distances[b.count]
}
