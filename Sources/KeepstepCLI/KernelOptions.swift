import ArgumentParser
import Foundation
import Recurrent

/// How it is computed: `--threads`, and the fastest instruction set or what `KEEPSTEP_ISA` forces. No bit depends on it.
struct KernelOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that compute, where the network is large enough to gain; never changes a bit. "
        + "(default: the cores that this process may use)", valueName: "n"))
  var threads: Int?

  /// More than any machine gains from, and far from what it can't make.
  private static let most = 1_024

  mutating func validate() throws {
    try requireAtLeast(1, ("--threads", threads))
    if let threads, threads > Self.most {
      throw ValidationError("--threads is \(threads); it must be at most \(Self.most)")
    }
  }

  func kernels() throws -> Kernels {
    let forced = ProcessInfo.processInfo.environment["KEEPSTEP_ISA"] ?? ""
    return try Kernels(
      named: forced.isEmpty ? nil : forced, threads: threads ?? Kernels.usableCores)
  }
}
