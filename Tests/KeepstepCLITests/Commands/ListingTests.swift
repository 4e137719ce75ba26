import Foundation
import Testing

@Suite("keepstep runs, show, steps, checkpoints")
struct ListingTests {
  @Test("runs: a table, with a filter in SQL")
  func runs() throws {
    let place = try FlowExample.place()
    try place.succeed("train --steps 0 --name zero")
    let columns = [
      "id", "name", "status", "cell", "hidden_size", "num_layers", "steps_done", "steps_planned", "last_loss",
      "best_loss", "best_step", "train_seconds", "created_at",
    ]
    let csv = try place.succeed("runs --format csv")
    #expect(csv.lines[0] == columns.joined(separator: ","))
    let rows = csv.rows.map { row in columns.prefix(11).map { row[$0] ?? "?" }.joined(separator: ",") }
    #expect(
      rows == [
        "1,flow,finished,rnn,8,1,24,24,0.23382522747275414,0.2515701943164132,20",
        "2,zero,finished,rnn,32,1,0,0,,,",
      ])
    let table = try place.succeed("runs").lines
    #expect(table.count == 3)
    #expect(table[0].split(separator: " ").map(String.init) == columns)
    #expect(
      table[1].hasPrefix(" 1  flow  finished  rnn             8           1          24             24    0.23383"))
    #expect(table[1].masked.hasSuffix(" TTTTTTTTTTTTTTTTTTTTTTTT"))

    let filtered = try place.keepstep(["runs", "--where", "best_loss < 0.3 AND cell = 'rnn'", "--format", "csv"])
    #expect(filtered.rows.map { $0["name"] } == ["flow"])
    #expect(
      try place.keepstep(["runs", "--where", "hidden_size > 8", "--format", "csv"]).rows.map { $0["id"] } == ["2"])
    #expect(try place.keepstep(["runs", "--where", "0", "--format", "json"]).output == "[\n]\n")
  }

  @Test("runs: other columns, sorted, and not all of them")
  func chosenRuns() throws {
    let place = try FlowExample.place()
    try place.succeed("train --steps 0 --name zero")
    try place.succeed("train --quiet --steps 20 --name fast --learning-rate 0.05")
    func names(_ options: String) throws -> String {
      try place.succeed("runs --format csv \(options)").rows.map { $0["name"] ?? "?" }.joined(separator: " ")
    }
    #expect(try names("--sort name") == "fast flow zero")
    #expect(try names("--sort steps_done --descending") == "flow fast zero")
    #expect(try names("--sort best_loss").hasSuffix(" zero"), "no value comes last")
    #expect(try names("--sort best_loss --descending").hasSuffix(" zero"))
    #expect(try names("--sort learning_rate --descending --limit 1") == "fast")
    #expect(try names("--descending --limit 2") == "fast zero")
    let columns = try place.succeed("runs --columns name,learning_rate,seed,window --where id=3 --format csv").output
    #expect(columns == "name,learning_rate,seed,window\nfast,0.05,1,10\n")
    let unknown = try place.keepstep("runs --columns name,lerning_rate")
    #expect(unknown.status == 1 && unknown.errors.contains("\"lerning_rate\""), "\(unknown.errors)")
    #expect(unknown.errors.contains("hint: the columns are id, name, status"))
    #expect(try place.keepstep("runs --sort nothere").status == 1)
    for options in ["--limit 0", "--limit x", "--columns a,,b"] {
      #expect(try place.keepstep("runs \(options)").status == 64, "\(options)")
    }
  }

  @Test("runs: JSON that parses, with numbers as numbers")
  func json() throws {
    let place = try FlowExample.place()
    let output = try place.succeed("runs --format json").output
    let runs = try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
    #expect(runs.count == 1)
    #expect(runs[0]["name"] as? String == "flow" && runs[0]["steps_done"] as? Int == 24)
    // JSONSerialization's doubles are off in the last digits.
    #expect(runs[0]["last_loss"] is Double && output.contains("\"last_loss\": 0.23382522747275414, "))
  }

  @Test("show: the run, its hyperparameters, its data and its segments")
  func show() throws {
    let place = try FlowExample.place()
    let sections = try place.succeed("show flow").output.masked.components(separatedBy: "\n\n")
    #expect(sections.count == 3)
    let digest = try place.query("SELECT sha256 FROM datasets")[0]
    let facts = sections[0].split(separator: "\n").filter { !$0.hasPrefix("train_seconds") }
    #expect(
      facts == [
        "run", "id              1", "name            flow", "uuid            UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU",
        "status          finished", "steps           24 of 24", "seed            7", "last_loss       0.23383",
        "best_loss       0.25157", "best_step       20", "created_at      TTTTTTTTTTTTTTTTTTTTTTTT",
        "updated_at      TTTTTTTTTTTTTTTTTTTTTTTT", "finished_at     TTTTTTTTTTTTTTTTTTTTTTTT",
        "dataset         flow.csv: flow, rain", "dataset_rows    26", "dataset_sha256  \(digest)",
      ])
    #expect(sections[1].hasPrefix("hyperparameter\nbatch_first          0\nbatch_size           2\n"))
    #expect(sections[1].contains("\ninputs               [\"flow\",\"rain\"]\n"))
    #expect(sections[2].hasPrefix("segment  first_step  last_step  end_reason  started_at "))
    #expect(sections[2].contains("\n      1           1         24  finished    TTTTTTTTTTTTTTTTTTTTTTTT  TTTT"))

    let rows = try place.succeed("show last --format csv").lines
    #expect(rows[0] == "section,name,value")
    #expect(rows.contains("hyperparameter,learning_rate,0.01") && rows.contains("segment 1,last_step,24"))
    #expect(try place.succeed("show 1").output == place.succeed("show flow").output)
    let uuid = try place.query("SELECT uuid FROM runs")[0]
    #expect(try place.succeed("show \(uuid.prefix(6))").output == place.succeed("show flow").output)
  }

  @Test("steps: from, to and every n-th, with all digits for programs")
  func steps() throws {
    let place = try FlowExample.place()
    #expect(
      try place.query("SELECT step, loss, learning_rate, gradient_norm, train_seconds FROM steps")
        == Array(place.succeed("steps flow --format csv").lines.dropFirst()))
    let rows = try place.succeed("steps flow --every 10 --format csv").rows
    #expect(rows.map { $0["step"] } == ["10", "20"])
    #expect(rows.map { $0["loss"] } == ["0.5483962632791736", "0.0766906354099274"])
    let some = try place.succeed("steps flow --from 5 --to 7").lines
    #expect(some.map { $0.split(separator: " ").first } == ["step", "5", "6", "7"])
    #expect(try place.succeed("steps flow --from 25").lines.count == 1)
    let seconds = try place.succeed("steps flow --format csv").rows.compactMap { Double($0["train_seconds"] ?? "") }
    #expect(seconds.count == 24 && seconds == seconds.sorted())
  }

  @Test("checkpoints: their steps, reasons and digests")
  func checkpoints() throws {
    let place = try FlowExample.place()
    let rows = try place.succeed("checkpoints flow --format csv").rows
    #expect(rows.map { $0["step"] } == ["0", "6", "12", "18", "20", "24"])
    #expect(rows.map { $0["reason"] } == ["start", "interval", "interval", "interval", "best", "final"])
    #expect(rows.map { $0["monitor_value"] } == ["", "", "", "", "0.2515701943164132", ""])
    #expect(rows[5]["digest"] == "32e32fd39e92a7054f445b9fd30ac31729dae6c612a1c351ee23fb0a48d28e39")
    #expect(rows[0]["history_digest"] == String(repeating: "0", count: 64))
    #expect(rows[5]["history_digest"] == "7fd07ba22693d4d5add84cb2e80f450b9c412c49eeb1dbcc2c8e79a7fcea620d")
    let table = try place.succeed("checkpoints flow").lines
    #expect(
      table[1].masked
        == " 1     0  start                    53ac1ce3007f  000000000000         0  TTTTTTTTTTTTTTTTTTTTTTTT")
  }
}
