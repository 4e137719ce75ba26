import Foundation
import Testing

@Suite("keepstep export-runs")
struct ExportRunsTests {
  /// A store with the flow example and a fork of it.
  private static func place() throws -> Workplace {
    let place = try FlowExample.place()
    try place.succeed("fork flow@12 --quiet --name on --steps 30 --learning-rate 0.02")
    return place
  }

  private func lines(_ place: Workplace, _ file: String) throws -> [String] {
    String(decoding: try place.data(file), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// A cell of `runs.csv`, as a reader of CSV sees it.
  private func cell(_ place: Workplace, _ column: String, row: Int) throws -> String {
    let program = "import csv, sys; print(list(csv.DictReader(open('out/runs.csv')))[int(sys.argv[1])][sys.argv[2]])"
    let outcome = try place.run("python3", package: "python3", ["-c", program, "\(row)", column])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return String(outcome.output.dropLast())
  }

  @Test("a folder has all runs, and the steps of each with all digits")
  func folder() throws {
    let place = try Self.place()
    let outcome = try place.succeed("export-runs -o out")
    #expect(outcome.output == "" && outcome.errors == "out: 2 runs, 42 steps\n")
    for (run, file) in [("1", "1-flow"), ("2", "2-on")] {
      let rows = try lines(place, "out/steps/\(file).csv")
      #expect(rows[0] == "step,loss,learning_rate,gradient_norm,train_seconds,training_loss")
      let expected = try place.query(
        """
        SELECT step, steps.loss, learning_rate, gradient_norm, train_seconds, evaluations.loss FROM steps
        LEFT JOIN evaluations USING (run_id, step) WHERE run_id = \(run) ORDER BY step
        """)
      #expect(Array(rows.dropFirst()) == expected)
    }
    #expect(try lines(place, "out/runs.csv").count == 3)
    #expect(try cell(place, "name", row: 1) == "on" && cell(place, "steps_file", row: 1) == "steps/2-on.csv")
    #expect(try cell(place, "steps_done", row: 0) == "24" && cell(place, "learning_rate", row: 1) == "0.02")
    #expect(try cell(place, "inputs", row: 0) == #"["flow","rain"]"#)
  }

  @Test("one file has the steps of all runs behind each other, or of those that were asked for")
  func file() throws {
    let place = try Self.place()
    #expect(try place.succeed("export-runs -o all.csv").errors == "all.csv: 2 runs, 42 steps\n")
    let rows = try lines(place, "all.csv")
    #expect(rows[0] == "run_id,run,step,loss,learning_rate,gradient_norm,train_seconds,training_loss")
    #expect(rows.count == 43 && rows[1].hasPrefix("1,flow,1,") && rows[25].hasPrefix("2,on,13,"))
    for choice in ["--runs on", "--runs 2 on", "--where steps_done=30", "--runs flow on --where steps_done=30"] {
      #expect(try place.succeed("export-runs -o one.csv --quiet \(choice)").errors == "")
      #expect(try lines(place, "one.csv") == [rows[0]] + rows[25...])
    }
  }

  @Test("steps that are read in several pages leave none out")
  func pages() throws {
    let place = try Workplace()
    try place.succeed(
      "train --quiet --steps 40001 --hidden-size 1 --window 1 --checkpoint-every 0 --record-hidden-every 0")
    try place.succeed("export-runs -q -o all.csv")
    let steps = try lines(place, "all.csv").dropFirst().compactMap { Int($0.split(separator: ",")[2]) }
    #expect(steps == Array(1...40001))
  }

  @Test("class targets bring an accuracy")
  func accuracy() throws {
    let place = try WalkExample.place()
    try place.succeed(
      "train --data walks.npz --batch-first --inputs x --targets c --loss cross-entropy --window 4 --steps 7"
        + " --evaluate-every 7 --quiet --name w")
    try place.succeed("export-runs -q -o out")
    let rows = try lines(place, "out/steps/1-w.csv")
    #expect(
      rows[0] == "step,loss,learning_rate,gradient_norm,train_seconds,accuracy,training_loss,training_accuracy")
    let accuracies = try place.query(
      "SELECT steps.accuracy, evaluations.accuracy FROM steps JOIN evaluations USING (run_id, step) WHERE step = 7")
    let last = try #require(rows.last).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    #expect(["\(last[5]),\(last[7])"] == accuracies)
  }

  @Test("a stranger's names lead to no other folder and are no formulas")
  func names() throws {
    let place = try Workplace()
    for name in ["../../etc", "=1+1", "größe 1"] {
      #expect(try place.keepstep(["train", "--quiet", "--steps", "1", "--name", name]).status == 0)
    }
    try place.succeed("train --quiet --steps 0 --name none")
    #expect(try place.keepstep(["note", "1", "a\n=2"]).status == 0)
    try place.succeed("export-runs -q -o out")
    let files = try FileManager.default.contentsOfDirectory(atPath: place.url("out/steps").path).sorted()
    #expect(files == ["1-.._.._etc.csv", "2-_1_1.csv", "3-größe_1.csv", "4-none.csv"])
    #expect(try cell(place, "name", row: 1) == "'=1+1" && cell(place, "note", row: 0) == "a\n'=2")
    #expect(try lines(place, "out/steps/4-none.csv").count == 1)
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock", "out"])
  }

  static let refusals = [
    Refusal("export-runs -o full", "full is a folder with something in it"),
    Refusal("export-runs -o flow.npz", "flow.npz is a file"),
    Refusal("export-runs -o none/out", "none/out", "No such file"),
    Refusal("export-runs -o none/out.csv", "none/out.csv", "No such file"),
    Refusal("export-runs -o out --runs nobody", "there is no run \"nobody\""),
    Refusal("export-runs -o out --where steps_done>99", "there is no such run in keepstep.db"),
    Refusal("export-runs -o out --where nonsense", "the filter \"nonsense\"", "no such column"),
    Refusal("export-runs -o out --runs flow@18", "flow@18", status: 64),
    Refusal("export-runs", "-o", status: 64), Refusal("export-runs -o out --store no.db", "no.db"),
    Refusal("export-runs -o out --runs flow cut", "run 2 is damaged", "24", "20"),
  ]

  @Test("what can't be written is refused, and nothing is left", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try FlowExample.place()
    try place.succeed("export flow -q -o flow.npz")
    try FileManager.default.createDirectory(at: place.url("full"), withIntermediateDirectories: false)
    try place.write("mine", to: "full/mine")
    if refusal.line.contains("cut") {
      try place.succeed("train --quiet --steps 24 --name cut")
      try place.sqlite3("DELETE FROM steps WHERE run_id = 2 AND step > 20")
    }
    try place.expect(refusal)
  }

  @Test("an empty folder is taken, and stays when nothing could be written")
  func emptyFolder() throws {
    let place = try FlowExample.place()
    try FileManager.default.createDirectory(at: place.url("out"), withIntermediateDirectories: false)
    try place.sqlite3("DELETE FROM steps WHERE step > 20")
    #expect(try place.keepstep("export-runs -o out").status == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.url("out").path).isEmpty)
    try place.sqlite3("UPDATE runs SET steps_done = 20")
    try place.succeed("export-runs -o out")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.url("out").path).sorted() == ["runs.csv", "steps"])
  }
}
