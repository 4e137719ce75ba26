import Sequences
import Testing

/// Sequences of `length` rows each, with columns r = row, s = 1000 + row, t = 2000 + row.
private func sequences(_ count: Int, of length: Int) throws -> Table {
  let values = (0..<count * length).flatMap { row in [0, 1000, 2000].map { Float($0 + row) } }
  return try Table(source: "walks", columns: ["r", "s", "t"], values: values, sequenceCount: count)
}

/// Tasks on tables of several sequences; those of one are in `TableTaskTests`.
@Suite struct SequenceTaskTests {
  @Test func groupsOfSequencesFollowEachOther() throws {
    // 5 sequences of 7 rows: 2 groups of 2, the last sequence is left out; 6 rows have targets, so 2 windows of 3.
    let task = try TableTask(
      table: sequences(5, of: 7), inputs: ["r"], targets: ["r", "s"], shift: 1, window: 3, batchSize: 2)
    #expect(task.windowsPerPass == 4 && task.windowsPerStream == 2)
    #expect(task.streamLength == 6 && task.usableRows == 30)
    #expect(task.streamStarts == [0, 7, 14, 21, 28])
    let windows = (0..<4).map { filled(task, window: $0) }
    #expect(
      windows.map(\.x) == [
        [0, 7, 1, 8, 2, 9], [3, 10, 4, 11, 5, 12], [14, 21, 15, 22, 16, 23], [17, 24, 18, 25, 19, 26],
      ])
    for (x, y) in windows { #expect(y == x.flatMap { [$0 + 1, $0 + 1001] }) }
    #expect((0..<4).map { task.startsFromZero(window: $0) } == [true, false, true, false])
  }

  @Test(arguments: [(1, 1, 0), (2, 3, 1), (4, 2, 3), (9, 5, 2), (11, 7, 0)])
  func everyRowComesOnceAPassAndTargetsStayInTheirSequence(window: Int, batchSize: Int, shift: Int) throws {
    let (N, L) = (7, 11)
    let task = try TableTask(
      table: sequences(N, of: L), inputs: ["r"], targets: ["r"], shift: shift, window: window, batchSize: batchSize)
    let perStream = (L - shift) / window
    let passes = try #require(task.windowsPerPass)
    #expect(passes == N / batchSize * perStream)
    var seen: [Int] = []
    for w in 0..<passes {
      let (x, y) = filled(task, window: w)
      #expect(y == x.map { $0 + Float(shift) })
      #expect(zip(x, y).allSatisfy { Int($0) / L == Int($1) / L })
      #expect(task.startsFromZero(window: w) == (Int(x[0]) % L == 0))
      for t in 0..<window {
        for b in 0..<batchSize {
          #expect(Int(x[t * batchSize + b]) == task.row(window: w, time: t, stream: b))
        }
      }
      seen += x.map { Int($0) }
    }
    let used = N / batchSize * batchSize
    #expect(seen.sorted() == (0..<used).flatMap { n in (0..<perStream * window).map { n * L + $0 } })
  }

  @Test func aRowsTargetLiesInItsSequence() throws {
    let task = try TableTask(
      table: sequences(2, of: 4), inputs: ["r", "t"], targets: ["s"], shift: 2, window: 1, batchSize: 1)
    #expect((0..<8).map { task.targets(row: $0) } == [[1002], [1003], nil, nil, [1006], [1007], nil, nil])
    #expect(task.inputs(row: 3) == [3, 2003] && task.inputs(row: 7) == [7, 2007])
    #expect(task.inputs(row: 8) == nil && task.targets(row: 8) == nil && task.targets(row: -1) == nil)
  }

  @Test func wideWindowsAreCopiedInPieces() throws {
    // Wanted: two long runs of neighbours, the second before the first; another order; every other column.
    let (N, L, width) = (3, 5, 50)
    let names = (0..<width).map { "c\($0)" }
    let table = try Table(
      source: "wide", columns: names, values: (0..<N * L * width).map { Float($0) }, sequenceCount: N)
    let choices: [[Int]] = [
      Array(25..<50) + Array(3..<24), (0..<width).reversed(), Array(stride(from: 0, to: width, by: 2)),
      Array(0..<width),
      [49], Array(5..<9),
    ]
    for inputs in choices {
      for targets in choices {
        for batchSize in 1...3 {
          let task = try TableTask(
            table: table, inputs: inputs.map { names[$0] }, targets: targets.map { names[$0] }, shift: 1, window: 2,
            batchSize: batchSize)
          for w in 0..<(try #require(task.windowsPerPass)) {
            let (x, y) = filled(task, window: w)
            let rows = (0..<2).flatMap { t in (0..<batchSize).map { task.row(window: w, time: t, stream: $0) } }
            #expect(x == rows.flatMap { row in inputs.map { Float(row * width + $0) } })
            #expect(y == rows.flatMap { row in targets.map { Float((row + 1) * width + $0) } })
          }
        }
      }
    }
  }

  @Test(arguments: [
    (3, 0, 4, "walks has 3 sequences; a batch size of 4 takes 4 side by side"),
    (5, 0, 1, nil),
    (5, 1, 1, "walks has sequences of 5 rows; one window of 5 rows, with targets 1 rows later, takes 6"),
    (
      5, Int.max, 1,
      "walks has sequences of 5 rows; one window of 5 rows, with targets 9223372036854775807 rows later, takes more"
    ),
    (3, 0, Int.max, "walks has 3 sequences; a batch size of \(Int.max) takes \(Int.max) side by side"),
  ])
  func impossibleSizesAreRefused(window: Int, shift: Int, batchSize: Int, message: String?) throws {
    let table = try sequences(3, of: 5)
    func task() throws -> TableTask {
      try TableTask(table: table, inputs: ["r"], targets: ["s"], shift: shift, window: window, batchSize: batchSize)
    }
    if let message {
      #expect(try #require(throws: SequenceError.self) { try task() }.message == message)
    } else {
      #expect(try task().windowsPerPass == 3)
    }
  }
}
