import Sequences
import Testing

/// Tasks on sequences of different lengths.
@Suite struct RaggedTaskTests {
  private static func table(_ lengths: [Int]) throws -> Table {
    let rows = lengths.reduce(0, +)
    return try Table(
      source: "walks", columns: ["r", "s"], values: (0..<rows).flatMap { [Float($0), Float(10_000 + $0)] },
      sequenceLengths: lengths)
  }

  @Test func sequencesAreTakenByTheirWindows() throws {
    // With targets a row later, 4, 0, 8, 3, 6 and 9 rows are of use: 2, 0, 4, 1, 3 and 4 windows of 2 rows.
    let table = try Self.table([5, 1, 9, 4, 7, 10])
    let task = try TableTask(table: table, inputs: ["r"], targets: ["s"], shift: 1, window: 2, batchSize: 2)
    // Groups: the sequences from rows 6 and 26, 4 windows; those from rows 19 and 0, 2 windows; the others are left out.
    #expect(task.windowsPerPass == 6 && task.unusedSequences == [1, 3])
    #expect(task.usedRows == 24 && task.usableRows == 30)
    #expect((0..<6).map { task.row(window: $0, time: 0, stream: 0) } == [6, 8, 10, 12, 19, 21])
    #expect((0..<6).map { task.row(window: $0, time: 1, stream: 1) } == [27, 29, 31, 33, 1, 3])
    #expect((0..<6).map { task.startsFromZero(window: $0) } == [true, false, false, false, true, false])
    #expect(filled(task, window: 5) == ([21, 2, 22, 3], [10_022, 10_003, 10_023, 10_004]))
    #expect(task.streamStarts == [0, 5, 6, 15, 19, 26])
  }

  @Test func oneAtATimeLeavesOnlyTheEnds() throws {
    let task = try TableTask(
      table: Self.table([3, 5, 4]), inputs: ["r"], targets: ["r"], shift: 0, window: 2, batchSize: 1)
    #expect((0..<5).map { filled(task, window: $0).x } == [[3, 4], [5, 6], [8, 9], [10, 11], [0, 1]])
    #expect(task.windowsPerPass == 5 && task.unusedSequences == [])
  }

  @Test(arguments: 0..<300)
  func noWindowCrossesABorderAndNoRowComesTwice(seed: Int) throws {
    var dice = Dice(state: UInt64(seed))
    let lengths = (0..<Int.random(in: 2...12, using: &dice)).map { _ in Int.random(in: 1...30, using: &dice) }
    let (T, B) = (Int.random(in: 1...6, using: &dice), Int.random(in: 1...4, using: &dice))
    let shift = Int.random(in: 0...3, using: &dice)
    let table = try Self.table(lengths)
    func make() throws -> TableTask {
      try TableTask(table: table, inputs: ["r"], targets: ["r"], shift: shift, window: T, batchSize: B)
    }
    let windows = lengths.map { max($0 - shift, 0) / T }
    guard windows.count(where: { $0 > 0 }) >= B else {
      #expect(throws: SequenceError.self) { try make() }
      return
    }
    let task = try make()
    let passes = try #require(task.windowsPerPass)
    var seen: Set<Int> = []
    var previous: [Int] = []
    for w in 0..<passes {
      let (x, y) = filled(task, window: w)
      #expect(y == x.map { $0 + Float(shift) })
      for b in 0..<B {
        let rows = (0..<T).map { Int(x[$0 * B + b]) }
        #expect(rows == (0..<T).map { task.row(window: w, time: $0, stream: b) })
        #expect(rows == Array(rows[0]..<rows[0] + T))
        let sequence = table.sequence(ofRow: rows[0])
        #expect(rows[T - 1] + shift < table.rows(ofSequence: sequence).upperBound)
        if task.startsFromZero(window: w) {
          #expect(rows[0] == table.sequenceStarts[sequence])
        } else {
          #expect(rows[0] == previous[b] + T)
        }
        #expect(seen.isDisjoint(with: rows))
        seen.formUnion(rows)
      }
      previous = (0..<B).map { task.row(window: w, time: 0, stream: $0) }
    }
    #expect(seen.count == task.usedRows)
    // Left out: what fills no window; the groups' remainders, fewer windows than the longest sequence of each group has
    // beyond its shortest; and fewer than B sequences, the ones of fewest windows.
    let order = lengths.indices.sorted { (windows[$1], $0) < (windows[$0], $1) }.filter { windows[$0] > 0 }
    let groups = stride(from: 0, through: order.count - B, by: B).map { Array(order[$0..<$0 + B]) }
    let perGroup = groups.map { group in group.map { windows[$0] }.min() ?? 0 }
    #expect(task.usedRows == perGroup.reduce(0, +) * T * B)
    #expect(task.unusedSequences == lengths.indices.filter { !groups.joined().contains($0) })
  }

  @Test func equalLengthsGoInTheirOrder() throws {
    let ragged = try TableTask(
      table: Self.table([7, 7, 7, 7]), inputs: ["r"], targets: ["s"], shift: 1, window: 3, batchSize: 2)
    #expect((0..<4).map { ragged.row(window: $0, time: 0, stream: 1) } == [7, 10, 21, 24])
  }

  @Test func aRowsTargetLiesInItsSequence() throws {
    let task = try TableTask(
      table: Self.table([3, 1, 2]), inputs: ["r"], targets: ["s"], shift: 1, window: 1, batchSize: 1)
    #expect((0..<6).map { task.targets(row: $0) } == [[10_001], [10_002], nil, nil, [10_005], nil])
    #expect(task.inputs(row: 3) == [3])
  }

  @Test(arguments: [
    (9, 0, 1, "walks has sequences of at most 8 rows; one window of 9 rows, with targets 0 rows later, takes 9"),
    (
      4, 1, 3,
      "walks has 2 sequences with room for one window of 4 rows, with targets 1 rows later; a batch size of 3 takes 3"
        + " side by side"
    ),
    (1, 0, 4, "walks has 3 sequences; a batch size of 4 takes 4 side by side"),
  ])
  func impossibleSizesAreRefused(window: Int, shift: Int, batchSize: Int, message: String) throws {
    let table = try Self.table([8, 2, 5])
    let error = try #require(throws: SequenceError.self) {
      try TableTask(table: table, inputs: ["r"], targets: ["s"], shift: shift, window: window, batchSize: batchSize)
    }
    #expect(error.message == message)
  }
}
