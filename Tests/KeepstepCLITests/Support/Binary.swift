import Foundation
import Testing

/// What a test needs from its surroundings and did not find.
struct Missing: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// The programs that the tests run.
enum Binary {
  /// The `keepstep` of this very build: it lies in the folder of the test bundle, or in one above it.
  ///
  /// - Throws: `Missing`, naming the places that were looked at.
  static var keepstep: URL {
    get throws { try found.get() }
  }

  private static let found = Result { try find() }

  private static func find() throws -> URL {
    let starts =
      [CommandLine.arguments.first.map { URL(fileURLWithPath: $0) }, Bundle.main.executableURL]
      + Bundle.allBundles.map(\.bundleURL)
    var looked: [String] = []
    for start in starts.compactMap(\.self) {
      var folder = start.resolvingSymlinksInPath()
      for _ in 0..<6 {
        folder.deleteLastPathComponent()
        let candidate = folder.appendingPathComponent("keepstep")
        if isProgram(candidate) { return candidate }
        looked.append(folder.path)
      }
    }
    throw Missing("there is no keepstep program in \(looked.joined(separator: ", ")); build it with: swift build")
  }

  private static func isProgram(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
      && FileManager.default.isExecutableFile(atPath: url.path)
  }

  /// A program of the system.
  ///
  /// - Throws: `Missing`, saying how to install it: a test that needs it fails, and is not left out.
  static func system(_ name: String, package: String) throws -> URL {
    // The system's own before any other of that name: its packages are what `make test` installs.
    let folders =
      ["/usr/bin", "/bin", "/usr/sbin"]
      + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in folders {
      let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
      if isProgram(url) { return url }
    }
    throw Missing("the tests need \(name); on Debian: apt-get install \(package)")
  }

  /// Cancels a test, saying so, where a program is not there that `make test` does not install: one that reads what Keepstep
  /// makes for it, and that few machines have.
  static func cancelUnlessThere(_ name: String, package: String) throws {
    do {
      _ = try system(name, package: package)
    } catch {
      try Test.cancel("skipped: there is no \(name); on Debian: apt-get install \(package)")
    }
  }
}
