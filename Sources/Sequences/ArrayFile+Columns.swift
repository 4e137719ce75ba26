/// A column of an array file: a feature of an array.
struct ArrayColumn {
  let name: String
  let array: String
  let feature: Int
  let layout: ArrayLayout
}

extension ArrayFile {
  /// The columns that `names` stand for, in their order: each is a column's name, or an array's for all its columns.
  /// - Throws: `SequenceError` when no names are given, there is no such column, or a name may mean two.
  func columns(_ names: [String]) throws -> [ArrayColumn] {
    guard !names.isEmpty else {
      throw SequenceError("no columns of \(path) are named", hint: "its columns are: \(list(of: allColumns()))")
    }
    let layouts = try layouts(of: Set(names + names.compactMap { Self.split($0)?.array }))
    return try names.flatMap { try columns($0, layouts) }
  }

  private func columns(
    _ name: String, _ layouts: [String: Result<ArrayLayout, any Error>]
  ) throws -> [ArrayColumn] {
    if let array = onlyArray {
      guard let layout = try layouts[array]?.get(), let feature = Self.number(name), feature < layout.features else {
        throw noColumn(name)
      }
      return [ArrayColumn(name: name, array: array, feature: feature, layout: layout)]
    }
    let feature = try self.feature(name, layouts)
    guard let layout = try layouts[name]?.get() else {
      guard let feature else { throw noColumn(name) }
      return [feature]
    }
    let whole = self.all(of: name, layout)
    // Arrays called x and x.0 may have a column of one name.
    let arrays = whole.count > 1 ? Set(self.names) : []
    if let twin = feature?.name ?? whole.first(where: { $0.name != name && arrays.contains($0.name) })?.name {
      throw SequenceError(
        "\(path): an array and a feature of another are both called \(quoted(twin))",
        hint: "give one of the two arrays another name")
    }
    return whole
  }

  /// The column that `name` is as one of an array's several features, `x.2`.
  private func feature(
    _ name: String, _ layouts: [String: Result<ArrayLayout, any Error>]
  ) throws -> ArrayColumn? {
    guard let (array, feature) = Self.split(name), let layout = layouts[array] else { return nil }
    // Of an array that cannot be read, nothing is known; another one may have just that name.
    guard let layout = layouts[name] == nil ? try layout.get() : try? layout.get() else { return nil }
    guard layout.features > 1, feature < layout.features else { return nil }
    return ArrayColumn(name: name, array: array, feature: feature, layout: layout)
  }

  private func all(of array: String, _ layout: ArrayLayout) -> [ArrayColumn] {
    (0..<layout.features).map { feature in
      let name = onlyArray != nil ? "\(feature)" : layout.features == 1 ? array : "\(array).\(feature)"
      return ArrayColumn(name: name, array: array, feature: feature, layout: layout)
    }
  }

  /// `x.2` as array x and feature 2.
  private static func split(_ name: String) -> (array: String, feature: Int)? {
    guard let dot = name.lastIndex(of: "."), let feature = number(name[name.index(after: dot)...]) else { return nil }
    return (String(name[..<dot]), feature)
  }

  /// The number that `text` writes in the one way that a column's name has it.
  private static func number(_ text: some StringProtocol) -> Int? {
    Int(text).flatMap { "\($0)" == text && $0 >= 0 ? $0 : nil }
  }

  /// All columns' names, for messages; arrays that are not read have none.
  private func allColumns() -> [String] {
    let layouts = (try? layouts(of: Set(names))) ?? [:]
    return names.flatMap { name -> [String] in
      guard let layout = try? layouts[name]?.get() else { return [] }
      return all(of: name, layout).map(\.name)
    }
  }

  private func noColumn(_ name: String) -> SequenceError {
    Sequences.noColumn(name, in: path, columns: allColumns(), groups: onlyArray == nil ? names : [])
  }
}
