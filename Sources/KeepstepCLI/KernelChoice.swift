import Foundation
import Recurrent

/// The instruction set: the fastest one, or what `KEEPSTEP_ISA` forces.
enum KernelChoice {
  static func kernels() throws -> Kernels {
    let forced = ProcessInfo.processInfo.environment["KEEPSTEP_ISA"] ?? ""
    return try Kernels(named: forced.isEmpty ? nil : forced)
  }
}
