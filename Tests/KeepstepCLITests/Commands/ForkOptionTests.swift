import Foundation
import Testing

@Suite("keepstep fork: what may change")
struct ForkOptionTests {
  private static let train =
    "train --quiet --name parent --steps 60 --checkpoint-every 20 --num-layers 2 --dropout 0.2 --hidden-size 9"
    + " --cell gru --batch-size 2"

  /// What a fork is asked for, and the hyperparameters that it must differ in.
  static let changes = [
    ("", []),
    ("--dropout 0.5", ["dropout,0.5"]), ("--dropout 0", ["dropout,0.0"]),
    ("--learning-rate 0.001", ["learning_rate,0.001"]), ("--weight-decay 0.1", ["weight_decay,0.1"]),
    ("--clip-norm 0.5", ["clip_norm,0.5"]), ("--clip-value 0.01", ["clip_value,0.01"]),
    ("--loss huber --huber-delta 0.1", ["huber_delta,0.1", "loss,huber"]),
    ("--loss mae", ["loss,mae"]),
    ("--optimizer adamw", ["learning_rate,0.001", "optimizer,adamw", "optimizer_origin,40", "weight_decay,0.01"]),
    (
      "--optimizer sgd --learning-rate 0.05 --momentum 0.9 --nesterov",
      ["learning_rate,0.05", "momentum,0.9", "nesterov,1", "optimizer,sgd", "optimizer_origin,40"]
    ),
    (
      "--optimizer rmsprop",
      ["alpha,0.99", "learning_rate,0.01", "momentum,0.0", "optimizer,rmsprop", "optimizer_origin,40"]
    ),
    (
      "--schedule step --schedule-steps 15",
      ["schedule,step", "schedule_gamma,0.1", "schedule_steps,15"]
    ),
    (
      "--schedule cosine --schedule-minimum 0.001 --steps 80",
      ["schedule,cosine", "schedule_minimum,0.001", "schedule_steps,80"]
    ),
    ("--warmup-steps 50", ["warmup_steps,50"]),
    ("--evaluate-every 7 --record-hidden-every 3", ["evaluate_every,7", "record_hidden_every,3"]),
  ]

  @Test("an option changes what it names and nothing else, and the fork verifies exactly", arguments: changes)
  func change(options: String, rows: [String]) throws {
    let place = try Workplace()
    try place.succeed(Self.train)
    try place.succeed("fork parent@40 --quiet --name child \(options)")
    let changed = try place.query(
      """
      SELECT name, value FROM hyperparameters WHERE run_id = 2 AND name NOT IN ('digest', 'forked_from')
        EXCEPT SELECT name, value FROM hyperparameters WHERE run_id = 1 ORDER BY 1
      """)
    #expect(changed == rows)
    let end = try #require(Int(try place.query("SELECT steps_done FROM runs WHERE id = 2")[0]))
    let exact = try place.succeed("verify child")
    #expect(exact.output.hasPrefix("exact: steps 41 to \(end): \(end - 40) step rows"), "\(exact.output)")
    let steps = "SELECT step, loss, learning_rate, gradient_norm FROM steps WHERE step BETWEEN 41 AND 60 AND run_id = "
    let isSame = try place.query(steps + "1") == place.query(steps + "2")
    let changesNothing = options == "" || options.hasPrefix("--evaluate-every")
    #expect(isSame == changesNothing)
    try place.succeed("resume child --quiet --steps \(end + 10)")
    try place.succeed("check")
  }

  @Test("limits and rules can be taken back")
  func takenBack() throws {
    let place = try Workplace()
    try place.succeed(
      "train --quiet --steps 20 --name parent --clip-norm 0.5 --clip-value 0.1 --optimizer sgd --momentum 0.9 --nesterov"
        + " --schedule plateau --warmup-steps 40")
    try place.succeed(
      "fork parent --quiet --name child --steps 40 --clip-norm 0 --clip-value 0 --no-nesterov --momentum 0"
        + " --schedule constant --warmup-steps 0 --learning-rate 0.25")
    #expect(
      try place.query(
        "SELECT name, value FROM hyperparameters WHERE run_id = 2 AND name IN ('clip_norm', 'clip_value',"
          + " 'momentum', 'nesterov', 'schedule', 'schedule_patience', 'warmup_steps') ORDER BY name")
        == ["momentum,0.0", "nesterov,0", "schedule,constant", "warmup_steps,0"])
    #expect(try place.query("SELECT DISTINCT learning_rate FROM steps WHERE run_id = 2") == ["0.25"])
    try place.succeed("verify child")
  }

  @Test("the schedule plateau goes on in a fork, and in a fork's fork; a changed one begins anew")
  func plateau() throws {
    let place = try Workplace()
    // A rate at which the loss soon no longer falls, so that the schedule has something to go on with.
    try place.succeed(
      "train --quiet --name parent --steps 300 --learning-rate 0.0625 --schedule plateau --schedule-patience 3"
        + " --schedule-gamma 0.8 --evaluate-every 5 --checkpoint-every 50 --keep all")
    let rates = try place.query("SELECT learning_rate FROM steps WHERE step IN (100, 200, 300)").compactMap(Double.init)
    try #require(rates.count == 3 && rates[0] < 0.0625 && rates[2] < rates[0], "\(rates)")
    try place.succeed("fork parent@100 --quiet --name child --checkpoint-every 50 --keep all")
    try place.succeed("fork child@200 --quiet --name grandchild")
    try place.succeed("fork parent@100 --quiet --name changed --schedule-patience 20")
    let steps = "SELECT step, loss, learning_rate FROM steps JOIN runs ON runs.id = run_id WHERE step > 200 AND name = "
    let parent = try place.query("\(steps)'parent'")
    #expect(parent.count == 100)
    #expect(try place.query("\(steps)'child'") == parent && place.query("\(steps)'grandchild'") == parent)
    let changed = "SELECT learning_rate FROM steps JOIN runs ON runs.id = run_id WHERE step = 101 AND name = 'changed'"
    #expect(try place.query(changed) == ["0.0625"])
    for name in ["child", "grandchild", "changed"] {
      #expect(try place.succeed("verify \(name)").output.hasPrefix("exact: "))
    }
  }

  @Test("an array run goes on with other data, with other groups of sequences, and with a class's probability")
  func arrays() throws {
    let place = try WalkExample.place()
    try place.succeed("\(WalkExample.train) --quiet --data walks.npz --batch-first --name parent")
    try NumPyFile.npz([WalkExample.x.part(1..<5), WalkExample.y.part(1..<5)]).write(to: place.url("four.npz"))
    try place.succeed("fork parent@12 --quiet --name pairs --batch-size 2")
    try place.succeed("fork parent@12 --quiet --name four --data four.npz --batch-size 4")
    try place.succeed("fork parent@12 --quiet --name turned --data time.npz --no-batch-first")
    for name in ["pairs", "four", "turned"] {
      #expect(try place.succeed("verify \(name)").output.hasPrefix("exact: steps 13 to 24: "))
    }
    // The same values in the other order are the same data.
    let losses = "SELECT step, loss FROM steps JOIN runs ON runs.id = run_id WHERE step > 12 AND name = "
    #expect(try place.query("\(losses)'turned'") == place.query("\(losses)'parent'"))
    #expect(
      try place.query("SELECT value FROM hyperparameters WHERE name = 'data_origin' ORDER BY run_id")
        == ["0", "12", "12", "0"])
  }
}
