import Foundation

/// The folders that the tests write to. All of them go when the tests end.
enum TestFolders {
  /// A new folder.
  static func make(_ name: String) throws -> URL {
    let url = root.appendingPathComponent("\(name)-\(UUID().uuidString.prefix(13))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  private static let root: URL = {
    atexit { try? FileManager.default.removeItem(at: TestFolders.root) }
    return FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("keepstep-cli-tests-\(UUID().uuidString.prefix(8))")
  }()
}

/// The files of the repository.
enum Repository {
  /// Its root: Package.swift lies there.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A file beside the tests.
  static func fixture(_ name: String) -> URL {
    root.appendingPathComponent("Tests/KeepstepCLITests/Fixtures").appendingPathComponent(name)
  }
}
