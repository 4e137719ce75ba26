import Foundation
import Testing

@Suite("keepstep train --loss cross-entropy")
struct ClassificationTests {
  private static let train =
    "train --data walks.npz --batch-first --inputs x --targets c --loss cross-entropy --window 4 --steps 60"
    + " --hidden-size 12 --evaluate-every 7 --checkpoint-every 20"

  @Test("the accuracy of steps, evaluations and runs is recorded")
  func accuracy() throws {
    let place = try WalkExample.place()
    try place.succeed("\(Self.train) --name run")
    #expect(
      try place.query("SELECT name, value FROM hyperparameters WHERE name IN ('classes', 'loss', 'output_size')")
        .sorted() == ["classes,3", "loss,cross-entropy", "output_size,3"])
    let rows = try place.succeed("steps run --format csv").rows
    let accuracies = rows.compactMap { Double($0["accuracy"] ?? "") }
    // Of 4 time steps of 6 sequences, so many are right.
    #expect(accuracies.count == 60 && accuracies.allSatisfy { $0 == ($0 * 24).rounded() / 24 })
    #expect(accuracies[0] < 0.8 && accuracies[59] > 0.9)
    let evaluations = try place.query("SELECT accuracy FROM evaluations ORDER BY step").compactMap(Double.init)
    #expect(evaluations == (0..<8).map { accuracies[$0 * 7..<$0 * 7 + 7].reduce(0, +) / 7 })
    #expect(try place.query("SELECT last_accuracy FROM run_summary").compactMap(Double.init) == [accuracies[59]])
    #expect(
      try place.keepstep(["runs", "--where", "last_accuracy > 0.9", "--format", "csv"]).rows.map { $0["name"] } == [
        "run"
      ])
    #expect(try place.succeed("steps run").lines[0].hasSuffix("  accuracy"))
  }

  @Test("other losses have none, and list none")
  func otherLosses() throws {
    let place = try Workplace()
    try place.succeed("train --steps 20")
    #expect(try place.succeed("steps 1").lines[0].hasSuffix("  train_seconds"))
    #expect(
      try place.query(
        "SELECT (SELECT count(accuracy) FROM steps), (SELECT count(accuracy) FROM evaluations), last_accuracy"
          + " FROM run_summary") == ["0,0,"])
  }

  @Test("the class is predicted, and most are right")
  func predict() throws {
    let place = try WalkExample.place()
    try place.succeed("\(Self.train) --name run")
    let rows = try place.succeed("predict run").rows
    #expect(rows.count == 72 && Set(rows.map { $0["predicted_c"] }) == ["0.0", "1.0", "2.0"])
    #expect(rows.filter { $0["c"] == $0["predicted_c"] }.count > 64)
  }

  @Test("--classes makes room for classes that the data has not", arguments: [3, 5])
  func classes(count: Int) throws {
    let place = try WalkExample.place()
    try place.succeed("\(Self.train) --classes \(count)")
    #expect(
      try place.query("SELECT DISTINCT name, shape FROM tensors WHERE name IN ('W_hq', 'b_q')").sorted()
        == ["W_hq,\"[12,\(count)]\"", "b_q,[\(count)]"])
    try place.succeed("verify last")
  }

  @Test("a resume and a verification compare accuracies, too")
  func verify() throws {
    let place = try WalkExample.place()
    try place.succeed("\(Self.train) --name run")
    #expect(try place.succeed("verify run@20").output.hasPrefix("exact: steps 21 to 60: "))
    #expect(try place.succeed("resume run@40").errors == "20 recorded steps trained again: equal to the bit\n")
    try place.sqlite3("UPDATE steps SET accuracy = 0.25 WHERE step = 33")
    for line in ["verify run", "resume run@20"] {
      let outcome = try place.keepstep(line)
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("error: run run, step 33: accuracy is recorded as 0.25"), "\(outcome.errors)")
    }
    #expect(try place.keepstep("check").status == 1)
  }

  @Test("a CSV file's classes")
  func csv() throws {
    let place = try Workplace()
    let rows = (0..<40).map { "\(Double($0 % 7) / 4),\($0 % 7 > 3 ? 1 : 0)" }
    try place.write("a,kind\n" + rows.joined(separator: "\n") + "\n", to: "kinds.csv")
    try place.succeed(
      "train --data kinds.csv --inputs a --targets kind --loss cross-entropy --steps 100 --batch-size 2 --cell gru")
    #expect(try place.query("SELECT last_accuracy > 0.9 FROM run_summary") == ["1"])
    #expect(Set(try place.succeed("predict last").rows.map { $0["predicted_kind"] }) == ["0.0", "1.0"])
  }
}
