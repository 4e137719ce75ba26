import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A file system of its own in memory, of a chosen size. Only root may mount one.
final class TemporaryDisk {
  private let folder: URL
  private var isMounted = true

  /// Root in a container may still not mount.
  static let isPermitted: Bool = {
    guard geteuid() == 0, let folder = try? TestFolders.make("probe"),
      let disk = try? TemporaryDisk(at: folder, bytes: 65_536)
    else {
      print("TemporaryDisk: may not mount a tmpfs here, so a full disk is only tried by a limit on files")
      return false
    }
    disk.unmount()
    return true
  }()

  /// Mounts it at `folder`, which is created.
  init(at folder: URL, bytes: Int) throws {
    self.folder = folder
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(bytes)", "tmpfs", folder.path])
  }

  deinit { unmount() }

  /// Takes all that is left of it.
  func fill() {
    guard let file = fopen(folder.appendingPathComponent("filler").path, "w") else { return }
    let block = [UInt8](repeating: 1, count: 4096)
    setvbuf(file, nil, _IONBF, 0)
    while fwrite(block, 1, block.count, file) == block.count {}
    fclose(file)
  }

  /// There is room again.
  func makeRoom() throws {
    try? FileManager.default.removeItem(at: folder.appendingPathComponent("filler"))
    try Self.run("mount", ["-o", "remount,size=64m", folder.path])
  }

  func unmount() {
    guard isMounted else { return }
    isMounted = false
    try? Self.run("umount", ["-l", folder.path])
  }

  private static func run(_ program: String, _ arguments: [String]) throws {
    let outcome = try RunningProgram(
      try Binary.system(program, package: "mount"), arguments, in: FileManager.default.temporaryDirectory,
      environment: Workplace.environment
    ).wait()
    guard outcome.status == 0 else { throw Missing("\(program) \(arguments): \(outcome.errors)") }
  }
}
