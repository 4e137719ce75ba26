import CKernels

extension Kernels {
  /// The processors that this process may use: those of its affinity mask, which `taskset` and containers set, or all.
  public static var usableCores: Int { Int(ks_usable_processors()) }
}
