import Sequences
import Testing

@Suite struct TableLayoutTests {
  @Test(arguments: [
    "t,s,a\n2024-01,north,1\n2024-02,north,2\n1,\"q\"\"uo/te\\\",3\n", "t,s,a\né,x,1\nb,y,2\n",
  ])
  func theTextMakesTheTableAgain(text: String) throws {
    for (index, series) in [("t", "s"), ("t", nil), (nil, "s")] as [(String?, String?)] {
      let table = try read(text, ["a"], options { ($0.index, $0.series) = (index, series) })
      let layout = try #require(table.layout)
      let again = try TableLayout(text: layout.text())
      #expect(again == layout)
      let copy = try Table(source: table.source, columns: table.columns, values: table.values, layout: again)
      #expect(copy == table && copy.digest == table.digest)
    }
  }

  @Test func plainTablesHaveNone() throws {
    #expect(try read("a\n1\n2\n", ["a"]).layout == nil)
    #expect(try Table(source: "s", columns: ["a"], values: [1, 2], sequenceCount: 2).layout == nil)
    #expect(try Table(source: "s", columns: ["a"], values: [1, 2], sequenceLengths: [1, 1]).layout == nil)
    #expect(try Table(source: "s", columns: ["a"], values: [1, 2, 3], sequenceLengths: [1, 2]).layout != nil)
  }

  @Test func theTextIsTheDocumentedOne() throws {
    let table = try read(
      "t,s,a\n2024-01,north,1\n2024-02,north,2\n", ["a"], options { ($0.index, $0.series) = ("t", "s") })
    #expect(
      try table.layout?.text()
        == "{\"index\":\"t\",\"labels\":\"2024-01\\n2024-02\",\"lengths\":[2],\"names\":[\"north\"]}")
    #expect(
      try Table(source: "s", columns: ["a"], values: [1, 2, 3], sequenceLengths: [1, 2]).layout?.text()
        == "{\"lengths\":[1,2]}")
  }

  @Test(arguments: [
    "", "{}", "[1]", "{\"lengths\":[1.5]}", "{\"lengths\":[1],\"index\":\"t\"}", "{\"lengths\":[1],\"labels\":\"t\"}",
    "{\"lengths\":[2],\"index\":\"t\",\"labels\":\"a\\n\"}", "{\"lengths\":[1],\"index\":\"t\",\"labels\":\"a\\tb\"}",
    "{\"lengths\":[99999999999999999999]}",
  ])
  func otherTextsAreRefused(text: String) {
    #expect(throws: SequenceError.self) { try TableLayout(text: text) }
  }

  @Test func aLayoutThatDoesNotFitIsRefused() throws {
    for text in ["{\"lengths\":[3]}", "{\"lengths\":[]}", "{\"lengths\":[2],\"index\":\"t\",\"labels\":\"\"}"] {
      let layout = try TableLayout(text: text)
      #expect(throws: SequenceError.self) {
        try Table(source: "s", columns: ["a"], values: [1, 2], layout: layout)
      }
    }
  }
}
