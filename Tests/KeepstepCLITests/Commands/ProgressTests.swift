import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Progress")
struct ProgressTests {
  @Test("plain lines, seconds apart, where standard error is no terminal; nothing with --quiet")
  func plainLines() throws {
    let place = try Workplace()
    let loud = try place.start(["train", "--steps", "2000000000", "--name", "loud"])
    let quiet = try place.start(["train", "--steps", "2000000000", "--name", "quiet", "--quiet"])
    let began = Date()
    try waitUntil("a line of progress") { loud.errorsSoFar.contains("\n") }
    #expect(Date().timeIntervalSince(began) > 2)
    for program in [loud, quiet] { program.send(SIGTERM) }
    let (told, silent) = (loud.wait(), quiet.wait())
    let line = try #require(told.errors.split(separator: "\n").first)
    #expect(
      try /loud: step \d+\/2000000000 \(0%\)  loss [0-9.e-]+  \d+ steps\/s  (\d+ h \d\d min|\d+ min \d\d s) left/
        .wholeMatch(in: line) != nil, "\(line)")
    #expect(told.status == 143 && silent.status == 143)
    #expect(silent.errors == "")
  }

  @Test("one line that moves on a terminal")
  func movingLine() throws {
    let place = try Workplace()
    let command = "'\(try Binary.keepstep.path)' train --steps 40000 --name moving"
    #if os(Linux)
      let arguments = ["-qec", command, "/dev/null"]
    #else
      let arguments = ["-q", "/dev/null", "/bin/sh", "-c", command]
    #endif
    let outcome = try place.run("script", package: "bsdutils", arguments)
    #expect(outcome.status == 0)
    // A terminal ends lines with "\r\n", which is one Character.
    let lines = outcome.output.replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n")
    let updates = try #require(lines.first).split(separator: "\r")
    #expect(updates.allSatisfy { $0.hasPrefix("moving: step ") && $0.hasSuffix("\u{1B}[K") }, "\(outcome.output)")
    #expect(updates.last?.hasPrefix("moving: step 40000/40000 (100%)  loss ") == true, "\(outcome.output)")
    // The moving line is ended before the result.
    #expect(lines.dropFirst().first?.hasPrefix("run 1 (moving), finished at step 40000, loss ") == true)
  }

  @Test("a pipe whose reader has seen enough is no error")
  func brokenPipe() throws {
    let place = try Workplace()
    try place.succeed("train --steps 20000 --quiet")
    let program = try Binary.keepstep.path
    let outcome = try place.run(
      "bash", package: "bash", ["-c", "'\(program)' steps 1 --format csv | head -1; exit ${PIPESTATUS[0]}"])
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(outcome.output == "step,loss,learning_rate,gradient_norm,train_seconds\n")
  }

  @Test(
    "results that cannot be written are an error", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullOutput() throws {
    let place = try Workplace()
    try place.succeed("train --steps 10 --quiet")
    let outcome = try place.run("bash", package: "bash", ["-c", "'\(try Binary.keepstep.path)' runs > /dev/full"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("error: cannot write the results to standard output: No space left on device\n"))
  }
}
