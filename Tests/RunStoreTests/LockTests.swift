import Foundation
import RunStore
import Testing

@Suite("Locks")
struct LockTests {
  @Test("a run has one trainer: another store and the same store are refused, with the holder's process and machine")
  func oneTrainer() throws {
    let folder = try TemporaryFolder()
    let first = try Store(path: folder.path())
    let second = try Store(path: folder.path())
    let trainer = try SampleTrainer(first)
    for store in [first, second] {
      let error = try storeError { _ = try store.lockRun(trainer.run.id) }
      #expect(error.kind == .held)
      #expect(error.message.contains("run 1") && error.message.contains("process \(getpid()) on "))
    }
    trainer.lock.unlock()
    #expect(try second.lockRun(trainer.run.id).runID == trainer.run.id)
  }

  @Test("a lock ends with its last reference, and does not bind other runs")
  func lockEnds() throws {
    let store = try Store(path: try TemporaryFolder().path())
    let one = try SampleTrainer(store)
    let two = try SampleTrainer(store)
    one.lock.unlock()
    do { #expect(try store.lockRun(one.run.id).runID == one.run.id) }
    #expect(!store.reader.isHeld(runID: one.run.id))
    #expect(store.reader.isHeld(runID: two.run.id))
    _ = try store.lockRun(one.run.id)
  }

  @Test("locking an unknown run is an error")
  func unknownRun() throws {
    let store = try Store(path: try TemporaryFolder().path())
    #expect(try storeError { _ = try store.lockRun(5) }.kind == .missing)
  }

  @Test("a reader sees a living trainer and does not disturb it")
  func readerSeesHolder() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let trainer = try SampleTrainer(store)
    for _ in 0..<3 {
      let reader = try StoreReader(path: folder.path())
      #expect(reader.isHeld(runID: trainer.run.id))
      #expect(try reader.run("last").status == .running)
    }
    #expect(try storeError { _ = try store.lockRun(trainer.run.id) }.kind == .held)
    trainer.lock.unlock()
    #expect(try !StoreReader(path: folder.path()).isHeld(runID: trainer.run.id))
  }

  @Test("another process's run lock holds until it is killed")
  func otherProcess() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let trainer = try SampleTrainer(store)
    trainer.lock.unlock()
    let holder = try LockHolder(folder, byte: trainer.run.id)
    #expect(store.reader.isHeld(runID: trainer.run.id))
    #expect(try storeError { _ = try store.lockRun(trainer.run.id) }.kind == .held)
    #expect(try store.markDeadRuns() == 0)
    holder.end()
    #expect(!store.reader.isHeld(runID: trainer.run.id))
    #expect(try store.markDeadRuns() == 1)
    _ = try store.lockRun(trainer.run.id)
  }

  @Test("a write waits for the store lock of another process, and for as long as that takes")
  func storeLockWaits() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    let batch = trainer.batch(1)
    let holder = try LockHolder(folder, byte: 0)
    let outcomes = Outcomes()
    Thread { outcomes.add(Result { try store.append(batch) }) }.start()
    Thread.sleep(forTimeInterval: 0.3)
    // Readers do not wait.
    #expect(try StoreReader(path: folder.path()).run("1").stepsDone == 0)
    holder.end()
    try outcomes.waitFor(1)
    #expect(try store.reader.run("1").stepsDone == 1)
  }

  @Test("the store lock is taken for every way to write, to open and to close")
  func everyWriteTakesTheStoreLock() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store, sampleRun(name: "a"))
    let other = try SampleTrainer(store, sampleRun(name: "b"))
    let batch = trainer.batch(1)
    other.lock.unlock()
    let (runID, lock) = (trainer.run.id, trainer.lock)
    let writes: [@Sendable () throws -> Void] = [
      { try store.append(batch) }, { _ = try store.createRun(sampleRun(name: "c"), segment: sampleSegment()) },
      { try store.setStepsPlanned(runID: runID, 400) },
      { _ = try store.beginSegment(runID: runID, sampleSegment(), lock) },
      { try store.removeRun(other.run.id) }, { _ = try Store(path: folder.path()) }, { try store.close() },
    ]
    for write in writes {
      let holder = try LockHolder(folder, byte: 0)
      let outcomes = Outcomes()
      let isDone = Flag()
      Thread {
        outcomes.add(Result { try write() })
        isDone.set()
      }.start()
      Thread.sleep(forTimeInterval: 0.1)
      #expect(!isDone.value)
      holder.end()
      _ = Result { try outcomes.waitFor(1) }
      #expect(isDone.wait())
    }
  }

  @Test("threads that share a store write one after another, and so do stores")
  func parallelTrainers() throws {
    let folder = try TemporaryFolder()
    let shared = try Store(path: folder.path())
    let outcomes = Outcomes()
    for number in 0..<8 {
      Thread {
        outcomes.add(
          Result {
            let store = number % 2 == 0 ? shared : try Store(path: folder.path())
            var trainer = try SampleTrainer(store, sampleRun(name: "thread \(number)"))
            for _ in 0..<20 { try trainer.train(10, keep: 3) }
          })
      }.start()
    }
    try outcomes.waitFor(8)
    let report = try shared.reader.check()
    #expect(report.findings == [])
    #expect(report.facts.steps == 8 * 200)
  }

  @Test("a lock file removed under its users is made anew, and they go on one after another")
  func removedLockFile() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    try FileManager.default.removeItem(atPath: folder.path("keepstep.db-lock"))
    try trainer.train(5)
    #expect(try folder.files.contains("keepstep.db-lock"))
  }
}

/// A process that holds a byte of the lock file, until it is killed.
final class LockHolder {
  private let process = Process()

  init(_ folder: TemporaryFolder, byte: Int64) throws {
    let script = """
      import fcntl, struct, sys, time
      file = open(sys.argv[1], "r+b")
      fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, int(sys.argv[2]), 1, 0))
      print("held", flush=True)
      time.sleep(60)
      """
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, folder.path("keepstep.db-lock"), "\(byte)"]
    process.standardOutput = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    try #require(said.hasPrefix("held"))
  }

  func end() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  deinit { end() }
}

/// Set once by a thread.
final class Flag: @unchecked Sendable {
  private let condition = NSCondition()
  private var isSet = false

  var value: Bool {
    condition.lock()
    defer { condition.unlock() }
    return isSet
  }

  func set() {
    condition.lock()
    isSet = true
    condition.broadcast()
    condition.unlock()
  }

  func wait() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    let deadline = Date(timeIntervalSinceNow: 30)
    while !isSet { if !condition.wait(until: deadline) { return false } }
    return true
  }
}
