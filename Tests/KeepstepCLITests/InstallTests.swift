import Foundation
import Testing

@Suite("make install")
struct InstallTests {
  private static let files = [
    "bin/keepstep", "share/bash-completion/completions/keepstep", "share/fish/vendor_completions.d/keepstep.fish",
    "share/man/man1/keepstep.1", "share/zsh/site-functions/_keepstep",
  ]

  /// Runs `make`, which takes this build's program for the release's.
  private static func make(_ target: String, into place: Workplace) throws -> Outcome {
    try place.run(
      "make", package: "make",
      [
        "-C", Repository.root.path, "-o", "build", target, "KEEPSTEP=\(try Binary.keepstep.path)",
        "DESTDIR=\(place.folder.path)", "PREFIX=/usr",
      ])
  }

  private static func installed(in place: Workplace) throws -> [String] {
    let files = FileManager.default.enumerator(atPath: place.url("usr").path)?.compactMap { $0 as? String } ?? []
    return files.filter { name in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: place.url("usr/\(name)").path, isDirectory: &isFolder)
      return !isFolder.boolValue
    }.sorted()
  }

  @Test("puts the program, its manual page and its completions there, and make uninstall removes them")
  func installs() throws {
    let place = try Workplace()
    let outcome = try Self.make("install", into: place)
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(try Self.installed(in: place) == Self.files)
    let version = try RunningProgram(
      place.url("usr/bin/keepstep"), ["--version"], in: place.folder, environment: Workplace.environment
    ).wait()
    #expect(try version.output == place.succeed("--version").output)
    for file in Self.files {
      let attributes = try FileManager.default.attributesOfItem(atPath: place.url("usr/\(file)").path)
      #expect(attributes[.posixPermissions] as? Int == (file == "bin/keepstep" ? 0o755 : 0o644), "\(file)")
    }
    let removed = try Self.make("uninstall", into: place)
    #expect(try removed.status == 0 && Self.installed(in: place).isEmpty, "\(removed.errors)")
  }

  @Test("a program that fails leaves no half files")
  func fails() throws {
    let place = try Workplace()
    let outcome = try place.run(
      "bash", package: "bash",
      [
        Repository.root.appendingPathComponent("scripts/install.sh").path,
        try Binary.system("false", package: "coreutils").path,
        place.url("usr").path,
      ]
    )
    #expect(outcome.status == 1, "\(outcome)")
    #expect(try Self.installed(in: place) == ["bin/keepstep"])
  }
}
