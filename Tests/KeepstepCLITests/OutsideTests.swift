import Foundation
import Testing

/// What Keepstep keeps is there for everyone: no Keepstep is needed to read it.
@Suite("Read back outside")
struct OutsideTests {
  @Test("numpy rebuilds the weights from the store and finds the exports equal to the bit", arguments: [0, 210, 300])
  func numpy(step: Int) throws {
    let place = try Workplace()
    try place.succeed("train --quiet")
    try place.succeed("export 1@\(step) --quiet -o w.safetensors")
    try place.succeed("export 1@\(step) --quiet -o w.npz")
    let outcome = try place.run(
      "python3", package: "python3-numpy",
      [Repository.fixture("outside.py").path, "keepstep.db", "\(step)", "w.safetensors", "w.npz"])
    #expect(outcome.status == 0 && outcome.output == "equal\n", "\(outcome.errors)")
  }

  @Test("arrays that numpy wrote, of any type and packing, are the same data")
  func arrays() throws {
    let place = try WalkExample.place()
    let outcome = try place.run(
      "python3", package: "python3-numpy", [Repository.fixture("arrays.py").path, "walks.npz"])
    #expect(outcome.status == 0 && outcome.output == "written\n", "\(outcome.errors)")
    for file in ["walks", "plain", "packed", "doubles", "swapped", "integers"] {
      try place.succeed(
        "train --quiet --steps 9 --window 4 --data \(file).npz --batch-first --inputs x,y --targets c --name \(file)")
    }
    #expect(try place.query("SELECT source FROM datasets") == ["walks.npz"])
    #expect(try place.query("SELECT count(DISTINCT history_digest) FROM checkpoints WHERE step = 9") == ["1"])
  }

  @Test("sqlite3 reads runs, losses and hidden states")
  func sqlite3() throws {
    let place = try Workplace()
    try place.succeed("train --quiet")
    #expect(
      try place.sqlite3("SELECT name, cell, hidden_size, steps_done, best_step FROM run_summary")
        == "run-1|rnn|32|300|210\n")
    #expect(
      try place.sqlite3("SELECT count(*), min(step), max(step), min(loss) FROM steps")
        == "300|1|300|0.000169535894703632\n")
    #expect(
      try place.sqlite3("SELECT step, name, shape, length(data) FROM hidden_states ORDER BY step LIMIT 1")
        == "10|H|[1,32]|128\n")
    #expect(try place.sqlite3("PRAGMA integrity_check") == "ok\n")
  }
}
