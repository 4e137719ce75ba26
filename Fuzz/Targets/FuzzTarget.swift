import Foundation

/// What is fuzzed: each of the formats that a stranger's file may have.
///
/// A target takes any bytes and may refuse them by an error. What it must not do is end the process, take more memory or
/// time than the bytes justify, or accept what it then does not give back.
enum FuzzTarget: String, CaseIterable {
  case safetensors, npz, npy, csv, store, hyperparameters, config

  /// Reads `data` as a file of that format.
  func run(_ data: Data) {
    switch self {
    case .safetensors: fuzzSafetensors(data)
    case .npz: fuzzNPZ(data)
    case .npy: fuzzNPY(data)
    case .csv: fuzzCSV(data)
    case .store: fuzzStore(data)
    case .hyperparameters: fuzzHyperparameters(data)
    case .config: fuzzConfiguration(data)
    }
  }
}

/// The result, or `nil` when `body` refuses its input in the way that it should: by an error with a message.
func accepted<Result>(_ body: () throws -> Result) -> Result? {
  do {
    return try body()
  } catch {
    let message = (error as? any LocalizedError)?.errorDescription ?? ""
    precondition(!message.isEmpty, "an error without a message: \(error)")
    return nil
  }
}

/// One file of this process, for readers that take a path; its content changes with every call.
enum ScratchFile {
  /// In memory where the system has such a folder.
  static let folder: URL = {
    let memory = URL(fileURLWithPath: "/dev/shm")
    let base =
      FileManager.default.isWritableFile(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
    let folder = base.appendingPathComponent("keepstep-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: ScratchFile.folder) }
    return folder
  }()

  /// Writes `data` to the file with that extension and returns its path.
  static func path(_ data: Data, _ pathExtension: String) -> String {
    let url = folder.appendingPathComponent("input.\(pathExtension)")
    do {
      try data.write(to: url)
    } catch {
      fatalError("\(url.path) cannot be written: \(error)")
    }
    return url.path
  }
}
