import Foundation
import Testing

@Suite("Several processes on one store", .serialized)
struct CrowdTests {
  @Test("eight trainers and a reader that never rests")
  func trainers() throws {
    let place = try Workplace()
    try place.succeed("train --quiet --name alone --steps 3000 --checkpoint-every 200")
    let trainers = try (1...8).map { index in
      try place.start(["train", "--quiet", "--steps", "3000", "--checkpoint-every", "200", "--name", "run\(index)"])
    }
    var looks = 0
    while trainers.contains(where: \.isRunning) {
      // What a reader sees is complete at every instant: no gap, no checkpoint without its tensors.
      let seen = try place.query(
        """
        SELECT (SELECT count(*) FROM runs WHERE steps_done != (SELECT count(*) FROM steps WHERE run_id = id)),
          (SELECT count(*) FROM checkpoints WHERE 16 != (SELECT count(*) FROM tensors WHERE checkpoint_id = id))
        """)
      #expect(seen == ["0,0"])
      looks += 1
    }
    #expect(looks > 0)
    for trainer in trainers {
      let outcome = trainer.wait()
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    try place.succeed("check")
    let comparison = RunComparison(place: place, reference: "alone")
    for index in 1...8 { expectNone(try comparison.differences(of: "run\(index)"), "differences") }
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])
  }

  @Test("sixteen processes create the same new store at once")
  func creators() throws {
    let place = try Workplace()
    let trainers = try (1...16).map { _ in try place.start(["train", "--quiet", "--steps", "20"]) }
    for trainer in trainers {
      let outcome = trainer.wait()
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(
      try place.query("SELECT id || name || status FROM runs ORDER BY id")
        == (1...16).map { "\($0)run-\($0)finished" })
    #expect(try place.query("SELECT count(DISTINCT digest) FROM checkpoints WHERE step = 20") == ["1"])
    try place.succeed("check")
  }
}
