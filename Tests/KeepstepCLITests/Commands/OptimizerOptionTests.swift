import Foundation
import Testing

@Suite("keepstep train: losses, optimizers and limits")
struct OptimizerOptionTests {
  /// Options, and the rows that they must leave in `hyperparameters`.
  static let cases = [
    (
      "--optimizer adam",
      ["beta1,0.9", "beta2,0.999", "epsilon,1e-08", "learning_rate,0.02", "optimizer,adam", "weight_decay,0.0"], "m,v"
    ),
    (
      "--optimizer adamw",
      ["beta1,0.9", "beta2,0.999", "epsilon,1e-08", "learning_rate,0.001", "optimizer,adamw", "weight_decay,0.01"],
      "m,v"
    ),
    (
      "--optimizer sgd", ["learning_rate,0.001", "momentum,0.0", "nesterov,0", "optimizer,sgd", "weight_decay,0.0"], ""
    ),
    (
      "--optimizer sgd --learning-rate 0.1 --momentum 0.9 --nesterov --weight-decay 0.01",
      ["learning_rate,0.1", "momentum,0.9", "nesterov,1", "optimizer,sgd", "weight_decay,0.01"], "m"
    ),
    (
      "--optimizer rmsprop",
      ["alpha,0.99", "epsilon,1e-08", "learning_rate,0.01", "momentum,0.0", "optimizer,rmsprop", "weight_decay,0.0"],
      "v"
    ),
    (
      "--optimizer rmsprop --momentum 0.5 --learning-rate 0.002",
      ["alpha,0.99", "epsilon,1e-08", "learning_rate,0.002", "momentum,0.5", "optimizer,rmsprop", "weight_decay,0.0"],
      "m,v"
    ),
  ]

  @Test("an optimizer's scalars are PyTorch's where they are not given, and all are recorded", arguments: cases)
  func optimizer(options: String, rows: [String], moments: String) throws {
    let place = try Workplace()
    try place.succeed("train --quiet --steps 12 --checkpoint-every 5 \(options)")
    let names = [
      "alpha", "beta1", "beta2", "epsilon", "learning_rate", "momentum", "nesterov", "optimizer", "weight_decay",
    ]
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    #expect(try place.query("SELECT name, value FROM hyperparameters WHERE name IN (\(list)) ORDER BY name") == rows)
    let found = try place.query("SELECT DISTINCT name FROM tensors WHERE kind = 'optimizer' AND name LIKE 'W_hh.%'")
    #expect(found.sorted().map { $0.dropFirst("W_hh.".count) }.joined(separator: ",") == moments)
    let exact = try place.succeed("verify last@5")
    #expect(exact.output.hasPrefix("exact: steps 6 to 12: 7 step rows"))
  }

  /// Options that must change the bits of 20 steps, all different from each other.
  static let changes = [
    "", "--learning-rate 0.02", "--momentum 0.5", "--momentum 0.5 --nesterov", "--weight-decay 0.1", "--clip-norm 0.01",
    "--clip-value 0.01", "--loss mae", "--loss huber --huber-delta 0.5", "--loss huber --huber-delta 0.25",
  ]

  @Test("each changes what is trained, and what limits nothing changes nothing")
  func changes() throws {
    let place = try Workplace()
    let train = "train --quiet --steps 20 --optimizer sgd"
    for options in Self.changes {
      try place.succeed("\(train) \(options.contains("--learning-rate") ? "" : "--learning-rate 0.01") \(options)")
    }
    let digests = "SELECT count(DISTINCT digest), count(*) FROM checkpoints WHERE step = 20"
    #expect(try place.query(digests) == ["\(Self.changes.count),\(Self.changes.count)"])
    for (options, row) in [
      ("--clip-norm 1e9", "clip_norm,1000000000.0"), ("--clip-value 1e9", "clip_value,1000000000.0"),
      ("--clip-norm 0", ""), ("--weight-decay 0", "weight_decay,0.0"), ("--no-nesterov", "nesterov,0"),
    ] {
      try place.succeed("\(train) --learning-rate 0.01 \(options)")
      let name = row.split(separator: ",").first ?? "clip_norm"
      let rows =
        "SELECT name, value FROM hyperparameters WHERE run_id = (SELECT max(id) FROM runs) AND name = '\(name)'"
      #expect(try place.query(rows) == (row.isEmpty ? [] : [row]))
    }
    let more = Self.changes.count + 5
    #expect(try place.query(digests) == ["\(Self.changes.count),\(more)"])
  }

  @Test("clipping by the norm leaves the recorded norm as it was, and moves no weight further than the limit says")
  func clipNorm() throws {
    let place = try Workplace()
    try place.succeed("train --quiet --steps 1 --optimizer sgd --learning-rate 1 --name free")
    try place.succeed("train --quiet --steps 1 --optimizer sgd --learning-rate 1 --clip-value 0.001 --name cut")
    #expect(try place.query("SELECT count(DISTINCT gradient_norm) FROM steps") == ["1"])
    try place.succeed("export cut@0 -q -o a.csv")
    try place.succeed("export cut@1 -q -o b.csv")
    func values(_ file: String) throws -> [Float] {
      String(decoding: try place.data(file), as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("W") }
        .compactMap { Float($0.split(separator: ",")[3]) }
    }
    let moves = try zip(values("a.csv"), values("b.csv")).map { abs($0 - $1) }
    // A weight below 1 is rounded to 2^-25 at most, so is its move.
    #expect(moves.count == 32 + 32 * 32 + 32 && moves.allSatisfy { $0 <= 0.001 + 0x1p-23 })
    #expect(moves.contains { $0 > 0.0009 })
  }

  @Test("Huber's loss far below its delta is half the squared error, to the bit")
  func huber() throws {
    let place = try Workplace()
    let train = "train --quiet --steps 30 --optimizer sgd --momentum 0.5"
    try place.succeed("\(train) --learning-rate 0.01 --name squared")
    try place.succeed("\(train) --learning-rate 0.02 --loss huber --huber-delta 1000 --name half")
    let losses = "SELECT loss * "
    #expect(
      try place.query(losses + "1 FROM steps WHERE run_id = 1") == place.query(losses + "2 FROM steps WHERE run_id = 2")
    )
    try place.succeed("export squared@30 -q -o a.csv")
    try place.succeed("export half@30 -q -o b.csv")
    #expect(try place.data("a.csv") == place.data("b.csv"))
    #expect(
      try place.query("SELECT name, value FROM hyperparameters WHERE run_id = 2 AND name IN ('loss', 'huber_delta')")
        .sorted() == ["huber_delta,1000.0", "loss,huber"])
  }
}
