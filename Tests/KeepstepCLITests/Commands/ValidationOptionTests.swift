import Foundation
import Testing

@Suite("keepstep train --validation, --test, --monitor, --early-stopping")
struct ValidationOptionTests {
  private static let parts = "--validation 0.2 --test 0.1 --scale standard --evaluate-every 4"

  /// The north's 40 rows: 28, 8 and 4.
  private static func place(_ more: String) throws -> (place: Workplace, train: Outcome) {
    let place = try RiverExample.place()
    return (place, try place.succeed("train --data north.csv --name north \(RiverExample.options) \(more)"))
  }

  @Test("evaluations score the validation part, and the lowest is the best")
  func best() throws {
    let (place, train) = try Self.place(Self.parts)
    let best = try place.query(
      "SELECT step, loss FROM evaluations WHERE split = 'validation' ORDER BY loss, step LIMIT 1")
    #expect(try place.query("SELECT step, monitor_value FROM best_checkpoints") == best)
    let step = try #require(best.first?.split(separator: ",").first)
    #expect(train.output.hasPrefix("run 1 (north), finished at step 60, scaled loss "), "\(train.output)")
    #expect(train.output.contains(", best validation loss ") && train.output.hasSuffix(" at step \(step)\n"))
    #expect(
      try place.query("SELECT split, count(*), min(step), max(step) FROM evaluations GROUP BY split ORDER BY split")
        == ["training,15,4,60", "validation,15,4,60"])
    let names = "'validation', 'test', 'monitor', 'early_stopping', 'scaling'"
    #expect(
      try place.query("SELECT name FROM hyperparameters WHERE name IN (\(names)) ORDER BY name")
        == ["scaling", "test", "validation"], "what is not set is not kept")
    #expect(try place.succeed("resume north@21").errors.contains("equal to the bit"))
    #expect(try place.succeed("verify north").output.contains("30 evaluations"))
    try place.succeed("check")
  }

  @Test("without --evaluate-every an evaluation follows each pass")
  func interval() throws {
    let place = try RiverExample.place()
    // Windows of 2 rows, 13 of them in 28 rows.
    try place.succeed(
      "train --data north.csv \(RiverExample.options) --window 2 --validation 0.2 --test 0.1 --quiet")
    #expect(try place.query("SELECT DISTINCT step FROM evaluations") == ["13", "26", "39", "52"])
  }

  @Test("--monitor loss chooses by the training loss, and records both")
  func monitor() throws {
    let (place, train) = try Self.place("\(Self.parts) --monitor loss")
    #expect(train.output.contains(", best ") && !train.output.contains("validation"))
    let best = "SELECT step, loss FROM evaluations WHERE split = 'training' ORDER BY loss, step LIMIT 1"
    #expect(try place.query("SELECT step, monitor_value FROM best_checkpoints") == place.query(best))
    #expect(try place.query("SELECT count(*) FROM evaluations WHERE split = 'validation'") == ["15"])
  }

  @Test("--early-stopping ends the run; a resume has nothing to do, a fork goes on")
  func earlyStopping() throws {
    let (place, train) = try Self.place("\(Self.parts) --early-stopping 2 --steps 4000")
    let done = try #require(try place.query("SELECT steps_done FROM runs").first)
    let step = try #require(Int(done))
    #expect(step < 4000)
    #expect(
      train.output.hasPrefix("run 1 (north), finished at step \(step) of 4000, stopped early, "), "\(train.output)")
    #expect(try place.query("SELECT status FROM runs UNION SELECT end_reason FROM segments") == ["finished"])
    for more in ["", " --steps 5000"] {
      let resume = try place.succeed("resume north\(more)")
      #expect(
        resume.output == "run 1 (north) is finished at step \(step) of 4000, stopped early: nothing to do\n")
      #expect(resume.errors.contains("keepstep fork 1 --early-stopping 0"))
    }
    #expect(try place.keepstep("resume north --steps 3").status == 1)
    #expect(try place.succeed("show north").output.contains("\(step) of 4000, stopped early"))
    #expect(try place.succeed("resume north@7").output == train.output)
    #expect(try place.succeed("verify north").output.hasPrefix("exact: steps 1 to \(step)"))
    let fork = try place.succeed("fork north --early-stopping 0 --steps \(step + 10) --name on")
    #expect(fork.output.hasPrefix("run 2 (on), finished at step \(step + 10), "))
    try place.succeed("verify on")
    try place.succeed("check")
    try place.succeed("recover -o again.db")
    #expect(try place.query("SELECT steps_planned FROM runs WHERE id = 1", store: "again.db") == ["4000"])
    #expect(try place.succeed("verify north --store again.db").output.hasPrefix("exact: "))
    #expect(try place.succeed("merge keepstep.db --store merged.db").output.hasPrefix("run 1 (north): added"))
    #expect(try place.succeed("resume north --store merged.db").output.contains("stopped early: nothing to do"))
  }

  @Test("predict tells the part of each row, and compare the errors over each")
  func errors() throws {
    let (place, _) = try Self.place(Self.parts)
    let rows = try place.succeed("predict north").rows
    let parts = rows.map { $0["part"] ?? "?" }
    #expect(
      parts == Array(repeating: "training", count: 27) + Array(repeating: "validation", count: 8)
        + Array(repeating: "test", count: 4) + [""])
    try place.succeed("train --data north.csv --name other \(RiverExample.options) \(Self.parts) --quiet --steps 40")
    let errors = rows.filter { $0["part"] == "test" }.compactMap { row -> Double? in
      guard let target = row["target_flow"].flatMap(Double.init), let found = row["predicted_flow"].flatMap(Double.init)
      else { return nil }
      return abs(target - found)
    }
    #expect(errors.count == 4)
    let compared = try place.succeed("compare north other --format json").output
    for part in ["training", "validation", "test"] {
      #expect(compared.contains("mean absolute, \(part) part") && compared.contains("root mean square, \(part) part"))
    }
    #expect(compared.contains("\(errors.reduce(0, +) / 4)".prefix(6)), "\(compared)")
  }

  @Test("other rows than the run's own have no parts")
  func otherData() throws {
    let (place, _) = try Self.place(Self.parts)
    #expect(try place.succeed("predict north --data north.csv").rows.first?["part"] == "training")
    try place.write(RiverExample.north.replacingOccurrences(of: "300.00", with: "300.50"), to: "other.csv")
    let rows = try place.succeed("predict north --data other.csv").rows
    #expect(rows.count == 40 && rows.first?.keys.contains("part") == false)
  }

  @Test("a fork takes parts, another scaling, or neither")
  func forks() throws {
    let (place, _) = try Self.place("--evaluate-every 4")
    try FileManager.default.removeItem(at: place.url("north.csv"))
    try place.succeed("fork north@28 --name parted --validation 0.2 --scale minmax --quiet")
    #expect(
      try place.query("SELECT min(step) FROM evaluations WHERE split = 'validation' AND run_id = 2") == ["32"])
    #expect(
      try place.query("SELECT value FROM hyperparameters WHERE run_id = 2 AND name = 'data_origin'") == ["28"])
    try place.succeed("fork parted@42 --name again --validation 0 --quiet")
    #expect(try place.query("SELECT count(*) FROM evaluations WHERE split = 'validation' AND run_id = 3") == ["0"])
    let scalings = "SELECT count(DISTINCT value), count(*) FROM hyperparameters WHERE name = 'scaling'"
    #expect(try place.query(scalings) == ["1,2"], "a fork keeps its parent's")
    for run in ["parted", "again"] { try place.succeed("verify \(run)") }
    try place.succeed("check")
  }
}
