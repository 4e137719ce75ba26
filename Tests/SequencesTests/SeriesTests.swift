import Sequences
import Testing

/// Several series in one file, and labels of rows.
@Suite struct SeriesTests {
  @Test(arguments: [
    "s,a\nx,1\nx,2\ny,3\ny,4\ny,5\n", "s,a\nx,1\ny,3\nx,2\ny,4\ny,5\n", "a,s\n1,x\n3,\" y\"\n4,y\n2,x \n5,y\n",
  ])
  func rowsOfASeriesAreOneSequence(text: String) throws {
    let table = try read(text, ["a"], options { $0.series = "s" })
    #expect(table.values == [1, 2, 3, 4, 5])
    #expect(table.sequenceNames == ["x", "y"] && table.sequenceLengths == [2, 3] && table.sequenceCount == 2)
    #expect(table.sequenceStarts == [0, 2] && table.rows(ofSequence: 1) == 2..<5)
    #expect((0..<5).map { table.sequence(ofRow: $0) } == [0, 0, 1, 1, 1])
    #expect(!table.areSequencesEqual && table.sequenceLength == 3)
  }

  @Test func orderIsThatOfFirstAppearance() throws {
    var dice = Dice(state: 7)
    let rows = (0..<5000).map { (series: Int.random(in: 0..<40, using: &dice), value: $0) }
    let text = "v,s,t\n" + rows.map { "\($0.value),s\($0.series),t\($0.value)\n" }.joined()
    let table = try read(text, ["v"], options { ($0.series, $0.index) = ("s", "t") })
    var order: [Int] = []
    for row in rows where !order.contains(row.series) { order.append(row.series) }
    let expected = order.map { series in rows.filter { $0.series == series }.map(\.value) }
    #expect(table.sequenceNames == order.map { "s\($0)" })
    #expect(table.sequenceLengths == expected.map(\.count))
    #expect(table.values == expected.flatMap { $0 }.map { Float($0) })
    #expect(table.index?.labels == expected.flatMap { $0 }.map { "t\($0)" })
  }

  @Test func aSeriesColumnMayBeAnInputToo() throws {
    let table = try read("s,a\n2,1\n1,3\n2,5\n", ["s", "a"], options { $0.series = "s" })
    #expect(table.values == [2, 1, 2, 5, 1, 3] && table.sequenceNames == ["2", "1"])
  }

  @Test func oneSeriesHasItsName() throws {
    let table = try read("s,a\nx,1\nx,2\n", ["a"], options { $0.series = "s" })
    #expect(table.sequenceCount == 1 && table.sequenceNames == ["x"])
    #expect(table.digest != (try read("s,a\nx,1\nx,2\n", ["a"]).digest))
  }

  @Test func labelsAreKeptAsTheyAreWritten() throws {
    let text = "date,a\n 2024-01-01 ,1\n\"01, \"\"x\"\"\",2\n007,3\n"
    let table = try read(text, ["a"], options { $0.index = "date" })
    #expect(table.index?.name == "date" && table.index?.labels == ["2024-01-01", "01, \"x\"", "007"])
  }

