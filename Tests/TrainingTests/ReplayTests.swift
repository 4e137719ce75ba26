import Foundation
import RunStore
import Testing
import Training

/// A record that was changed, or a training that would go another way: found, named, and left alone.
@Suite struct ReplayTests {
  /// A record, one change of it, and the words that must be found.
  struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let sql: String
    let step: Int
    let words: [String]
  }

  static let changes: [Change] = [
    Change(
      testDescription: "a loss, by one bit", sql: "UPDATE steps SET loss = loss * 1.0000000000000002 WHERE step = 33",
      step: 33, words: ["loss"]),
    Change(
      testDescription: "a gradient norm", sql: "UPDATE steps SET gradient_norm = 0.25 WHERE step = 33", step: 33,
      words: ["gradient norm", "0.25"]),
    Change(
      testDescription: "a learning rate", sql: "UPDATE steps SET learning_rate = 0.125 WHERE step = 33", step: 33,
      words: ["learning rate", "0.125", "0.02"]),
    Change(
      testDescription: "a hidden state",
      sql: "UPDATE hidden_states SET data = CAST(x'0000a03e' || substr(data, 5) AS BLOB) WHERE step = 33", step: 33,
      words: ["hidden state H, value 0", "0.3125"]),
    Change(
      testDescription: "a hidden state of another size",
      sql: "UPDATE hidden_states SET shape = '[2]', data = zeroblob(8) WHERE step = 33", step: 33,
      words: ["hidden state H", "2 values", "32"]),
    Change(
      testDescription: "an evaluation", sql: "UPDATE evaluations SET loss = 0.0625 WHERE step = 40", step: 40,
      words: ["evaluation (training)", "0.0625"]),
    Change(
      testDescription: "an evaluation that is not there", sql: "DELETE FROM evaluations WHERE step = 40", step: 40,
      words: ["evaluations", "none", "training"]),
    Change(
      testDescription: "an evaluation too many",
      sql: "INSERT INTO evaluations SELECT run_id, 41, split, loss, NULL FROM evaluations WHERE step = 40", step: 41,
      words: ["evaluations", "training", "none"]),
    Change(
      testDescription: "a hidden state that is not there", sql: "DELETE FROM hidden_states WHERE step = 33", step: 33,
      words: ["hidden states", "0 rows", "gives 1"]),
    Change(
      testDescription: "a step that is not there", sql: "DELETE FROM steps WHERE step = 33", step: 33,
      words: ["missing"]),
    Change(
      testDescription: "a history digest",
      sql: "UPDATE checkpoints SET history_digest = '\(String(repeating: "0", count: 64))' WHERE step = 35", step: 35,
      words: ["history digest", String(repeating: "0", count: 64)]),
  ]

  @Test(arguments: changes) func aChangedRowStopsAResume(change: Change) throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let changed = try bench.alteredCopy(change.sql)
    let before = try changed.recordDump()
    let error = try changed.trainingError { try changed.resume(from: .step(28)) }
    #expect(error.message.contains("run run-1, step \(change.step):"), "\(error.message)")
    for words in change.words { #expect(error.message.contains(words), "\(error.message)") }
    #expect(error.hint?.contains("keepstep fork 1@") == true, "\(error.hint ?? "no hint")")
    #expect(try changed.recordDump() == before)
    try changed.expectUntouched(status: .finished)
    // A later checkpoint is as good as ever, the record before it is not: it is gone on with as another run only.
    let refused = try #require(throws: StoreError.self) { try changed.resume(from: .step(56)) }
    #expect(refused.kind == .damaged && refused.message.contains("is damaged before step 56"), "\(refused.message)")
    #expect(refused.hint?.contains("`keepstep fork 1@60`") == true, "\(refused.hint ?? "no hint")")
    #expect(try changed.recordDump() == before)
  }

  /// A checkpoint's tensors that are not those of its digest: nothing begins from them.
  @Test func aDamagedTensorIsFound() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let digest = try #require(try bench.content().checkpoints[42]?.digest)
    let damaged = try bench.alteredCopy(damage(step: 42))
    let before = try damaged.recordDump()
    let starting = try #require(throws: StoreError.self) { try damaged.resume(from: .step(42)) }
    #expect(starting.kind == .damaged)
    #expect(starting.message.contains(digest), "\(starting.message)")
    #expect(starting.hint?.contains("keepstep resume 1@60") == true, "\(starting.hint ?? "no hint")")
    #expect(try damaged.recordDump() == before)
    #expect(try damaged.reader.segments(runID: 1).count == 1, "none began")
  }

  /// A training that comes by a damaged checkpoint in the state that its digest covers puts that back.
  @Test func aDamagedTensorIsMended() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let undisturbed = try bench.content()
    let damaged = try bench.alteredCopy(damage(step: 42))
    #expect(try damaged.reader.check().isSound == false)
    #expect(try damaged.resume(from: .step(28)).lastStep == 60)
    #expect(try damaged.content().differences(from: undisturbed) == [])
    #expect(try damaged.reader.check().findings == [])
  }

  /// A training that comes to just the stored tensors shows that it is the digest that was damaged, and puts that right.
  @Test(arguments: [
    "substr(digest, 1, 63) || CASE substr(digest, 64) WHEN '0' THEN '1' ELSE '0' END", "' ' || substr(digest, 2)",
  ])
  func aDamagedDigestIsMended(digest: String) throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let undisturbed = try bench.content()
    let damaged = try bench.alteredCopy("UPDATE checkpoints SET digest = \(digest) WHERE step IN (42, 60)")
    let refused = try #require(throws: StoreError.self) { try damaged.resume(from: .last) }
    #expect(refused.hint?.contains("`keepstep resume 1@56`") == true, "\(refused.hint ?? "no hint")")
    #expect(try damaged.reader.check().findings.count == 2)
    #expect(try damaged.resume(from: .step(28)).lastStep == 60)
    #expect(try damaged.content().differences(from: undisturbed) == [])
    #expect(try damaged.reader.check().findings == [])
  }

  /// Where neither the digest nor the tensors are what the training comes to, nothing says what the checkpoint was.
  @Test func aDamagedTensorWithADamagedDigestIsLeftAlone() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let damaged = try bench.alteredCopy(
      damage(step: 42) + "; UPDATE checkpoints SET digest = 'a' || substr(digest, 1, 63) WHERE step = 42;")
    let before = try damaged.recordDump()
    let error = try damaged.trainingError { try damaged.resume(from: .step(28)) }
    #expect(error.message.contains("run run-1, from step 42 on"), "\(error.message)")
    #expect(error.hint?.contains("keepstep fork 1@") == true, "\(error.hint ?? "no hint")")
    #expect(try damaged.recordDump() == before)
  }

  /// A hand that changes a tensor and makes its digest anew.
  @Test func aForgedTensorIsFound() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let checkpoint = try bench.reader.checkpoint(runID: 1, .step(42))
    var tensors = try bench.reader.tensors(checkpointID: checkpoint.id)
    let index = try #require(tensors.firstIndex { $0.name == "W_hh.v" })
    let old = tensors[index].values[3]
    tensors[index].values[3] = 0.3125
    let forged = try bench.alteredCopy(
      """
      UPDATE tensors SET data = CAST(substr(data, 1, 12) || x'0000a03e' || substr(data, 17) AS BLOB)
      WHERE checkpoint_id = \(checkpoint.id) AND name = 'W_hh.v';
      UPDATE checkpoints SET digest = '\(CheckpointDigest.sha256(of: tensors))' WHERE step = 42;
      """)
    let before = try forged.recordDump()
    let error = try forged.trainingError { try forged.resume(from: .step(28)) }
    for words in ["step 42", "optimizer tensor W_hh.v, value 3", "0.3125", "\(old)"] {
      #expect(error.message.contains(words), "\(error.message)")
    }
    #expect(try forged.recordDump() == before)
    try forged.expectUntouched(status: .finished)
  }

  /// Damage that SQLite's own rules would not let through, as a disk's.
  @Test func aTornHiddenStateIsFound() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let torn = try bench.alteredCopy("UPDATE hidden_states SET data = substr(data, 1, 125) WHERE step = 33")
    let before = try torn.recordDump()
    let error = try torn.trainingError { try torn.resume(from: .step(28)) }
    #expect(error.message.contains("from step 29 on") && error.message.contains("125 bytes"), "\(error.message)")
    let difference = try #require(try torn.verify().difference)
    #expect(difference.contains("125 bytes"), "\(difference)")
    #expect(try torn.recordDump() == before)
    try torn.expectUntouched(status: .finished)
  }

  @Test func anInterruptedOrFailedRunStaysSo() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    try bench.store.close()
    for status in [RunStatus.interrupted, .failed] {
      let changed = try Bench.alteredCopy(
        of: bench.folder,
        """
        UPDATE runs SET status = '\(status.rawValue)', finished_at = NULL, steps_planned = 90, failure = 'it was so';
        UPDATE steps SET loss = 1 WHERE step = 33;
        """)
      _ = try changed.trainingError { try changed.resume(from: .step(28), steps: 120) }
      try changed.expectUntouched(status: status)
      let run = try changed.reader.run("1")
      #expect((run.failure, run.stepsPlanned) == ("it was so", 90))
    }
  }
}

extension Bench {
  /// All that was recorded of runs' trainings, as SQL text.
  func recordDump() throws -> String {
    try folder.sqlite3(
      ["steps", "evaluations", "hidden_states", "checkpoints", "tensors", "hyperparameters", "datasets"].map {
        "SELECT '\($0)'; .dump \($0)".replacingOccurrences(of: "; ", with: ";\n")
      }.joined(separator: "\n"))
  }

  /// Expects that the run has this status and that no trainer left anything open.
  func expectUntouched(status: RunStatus) throws {
    let run = try reader.run("1")
    #expect(run.status == status)
    #expect((run.finishedAt != nil) == (status == .finished))
    #expect(try reader.segments(runID: 1).allSatisfy { $0.endedAt != nil })
    #expect(!reader.isHeld(runID: 1))
  }
}

/// Changes a weight of a step's checkpoint.
func damage(step: Int) -> String {
  """
  UPDATE tensors SET data = CAST(substr(data, 1, 8) || x'0000a03e' || substr(data, 13) AS BLOB)
  WHERE checkpoint_id = (SELECT id FROM checkpoints WHERE step = \(step)) AND name = 'W_hh' AND kind = 'weight'
  """
}
