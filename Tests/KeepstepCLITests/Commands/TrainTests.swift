import Foundation
import Testing

@Suite("keepstep train")
struct TrainTests {
  /// `RunDigest` of the seed's job, reckoned from its rows by hashlib's SHA-256 in another language.
  private static let seedDigest = "1bf3bf0da4c7ad86756dfb2e858a620afc77c13a86664a3b99d0747a7fecab2a"

  @Test("without an option it is the seed's job")
  func seed() throws {
    let place = try Workplace()
    let outcome = try place.succeed("train")
    #expect(outcome.output == "run 1 (run-1), finished at step 300, loss 0.00144, best 0.00019211 at step 210\n")
    #expect(outcome.errors == "")
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])
    #expect(
      try place.query("SELECT name || '=' || value FROM hyperparameters WHERE run_id = 1 ORDER BY name") == [
        "batch_first=0", "batch_size=1", "beta1=0.9", "beta2=0.999", "bias=1", "biases=two", "bidirectional=0",
        "cell=rnn", "checkpoint_every=100", "data=sine", "data_origin=0",
        "digest=\(Self.seedDigest)", "dropout=0.0", "epsilon=1.0e-08",
        "evaluate_every=10", "hidden_size=32", "init=random", "input_size=1", "\"inputs=[\"\"sin\"\"]\"", "keep=10",
        "learning_rate=0.02", "loss=mse", "nonlinearity=tanh", "num_layers=1", "optimizer=adam", "optimizer_origin=0",
        "output_bias=1", "output_size=1", "proj_size=0", "record_hidden_every=10", "schedule=constant", "sequences=1",
        "shift=0", "\"targets=[\"\"cos\"\"]\"", "warmup_start=0.333333333333333", "warmup_steps=0",
        "weight_decay=0.0", "window=10",
      ])
    #expect(try place.query("SELECT seed, steps_planned, status FROM runs") == ["1,300,finished"])
  }

  @Test("every option shapes the run and is recorded")
  func options() throws {
    let place = try Workplace()
    try place.write(FlowExample.csv, to: "flow.csv")
    try place.succeed(
      "train --data flow.csv --inputs flow,rain --targets flow,day --shift 2 --window 3 --batch-size 4 --hidden-size 6"
        + " --nonlinearity relu --no-bias --biases one --steps 9 --learning-rate 0.005 --seed 11 --name all"
        + " --checkpoint-every 2 --keep 3 --evaluate-every 4 --record-hidden-every 5 --no-embed-data --store other.db -q"
    )
    #expect(
      try place.query(
        """
        SELECT name || '=' || value FROM hyperparameters WHERE name IN ('inputs', 'targets', 'shift', 'window',
          'batch_size', 'hidden_size', 'nonlinearity', 'bias', 'biases', 'learning_rate', 'checkpoint_every', 'keep',
          'evaluate_every', 'record_hidden_every') ORDER BY name
        """, store: "other.db") == [
          "batch_size=4", "bias=0", "biases=one", "checkpoint_every=2", "evaluate_every=4", "hidden_size=6",
          "\"inputs=[\"\"flow\"\",\"\"rain\"\"]\"", "keep=3", "learning_rate=0.005", "nonlinearity=relu",
          "record_hidden_every=5", "shift=2", "\"targets=[\"\"flow\"\",\"\"day\"\"]\"", "window=3",
        ])
    #expect(try place.query("SELECT name, seed, steps_done FROM runs", store: "other.db") == ["all,11,9"])
    #expect(try place.query("SELECT step FROM evaluations", store: "other.db") == ["4", "8"])
    #expect(try place.query("SELECT step, shape FROM hidden_states", store: "other.db") == ["5,\"[4,6]\""])
    #expect(try place.query("SELECT data IS NULL, rows FROM datasets", store: "other.db") == ["1,26"])
    // Three newest of 2, 4, 6, 8 beside the first, the best and the last.
    let best = try #require(Int(place.query("SELECT step FROM best_checkpoints", store: "other.db")[0]))
    let kept = try place.query("SELECT step FROM checkpoints ORDER BY step", store: "other.db").compactMap { Int($0) }
    #expect(kept == Set([0, 9, best] + [2, 4, 6, 8].filter { $0 != best }.suffix(3)).sorted())
    #expect(try place.files == ["flow.csv", "other.db", "other.db-lock"])
  }

  @Test("--steps 0 records the untrained network as checkpoint 0")
  func untrained() throws {
    let place = try Workplace()
    #expect(try place.succeed("train --steps 0").output == "run 1 (run-1), finished at step 0\n")
    #expect(try place.query("SELECT step, reason FROM checkpoints") == ["0,start"])
    #expect(try place.query("SELECT count(*) FROM tensors") == ["16"])
  }

  @Test("the store is --store, then $KEEPSTEP_STORE, then keepstep.db")
  func store() throws {
    let place = try Workplace()
    try place.succeed("train --steps 1", environment: ["KEEPSTEP_STORE": "variable.db"])
    try place.succeed("train --steps 1 --store option.db", environment: ["KEEPSTEP_STORE": "variable.db"])
    try place.succeed("train --steps 1", environment: ["KEEPSTEP_STORE": ""])
    #expect(try place.files.filter { !$0.hasSuffix("-lock") } == ["keepstep.db", "option.db", "variable.db"])
    for store in ["keepstep.db", "option.db", "variable.db"] {
      #expect(try place.query("SELECT count(*) FROM runs", store: store) == ["1"])
    }
  }

  @Test("the same options give the same bits, another seed gives others")
  func repeatable() throws {
    let place = try Workplace()
    for (name, seed) in [("a", 5), ("b", 5), ("c", 6)] {
      try place.succeed("train --steps 100 --seed \(seed) --name \(name)")
    }
    expectNone(try RunComparison(place: place, reference: "a").differences(of: "b"), "the same seed")
    #expect(try place.query("SELECT count(DISTINCT digest) FROM checkpoints WHERE step = 100") == ["2"])
  }

  @Test("a training that leaves the finite numbers stops as failed, at its last good step")
  func notFinite() throws {
    let place = try Workplace()
    let outcome = try place.keepstep("train --learning-rate 1e30 --name wild")
    #expect(outcome.status == 1 && outcome.output == "")
    let pattern = /error: run wild, step (\d+): .* so the step is not kept; the last good checkpoint is at step (\d+)\n/
    let told = try #require(outcome.errors.firstMatch(of: pattern))
    let (step, good) = (try #require(Int(told.1)), told.2)
    #expect(outcome.errors.contains("hint: `keepstep fork 1@\(good) --learning-rate …` goes on"))
    #expect(try place.query("SELECT status, steps_done FROM runs") == ["failed,\(step - 1)"])
    #expect(try place.query("SELECT max(step) FROM checkpoints") == [String(good)])
    try place.succeed("check")
    try place.succeed("fork 1@\(good) --learning-rate 0.01 --steps \(step + 10)")
  }
}
