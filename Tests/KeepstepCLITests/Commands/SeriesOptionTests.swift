import Foundation
import Testing

@Suite("keepstep train --index, --series")
struct SeriesOptionTests {
  private static let train = "train --data rivers.csv --index date --series river --name rivers \(RiverExample.options)"

  @Test("each series is a sequence of its own, from the zero state; rows keep their labels")
  func rows() throws {
    let place = try RiverExample.place()
    try place.succeed("\(Self.train) --quiet")
    let rows = try place.succeed("predict rivers").rows
    #expect(try place.succeed("predict rivers").lines[0] == "river,row,date,flow,rain,target_flow,predicted_flow")
    #expect(
      rows.map { $0["river"] ?? "?" } == Array(repeating: "north", count: 40) + Array(repeating: "south", count: 25))
    #expect((rows[40]["row"], rows[40]["date"]) == ("0", "2024-01-01"))
    #expect(rows[39]["target_flow"] == "" && rows[64]["target_flow"] == "")
    // Alone, the south is predicted alike.
    let south = RiverExample.csv.split(separator: "\n").filter { !$0.hasPrefix("north") }.joined(separator: "\n") + "\n"
    try place.write(south, to: "south.csv")
    let alone = try place.succeed("predict rivers --data south.csv").rows
    #expect(alone.map { $0["predicted_flow"] } == rows.dropFirst(40).map { $0["predicted_flow"] })
    #expect(try place.query("SELECT value FROM hyperparameters WHERE name = 'batch_size'") == ["1"])
  }

  @Test("the store alone gives the same table again: resume, verify, check, fork, merge, recover")
  func stored() throws {
    let place = try RiverExample.place()
    try place.succeed("\(Self.train) --validation 0.2 --scale standard --early-stopping 1000 --quiet")
    try FileManager.default.removeItem(at: place.url("rivers.csv"))
    try place.succeed("resume rivers --steps 70 --quiet")
    #expect(try place.succeed("verify rivers").output.hasPrefix("exact: "))
    try place.succeed("check")
    try place.succeed("fork rivers@35 --name slower --learning-rate 0.001 --quiet")
    #expect(try place.succeed("verify slower").output.hasPrefix("exact: "))
    #expect(try place.succeed("merge keepstep.db --store other.db").output.contains("2 added"))
    try place.succeed("check --store other.db")
    try place.succeed("recover -o again.db")
    for store in ["other.db", "again.db"] {
      #expect(try place.succeed("verify rivers --store \(store)").output.hasPrefix("exact: "))
    }
    #expect(try place.succeed("predict rivers --store again.db").output == place.succeed("predict rivers").output)
  }

  @Test("a run whose values are not stored reads its series from the file again")
  func notEmbedded() throws {
    let place = try RiverExample.place()
    try place.succeed("\(Self.train) --no-embed-data --quiet")
    #expect(try place.query("SELECT count(*) FROM hyperparameters WHERE name = 'layout'") == ["0"])
    try place.succeed("resume rivers --steps 70 --quiet")
    #expect(try place.succeed("verify rivers").output.hasPrefix("exact: "))
    #expect(try place.succeed("predict rivers").lines[0].hasPrefix("river,row,date,"))
  }

  @Test("an index alone names the rows of one series")
  func indexAlone() throws {
    let place = try RiverExample.place()
    try place.succeed("train --data north.csv --index date --name north \(RiverExample.options) --batch-size 2 --quiet")
    let predictions = try place.succeed("predict north")
    #expect(predictions.lines[0] == "row,date,flow,rain,target_flow,predicted_flow")
    #expect(predictions.lines[1].hasPrefix("0,2024-01-01,300.0,"))
    try place.succeed("verify north")
  }

  @Test("series that are too short are told")
  func tooShort() throws {
    let place = try RiverExample.place()
    let train = try place.succeed("\(Self.train) --window 30")
    #expect(train.errors.contains("note: nothing is learned from 1 of 2 sequences"), "\(train.errors)")
    #expect(train.errors.contains(": south\n"))
    #expect(try place.succeed("predict rivers").rows.count == 65, "they are predicted all the same")
  }

  @Test("show tells a long layout by its length")
  func long() throws {
    let place = try RiverExample.place()
    try place.succeed("\(Self.train) --quiet")
    let line = try #require(try place.succeed("show rivers").lines.first { $0.hasPrefix("layout") })
    #expect(line.hasSuffix(" characters)") && line.count < 300, "\(line)")
  }
}
