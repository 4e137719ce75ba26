import Foundation
import Testing

@Suite("keepstep compare")
struct CompareTests {
  private static func place() throws -> Workplace {
    let place = try FlowExample.place()
    let changes = [
      ("--name flow", "--name other"), ("--learning-rate 0.01", "--learning-rate 0.002"), ("--seed 7", "--seed 8"),
      ("--steps 24", "--steps 12"),
    ]
    let train = changes.reduce(FlowExample.train) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    try place.succeed("\(train) --quiet")
    return place
  }

  @Test("what differs, losses over equal stretches, errors on the same targets")
  func sections() throws {
    let place = try Self.place()
    let rows = try place.succeed("compare flow other --points 3 --format csv").rows
    func values(_ section: String) -> [String: [String]] {
      Dictionary(
        rows.filter { $0["section"] == section }.map { ($0["name"] ?? "?", [$0["flow"] ?? "?", $0["other"] ?? "?"]) }
      ) { first, _ in first }
    }
    #expect(values("run")["steps_done"] == ["24", "12"])
    #expect(values("run")["seed"]?.last == "8")
    let differing = values("hyperparameter")
    #expect(differing.keys.sorted() == ["learning_rate"])
    #expect(differing["learning_rate"]?.last == "0.002")
    // The means are those of SQL over the recorded rows, up to the end of the shorter run.
    let byStep = values("mean loss of")
    #expect(byStep.keys.sorted() == ["steps 1 to 4", "steps 5 to 8", "steps 9 to 12"])
    let sql = "SELECT avg(loss) FROM steps WHERE step BETWEEN 5 AND 8 GROUP BY run_id"
    let expected = try place.query(sql).compactMap(Double.init)
    let found = try #require(byStep["steps 5 to 8"]).compactMap(Double.init)
    #expect(found.count == 2 && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "sqlite3 prints 15 digits")
    #expect(values("mean loss until").count == 3)
    #expect(values("mean loss until").keys.allSatisfy { $0.hasSuffix(" s") })
    try expectErrors(values("error"), of: "other", in: place)
  }

  /// The errors are those of `keepstep predict`, reckoned anew.
  private func expectErrors(_ errors: [String: [String]], of run: String, in place: Workplace) throws {
    let target = "flow"
    let rows = try place.succeed("predict \(run)").rows
    let pairs = rows.compactMap { row -> (Double, Double)? in
      guard let a = row["target_\(target)"] ?? row[target], let x = Double(a),
        let b = row["predicted_\(target)"], let y = Double(b)
      else { return nil }
      return (x, y)
    }
    try #require(pairs.count > 10)
    let absolute = pairs.map { abs($0 - $1) }.reduce(0, +) / Double(pairs.count)
    let square = (pairs.map { ($0 - $1) * ($0 - $1) }.reduce(0, +) / Double(pairs.count)).squareRoot()
    let told = try ["mean absolute", "root mean square"].map { try #require(Double(errors[$0]?.last ?? "none")) }
    // float32 values are printed with the digits that tell them apart: the sums differ by their rounding.
    #expect(abs(told[0] - absolute) < 1e-6 && abs(told[1] - square) < 1e-6, "\(told), not \(absolute), \(square)")
  }

  @Test("runs of different data are compared but for their errors; a named checkpoint is named")
  func otherData() throws {
    let place = try Self.place()
    try place.succeed("train --quiet --name sine --steps 20")
    let outcome = try place.succeed("compare flow@12 sine")
    #expect(outcome.errors.contains("note: no errors to compare: runs flow and sine predict different rows"))
    #expect(outcome.lines[0].split(separator: " ").map(String.init) == ["run", "flow@12", "sine"])
    #expect(!outcome.output.contains("root mean square"))
  }

  @Test("what can't be compared is refused")
  func refusals() throws {
    let place = try Self.place()
    #expect(try place.keepstep("compare flow").status == 64)
    #expect(try place.keepstep("compare flow other --points 0").status == 64)
    let unknown = try place.keepstep("compare flow othre")
    #expect(unknown.status == 1 && unknown.output == "" && unknown.errors.contains("there is no run \"othre\""))
    #expect(try place.keepstep("compare flow@5 other").status == 1, "no checkpoint at that step")
  }
}
