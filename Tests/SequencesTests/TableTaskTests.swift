import Sequences
import Testing

/// Rows 0 … count - 1 of columns r = row, s = 100 + row, t = 200 + row.
private func numbered(_ count: Int) throws -> Table {
  let values = (0..<count).flatMap { row in [0, 100, 200].map { Float($0 + row) } }
  return try Table(source: "numbered", columns: ["r", "s", "t"], values: values)
}

@Suite struct TableTaskTests {
  @Test func oneStreamIsTheDataInOrder() throws {
    let task = try TableTask(
      table: numbered(8), inputs: ["r"], targets: ["r"], shift: 1, window: 3, batchSize: 1)
    #expect(task.usableRows == 7 && task.streamLength == 7 && task.windowsPerPass == 2)
    #expect(filled(task, window: 0) == ([0, 1, 2], [1, 2, 3]))
    #expect(filled(task, window: 1) == ([3, 4, 5], [4, 5, 6]))
  }

  @Test func streamsAndColumnsLieSideBySide() throws {
    // 13 rows less a shift of 2 are 11, so 2 streams of 5 rows, so 2 windows of 2 rows; rows 4, 9 and 10 are left out.
    let task = try TableTask(
      table: numbered(13), inputs: ["t", "r"], targets: ["s", "r", "t"], shift: 2, window: 2, batchSize: 2)
    #expect(task.inputSize == 2 && task.outputSize == 3 && task.batchSize == 2 && task.window == 2)
    #expect(task.usableRows == 11 && task.streamLength == 5 && task.windowsPerPass == 2)
    #expect(task.windowsPerStream == 2 && task.streamStarts == [0, 5])
    #expect(task.startsFromZero(window: 0) && !task.startsFromZero(window: 1))
    let first = filled(task, window: 0)
    #expect(first.x == [200, 0, 205, 5, 201, 1, 206, 6])
    #expect(first.y == [102, 2, 202, 107, 7, 207, 103, 3, 203, 108, 8, 208])
    let second = filled(task, window: 1)
    #expect(second.x == [202, 2, 207, 7, 203, 3, 208, 8])
    #expect(second.y == [104, 4, 204, 109, 9, 209, 105, 5, 205, 110, 10, 210])
  }

  @Test func aShiftOfZeroPairsTheSameRow() throws {
    let task = try TableTask(
      table: numbered(4), inputs: ["r"], targets: ["s"], shift: 0, window: 4, batchSize: 1)
    #expect(task.windowsPerPass == 1)
    #expect(filled(task, window: 0) == ([0, 1, 2, 3], [100, 101, 102, 103]))
  }

  @Test(arguments: [(1, 1, 0), (2, 3, 1), (5, 2, 0), (7, 4, 3), (16, 5, 10), (3, 33, 1)])
  func everyRowOfEveryStreamComesOnceAPass(window: Int, batchSize: Int, shift: Int) throws {
    let task = try TableTask(
      table: numbered(211), inputs: ["r"], targets: ["r"], shift: shift, window: window, batchSize: batchSize)
    let passes = try #require(task.windowsPerPass)
    var seen: [Int] = []
    for w in 0..<passes {
      let (x, y) = filled(task, window: w)
      #expect(y == x.map { $0 + Float(shift) })
      for t in 0..<window {
        for b in 0..<batchSize {
          #expect(Int(x[t * batchSize + b]) == task.row(window: w, time: t, stream: b))
        }
      }
      seen += x.map { Int($0) }
    }
    let expected = (0..<batchSize).flatMap { b in (0..<passes * window).map { b * ((211 - shift) / batchSize) + $0 } }
    #expect(seen.sorted() == expected)
    // What is left out is less than a window of each stream, and less than a row of each stream at the end.
    #expect(211 - shift - expected.count < batchSize * window + batchSize)
  }

  @Test func rowsForPredictionEndWhereTheDataEnds() throws {
    let task = try TableTask(
      table: numbered(6), inputs: ["r", "t"], targets: ["s"], shift: 2, window: 2, batchSize: 1)
    #expect(task.inputs(row: 0) == [0, 200] && task.targets(row: 0) == [102])
    #expect(task.inputs(row: 3) == [3, 203] && task.targets(row: 3) == [105])
    // The last rows have inputs, but what they should give lies beyond the data.
    #expect(task.inputs(row: 5) == [5, 205] && task.targets(row: 4) == nil && task.targets(row: 5) == nil)
    #expect(task.inputs(row: 6) == nil && task.inputs(row: -1) == nil && task.targets(row: -1) == nil)
  }

  @Test(arguments: [
    (10, 1, 0, "numbered has 9 rows; one window of 10 rows in each of 1 streams, with targets 0 rows later, takes 10"),
    (3, 3, 1, "numbered has 9 rows; one window of 3 rows in each of 3 streams, with targets 1 rows later, takes 10"),
    (1, 1, 9, "numbered has 9 rows; one window of 1 rows in each of 1 streams, with targets 9 rows later, takes 10"),
    (
      1, 1, Int.max,
      "numbered has 9 rows; one window of 1 rows in each of 1 streams, with targets 9223372036854775807 rows later,"
        + " takes more"
    ),
    (
      Int.max, Int.max, 0,
      "numbered has 9 rows; one window of 9223372036854775807 rows in each of 9223372036854775807 streams, with"
        + " targets 0 rows later, takes more"
    ),
    (1, 1, -1, "the shift is -1 rows; it must be at least 0"),
    (0, 1, 0, "the window is 0 time steps; it must be at least 1"),
    (1, -2, 0, "the batch size is -2; it must be at least 1"),
  ])
  func impossibleSizesAreRefused(window: Int, batchSize: Int, shift: Int, message: String) throws {
    let table = try numbered(9)
    let error = try #require(throws: SequenceError.self) {
      try TableTask(
        table: table, inputs: ["r"], targets: ["s"], shift: shift, window: window, batchSize: batchSize)
    }
    #expect(error.message == message)
  }

  @Test func justEnoughRowsAreOneWindow() throws {
    let task = try TableTask(
      table: numbered(10), inputs: ["r"], targets: ["s"], shift: 1, window: 3, batchSize: 3)
    #expect(task.windowsPerPass == 1)
  }

  @Test(
    arguments: [
      ([], ["s"], "no column of numbered is named as inputs"),
      (["r"], [], "no column of numbered is named as targets"),
      (["r", "s", "r"], ["s"], "column \"r\" is named twice as inputs"),
      (["r"], ["q"], "numbered has no column \"q\""),
    ] as [([String], [String], String)])
  func impossibleColumnsAreRefused(inputs: [String], targets: [String], message: String) throws {
    let table = try numbered(9)
    let error = try #require(throws: SequenceError.self) {
      try TableTask(table: table, inputs: inputs, targets: targets, shift: 0, window: 1, batchSize: 1)
    }
    #expect(error.message == message)
  }
}
