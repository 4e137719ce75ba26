import Figures
import Foundation
import Testing

/// The program that draws: found, missing, failing.
@Suite struct GnuplotTests {
  private let folder: TemporaryFolder
  private let figure = Figure(
    title: "", xLabel: "", yLabel: "", series: [Series("", points: [Series.Point(x: 0, y: 1)], color: .red)])

  init() throws {
    folder = try TemporaryFolder()
  }

  private func error(_ environment: [String: String]) throws -> FigureError {
    try #require(throws: FigureError.self) {
      try figure.write(to: folder("seed.svg"), using: Gnuplot(environment: environment))
    }
  }

  @Test func aMissingProgramNamesThePackages() throws {
    for environment in [[:], ["PATH": folder.path], ["PATH": "", "KEEPSTEP_GNUPLOT": ""]] {
      let missing = try error(environment)
      #expect(missing.message == "cannot draw: the program gnuplot, which draws the pictures, is not in PATH")
      #expect(missing.hint?.contains("apt-get install gnuplot-nox (Debian, Ubuntu)") == true)
      #expect(missing.hint?.contains("brew install gnuplot (macOS)") == true)
    }
    #expect(try folder.names() == [])
  }

  @Test func aProgramThatIsNotThereIsNamed() throws {
    for name in ["/nonexistent/gnuplot", folder.path, "no-such-gnuplot"] {
      let missing = try error(["KEEPSTEP_GNUPLOT": name, "PATH": "/usr/bin"])
      #expect(missing.message == "cannot draw: KEEPSTEP_GNUPLOT is \(name), and there is no such program")
      #expect(missing.hint?.contains("gnuplot-nox") == true)
    }
  }

  @Test func theEnvironmentChoosesTheProgram() throws {
    let path = try folder.program("my-gnuplot", "echo '<svg/>'")
    for environment in [
      ["KEEPSTEP_GNUPLOT": path], ["KEEPSTEP_GNUPLOT": "my-gnuplot", "PATH": "/none:\(folder.path)"],
    ] {
      try figure.write(to: folder("seed.svg"), using: Gnuplot(environment: environment))
      #expect(try folder.text("seed.svg") == "<svg/>\n")
    }
    #expect(try Gnuplot(environment: ["KEEPSTEP_GNUPLOT": path]).locate() == path)
  }

  @Test func whatGnuplotSaysIsInTheMessage() throws {
    try Data("old".utf8).write(to: URL(fileURLWithPath: folder("seed.svg")))
    let path = try folder.program("gnuplot", "echo half; echo 'line 3: unknown terminal' >&2; exit 3")
    let failed = try error(["PATH": folder.path])
    #expect(failed.message == "cannot draw: \(path) failed with exit status 3: line 3: unknown terminal")
    #expect(try folder.text("seed.svg") == "old")
    #expect(try folder.names() == ["gnuplot", "seed.svg"])
  }

  @Test func aKilledGnuplotIsAnError() throws {
    let path = try folder.program("gnuplot", "kill -9 $$")
    #expect(try error(["PATH": folder.path]).message == "cannot draw: \(path) failed with signal 9")
    #expect(try folder.names() == ["gnuplot"])
  }

  @Test func anEmptyPictureIsAnError() throws {
    let path = try folder.program("gnuplot", "exit 0")
    #expect(try error(["PATH": folder.path]).message == "cannot draw: \(path) wrote no picture")
    #expect(try folder.names() == ["gnuplot"])
  }

  /// A program that cannot be started at all, as a binary of another machine.
  @Test func aProgramThatDoesNotStartIsAnError() throws {
    let path = try folder.program("gnuplot", "")
    try Data("\u{7F}ELF".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    #expect(try error(["PATH": folder.path]).message.hasPrefix("cannot draw: \(path) "))
    #expect(try folder.names() == ["gnuplot"])
  }

  /// A script that the installed gnuplot does not take: one complaint, with its line, rather than one for each after it.
  @Test func theRealProgramEndsAtItsFirstError() throws {
    let real = try Gnuplot().locate()
    let wrong = "{ echo 'set nonsense'; echo 'set rubbish'; cat; }"
    _ = try folder.program("broken", "\(wrong) | '\(real)' \"$@\"")
    let failed = try error(["KEEPSTEP_GNUPLOT": folder("broken"), "PATH": "/usr/bin:/bin"])
    #expect(failed.message.contains("broken failed with exit status 1: set nonsense; \"/dev/stdin\" line 1: "))
    #expect(!failed.message.contains("rubbish"))
    #expect(try folder.names() == ["broken"])
  }
}
