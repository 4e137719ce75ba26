import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("keepstep watch")
struct WatchTests {
  @Test("a run that has ended: how it ended, and 0")
  func ended() throws {
    let place = try FlowExample.place()
    let outcome = try place.succeed("watch flow")
    #expect(outcome.errors == "")
    #expect(outcome.output == "flow: finished at step 24 of 24  loss 0.23383  best 0.25157 at step 20\n")
  }

  /// Has the run committed steps? Until then the store may not be there.
  private func hasSteps(_ place: Workplace) throws -> Bool {
    let sql = "SELECT steps_done > 0 FROM runs"
    return try place.run("sqlite3", package: "sqlite3", ["-readonly", "keepstep.db", sql]).output == "1\n"
  }

  @Test("follows a run of another process to its end, in plain lines without a terminal")
  func follows() throws {
    let place = try Workplace()
    let trainer = try place.start(["train", "--steps", "2000000000", "--name", "long", "--quiet"])
    try waitUntil("there are steps") { try hasSteps(place) }
    let watcher = try place.start(["watch", "long", "--interval", "0.1"])
    try waitUntil("it has printed three lines") { watcher.outputSoFar.split(separator: "\n").count >= 3 }
    #expect(trainer.isRunning)
    trainer.send(SIGTERM)
    #expect(trainer.wait().status == 143)
    let outcome = watcher.wait()
    #expect(outcome.status == 0 && outcome.errors == "")
    let line = /long: step \d+\/2000000000 \(0%\)  loss [0-9.e-]+  best [0-9.e-]+ at step \d+  \d+ steps\/s  .* left/
    let lines = outcome.lines.dropLast()
    #expect(lines.allSatisfy { (try? line.wholeMatch(in: $0)) != nil }, "\(outcome.output)")
    #expect(outcome.lines.last?.hasPrefix("long: interrupted at step ") == true, "\(outcome.output)")
  }

  @Test("ends when the trainer was killed, and writes nothing")
  func killed() throws {
    let place = try Workplace()
    let trainer = try place.start(["train", "--steps", "2000000000", "--name", "long", "--quiet"])
    try waitUntil("there are steps") { try hasSteps(place) }
    let watcher = try place.start(["watch", "long", "--interval", "0.1"])
    try waitUntil("it has printed a line") { watcher.outputSoFar.contains("\n") }
    trainer.send(SIGKILL)
    _ = trainer.wait()
    let outcome = watcher.wait()
    #expect(outcome.status == 0 && outcome.lines.last?.hasPrefix("long: interrupted at step ") == true)
    #expect(try place.sqlite3("SELECT status FROM runs") == "running\n", "it only reads")
  }

  @Test("Ctrl-C ends it with 130 and leaves the training alone")
  func interrupted() throws {
    let place = try Workplace()
    let trainer = try place.start(["train", "--steps", "2000000000", "--name", "long", "--quiet"])
    try waitUntil("there are steps") { try hasSteps(place) }
    let watcher = try place.start(["watch", "long", "--interval", "0.1"])
    try waitUntil("it has printed a line") { watcher.outputSoFar.contains("\n") }
    watcher.send(SIGINT)
    #expect(watcher.wait().status == 130)
    #expect(trainer.isRunning)
    trainer.send(SIGTERM)
    #expect(trainer.wait().status == 143)
  }

  @Test(
    "on a terminal: the other screen with a curve as wide as the terminal, and the screen from before at the end",
    arguments: [40, 80, 200])
  func screen(columns: Int) throws {
    let place = try Workplace()
    let program = try Binary.keepstep.path
    let trainer = try place.start(["train", "--steps", "2000000000", "--name", "long", "--quiet"])
    try waitUntil("there are steps") { try hasSteps(place) }
    let command = "stty cols \(columns) rows 24; timeout --foreground -s INT 2 '\(program)' watch long; echo status $?"
    let outcome = try place.run("script", package: "bsdutils", ["-qec", command, "/dev/null"])
    let parts = outcome.output.components(separatedBy: "\u{1B}[?1049h\u{1B}[?25l")
    #expect(parts.count == 2, "\(outcome.output)")
    let screens = parts.last?.components(separatedBy: "\u{1B}[?25h\u{1B}[?1049l") ?? []
    #expect(screens.count == 2, "it comes back")
    let frames = (screens.first ?? "").components(separatedBy: "\u{1B}[H").dropFirst()
    #expect(frames.count >= 2)
    for frame in frames {
      let plain = frame.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "").replacing("\r\n", with: "\n")
      let lines = plain.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= columns } && lines.count <= 23, "\(plain)")
      #expect(plain.contains("long  running") && plain.contains("loss of long") && plain.contains("Ctrl-C leaves"))
      #expect(plain.unicodeScalars.contains { (0x2800...0x28FF).contains($0.value) }, "a curve of dots")
    }
    #expect(screens.last?.contains("status 124") == true, "\(outcome.output.suffix(200))")
    trainer.send(SIGTERM)
    _ = trainer.wait()
  }
}
