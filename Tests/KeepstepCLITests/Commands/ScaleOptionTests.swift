import Foundation
import Testing

@Suite("keepstep train --scale")
struct ScaleOptionTests {
  /// The north's flow is about 300, with a deviation of about 30.
  private static func place(_ scale: String) throws -> Workplace {
    let place = try RiverExample.place()
    let options = RiverExample.options.replacingOccurrences(of: "--steps 60", with: "--steps 300")
    try place.succeed("train --data north.csv --name north \(options) --scale \(scale) --validation 0.2 --quiet")
    return place
  }

  @Test(
    "the network learns scaled values, and predictions are in the file's own units", arguments: ["standard", "minmax"])
  func predictions(scale: String) throws {
    let place = try Self.place(scale)
    let loss = try #require(try place.query("SELECT avg(loss) FROM steps WHERE step > 200").first.flatMap(Double.init))
    #expect(loss < 0.5, "as of values about 0 and 1")
    let rows = try place.succeed("predict north").rows
    #expect(rows[0]["flow"] == "300.0", "\(rows[0])")
    let errors = rows.dropFirst(10).compactMap { row in
      row["target_flow"].flatMap(Double.init).flatMap { target in
        row["predicted_flow"].flatMap(Double.init).map { abs($0 - target) }
      }
    }
    #expect(errors.reduce(0, +) / Double(errors.count) < 25, "\(errors)")
    let json = try place.succeed("predict north --format json").output
    #expect(json.contains("predicted_flow"))
    try place.succeed("plot north -o loss.svg")
    #expect(
      String(decoding: try place.data("loss.svg"), as: UTF8.self).contains("mean squared error of scaled values"))
  }

  @Test("its numbers are those of the training part, and stay with the run")
  func numbers() throws {
    let place = try Self.place("minmax")
    // Without the last 8 of 40 rows.
    let flow = RiverExample.north.split(separator: "\n").dropFirst().prefix(32)
      .compactMap { Float($0.split(separator: ",")[2]) }
    let (low, high) = (try #require(flow.min()), try #require(flow.max()))
    let text = try #require(try place.query("SELECT value FROM hyperparameters WHERE name = 'scaling'").first)
      .replacingOccurrences(of: "\"\"", with: "\"")
    #expect(
      text.contains("\"name\":\"flow\",\"offset\":\(Double(low)),\"scale\":\(Double(high) - Double(low))"), "\(text)")
    #expect(text.contains("\"method\":\"minmax\""))
    #expect(try place.succeed("show north").output.contains("of scaled values"))
    try place.succeed("resume north --steps 310 --quiet")
    try place.succeed("verify north")
  }

  @Test("an .onnx export scales by itself; others have the numbers in their metadata")
  func exports() throws {
    let place = try Self.place("standard")
    try place.succeed("train --data north.csv --name plain \(RiverExample.options) --quiet")
    for run in ["north", "plain"] {
      try place.succeed("export \(run) -o \(run).onnx --quiet")
      try place.succeed("export \(run) -o \(run).json --quiet")
    }
    func has(_ name: String, _ word: String) throws -> Bool {
      try place.data(name).range(of: Data(word.utf8)) != nil
    }
    for word in ["Sub", "Div", "Mul"] { #expect(try has("north.onnx", word), "\(word)") }
    #expect(try !has("plain.onnx", "Div"))
    #expect(try has("north.json", "\"scaling\"") && !has("plain.json", "\"scaling\""))
  }

  @Test("runs that scale differently are compared in the same units, and drawn")
  func compare() throws {
    let place = try Self.place("standard")
    try place.succeed("train --data north.csv --name plain \(RiverExample.options) --validation 0.2 --quiet")
    let rows = try place.succeed("predict north plain").rows
    #expect(rows[0]["flow"] == "300.0" && rows[0]["predicted_flow_north"] != rows[0]["predicted_flow_plain"])
    #expect(try place.succeed("compare north plain").output.contains("mean absolute, validation part"))
  }

  @Test("a value far out of the training part is refused by name")
  func outlier() throws {
    let place = try Self.place("standard")
    try place.write("flow,rain\n" + "3e38,1\n300,1\n301,2\n", to: "far.csv")
    let outcome = try place.keepstep("predict north --data far.csv")
    if outcome.status == 0 { #expect(outcome.rows.count == 3) }
    #expect(outcome.status == 0 || outcome.errors.contains("far.csv, row 1"), "\(outcome.errors)")
  }

  @Test("class numbers stay what they are")
  func classes() throws {
    let place = try Workplace()
    let rows = (0..<60).map { "\(100 + 50 * sin(Double($0))),\($0 % 3)" }
    try place.write("level,class\n" + rows.joined(separator: "\n") + "\n", to: "classes.csv")
    try place.succeed(
      "train --data classes.csv --inputs level --targets class --loss cross-entropy --scale standard --validation 0.2"
        + " --steps 50 --quiet")
    #expect(
      try place.query("SELECT count(accuracy), count(*) FROM evaluations WHERE split = 'validation'")
        .first.map { $0.split(separator: ",")[0] == $0.split(separator: ",")[1] } == true)
    #expect(Set(try place.succeed("predict last").rows.map { $0["class"] ?? "" }) == ["0.0", "1.0", "2.0"])
    try place.succeed("verify last")
  }
}
