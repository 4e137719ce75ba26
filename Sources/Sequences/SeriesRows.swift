/// The rows of a file as they come, before they are put together series by series.
struct SeriesRows {
  let width: Int
  /// Row-major [rows, width]; NaN where a value is missing.
  var values: [Float] = []
  /// Each row's index label; none where there is no index.
  var labels: [String] = []
  /// Each row's series, numbered by first appearance; none where there is one only.
  var series: [Int] = []
  /// The names of the series, where they have some.
  var names: [String]?

  var count: Int { values.count / width }

  /// The rows of each series.
  var lengths: [Int] {
    guard let names else { return [count] }
    return series.reduce(into: [Int](repeating: 0, count: names.count)) { $0[$1] += 1 }
  }

  /// Puts the rows of each series together, the series in order of first appearance and the rows in the file's.
  mutating func group() {
    guard zip(series, series.dropFirst()).contains(where: { $0 > $1 }) else { return }
    var next = lengths.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    var order = [Int](repeating: 0, count: count)
    for (row, number) in series.enumerated() {
      order[next[number]] = row
      next[number] += 1
    }
    let old = self
    for (new, row) in order.enumerated() {
      for column in 0..<width { values[new * width + column] = old.values[row * width + column] }
      if !labels.isEmpty { labels[new] = old.labels[row] }
      series[new] = old.series[row]
    }
  }
}

/// The names of series, numbered by first appearance.
struct SeriesNames {
  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]
  /// The bytes of the last one asked for: rows of one series mostly follow each other.
  private var last: [UInt8] = []

  func isLast(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    last.elementsEqual(bytes)
  }

  mutating func number(of name: String, bytes: UnsafeBufferPointer<UInt8>) -> Int {
    last = Array(bytes)
    if let number = numbers[name] { return number }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }
}