  @Test func rowsWithoutASeriesOrALabelAreNamed() throws {
    let series = try failure("s,a\nx,1\n ,2\n".utf8, ["a"], options { $0.series = "s" })
    #expect(series.message == "data.csv, row 3, column \"s\": the cell is empty")
    let index = try failure("s,a\nx,1\n\"y\nz\",2\n".utf8, ["a"], options { $0.index = "s" })
    #expect(index.message == "data.csv, row 3, column \"s\": \"y\\nz\" has a line break or a control character")
    #expect(try failure("s,a\nx,1\n".utf8, ["a"], options { $0.index = "t" }).message == "data.csv has no column \"t\"")
    #expect(
      try failure("s,s,a\nx,y,1\n".utf8, ["a"], options { $0.series = "s" }).message
        == "data.csv has two columns \"s\"")
  }

  @Test func placesNameTheSeries() throws {
    let table = try read("s,a\nx,1\nx,2\ny,0.5\n", ["a"], options { $0.series = "s" })
    let error = try #require(throws: SequenceError.self) { try table.checkClasses(column: "a") }
    #expect(error.message.contains(", series \"y\", row 1, column \"a\": 0.5 is no class"))
  }

  @Test func unequalSequencesAreChecked() throws {
    func table(_ lengths: [Int], names: [String]? = nil, labels: [String]? = nil) throws -> Table {
      try Table(
        source: "s", columns: ["a"], values: [1, 2, 3], sequenceLengths: lengths, sequenceNames: names,
        index: labels.map { try SeriesIndex(name: "t", labels: $0) })
    }
    #expect(try table([1, 2], names: ["x", "y"], labels: ["1", "2", "3"]).sequenceStarts == [0, 1])
    for lengths in [[], [0], [4], [1, 1], [2, 2], [3, 0], [-1, 4], [.max, .max, 5], [.min, 3], [1, 2, .max]] {
      #expect(try #require(throws: SequenceError.self) { try table(lengths) }.message.contains("do not make up 3 rows"))
    }
    #expect(
      try #require(throws: SequenceError.self) { try table([1, 2], names: ["x"]) }.message
        == "s: 1 names are given for 2 sequences")
    #expect(
      try #require(throws: SequenceError.self) { try table([1, 2], names: ["x", "x"]) }.message
        == "s has two sequences \"x\"")
    #expect(
      try #require(throws: SequenceError.self) { try table([1, 2], labels: ["1", "2"]) }.message
        == "s: 2 labels are given for 3 rows")
    #expect(throws: SequenceError.self) { try table([3], labels: ["1", "", "3"]) }
    #expect(throws: SequenceError.self) {
      try Table(source: "s", columns: ["a"], values: [], sequenceCount: .max)
    }
  }

  /// import hashlib, struct
  /// q = lambda n: struct.pack('<Q', n)
  /// t = lambda s: q(len(s.encode())) + s.encode()
  /// head = b'keepstep table 3\n' + q(2) + t('flow') + t('Zürich') + q(3)
  /// values = struct.pack('<6f', *range(6))
  /// labels = q(1) + t('day') + t('2024-01-01') + t('x') + t('y')
  /// for middle in [q(2) + q(1) + q(2) + q(0) + q(0), q(2) + q(1) + q(2) + q(1) + t('é') + t('b') + labels,
  ///                q(1) + q(3) + q(0) + labels]:
  ///     print(hashlib.sha256(head + middle + values).hexdigest())
  @Test func digestsAreTheDocumentedOnes() throws {
    let index = try SeriesIndex(name: "day", labels: ["2024-01-01", "x", "y"])
    func digest(_ lengths: [Int], _ names: [String]?, _ index: SeriesIndex?) throws -> String {
      try Table(
        source: "x", columns: ["flow", "Zürich"], values: [0, 1, 2, 3, 4, 5], sequenceLengths: lengths,
        sequenceNames: names, index: index
      ).digest
    }
    #expect(try digest([1, 2], nil, nil) == "32b49461039836cd56d3a41bbfc270230e0a166b0e7dde1e7dac13bef685778d")
    #expect(
      try digest([1, 2], ["é", "b"], index) == "5b60a27f4358a14479e4f7e915e95061423b72027af220c528e9137a8ef96097")
    #expect(try digest([3], nil, index) == "3df3d6b4f0ec7def6f32a7bbe7191c751f0ee0ec2f409509693eeabffe6ba974")
    let others = [try digest([2, 1], nil, nil), try digest([1, 2], ["e", "b"], index), try digest([3], nil, nil)]
    #expect(Set(others).count == 3)
  }

  @Test func longLabelsAreDigestedWhole() throws {
    let labels = (0..<20_000).map { "label \($0)" }
    func digest(_ labels: [String]) throws -> String {
      try Table(
        source: "x", columns: ["a"], values: [Float](repeating: 0, count: labels.count),
        sequenceLengths: [labels.count],
        index: SeriesIndex(name: "t", labels: labels)
      ).digest
    }
    for changed in [0, 7000, 19_999] {
      var other = labels
      other[changed] += "!"
      #expect(try digest(labels) != digest(other))
    }
  }
}
