import Foundation
import RunStore
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Permissions")
struct PermissionTests {
  @Test("a read-only folder is refused by name for training, and creates nothing")
  func readOnlyFolder() throws {
    let folder = try TemporaryFolder()
    try folder.withPermissions(0o555) {
      let error = try storeError { _ = try Store(path: folder.path()) }
      #expect(error.message.contains(folder.path()) && error.message.contains("Permission denied"))
      #expect(error.hint != nil)
    }
    #expect(try folder.files.isEmpty)
  }

  @Test("a store that was closed can be read in a read-only folder")
  func readsInReadOnlyFolder() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10)
    let id = try #require(try trainer.checkpoints.last?.id)
    try store.close()
    try folder.withPermissions(0o555) {
      let reader = try StoreReader(path: folder.path())
      #expect(try reader.tensors(checkpointID: id).count == 7)
      #expect(try reader.check().findings == [])
      #expect(try storeError { _ = try Store(path: folder.path()) }.message.contains("Permission denied"))
    }
    #expect(try folder.files == ["keepstep.db", "keepstep.db-lock"])
  }

  @Test("a store that may not be read or written is refused by name")
  func unreadableFile() throws {
    let folder = try TemporaryFolder()
    try Store(path: folder.path()).close()
    #expect(chmod(folder.path(), 0) == 0)
    try folder.withPermissions(0o777) {
      for error in [
        try storeError { _ = try Store(path: folder.path()) },
        try storeError { _ = try StoreReader(path: folder.path()) },
      ] {
        #expect(error.message.contains(folder.path()) && error.message.contains("Permission denied"))
      }
    }
  }

  @Test("a lock file that may not be opened leaves a reader without knowledge of who trains")
  func unreadableLockFile() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let trainer = try SampleTrainer(store)
    #expect(chmod(folder.path("keepstep.db-lock"), 0) == 0)
    try folder.withPermissions(0o777) {
      let reader = try StoreReader(path: folder.path())
      #expect(!reader.isHeld(runID: trainer.run.id))
      #expect(try reader.run("1").status == .running)
    }
  }
}

extension TemporaryFolder {
  /// Runs `body` with the folder's permissions changed, as a user whom they bind: root passes every permission.
  fileprivate func withPermissions(_ mode: mode_t, _ body: @escaping @Sendable () throws -> Void) throws {
    #expect(chmod(url.path, mode) == 0)
    defer { chmod(url.path, 0o777) }
    guard getuid() == 0 else { return try body() }
    let outcomes = Outcomes()
    Thread {
      outcomes.add(
        Result {
          try becomeNobody()
          try body()
        })
    }.start()
    try outcomes.waitFor(1)
  }
}

/// Makes the calling thread, and no other, nobody's: the kernel keeps users by thread, and only the C library's own
/// functions change them all.
private func becomeNobody() throws {
  #if os(Linux)
    #if arch(x86_64)
      let setresuid = 117
    #else
      let setresuid = 147
    #endif
    typealias SystemCall = @convention(c) (Int, Int, Int, Int) -> Int
    let symbol = try #require(dlsym(nil, "syscall"))
    let call = unsafeBitCast(symbol, to: SystemCall.self)
    try #require(call(setresuid, 65534, 65534, 65534) == 0)
  #endif
}
