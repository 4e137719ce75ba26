import CKernels

/// Raised when any bit of any result changes; a resume under another version is refused.
public let numericsVersion = Int(KS_NUMERICS_VERSION)

/// The arithmetic: one instruction set, on so many threads. All give the same bits; they differ in speed only.
public struct Kernels: @unchecked Sendable, BitwiseCopyable {
  // Unchecked: the table is constant for the life of the process.
  let table: UnsafePointer<ks_kernels>
  /// Threads that a training may use where its work is large enough to gain; at least 1.
  public var threads = 1

  /// `scalar`, `avx2`, `avx512` or `neon`; `naive` for the tests' twin.
  public var name: String { String(cString: table.pointee.name) }

  /// The instruction sets that this machine has, slowest first.
  public static var available: [String] {
    var names: [String] = []
    while let name = ks_kernels_name_at(names.count) {
      names.append(String(cString: name))
    }
    return names
  }

  /// The kernels of the instruction set `name`, or of the fastest one that this machine has when `name` is nil.
  ///
  /// - Throws: `RecurrentError` when this machine has no such set.
  public init(named name: String? = nil, threads: Int = 1) throws {
    let available = Kernels.available
    guard let chosen = name ?? available.last, let table = ks_kernels_named(chosen) else {
      throw RecurrentError(
        "cannot use the instruction set \"\(name ?? "")\": this machine has \(available.joined(separator: ", "))",
        hint: "unset KEEPSTEP_ISA to use the fastest one; all give the same bits")
    }
    self.table = table
    self.threads = max(1, threads)
  }

  private init(table: UnsafePointer<ks_kernels>) {
    self.table = table
  }

  /// The plainest loops that keep the contract, as a twin for tests; slow.
  public static var naive: Kernels { Kernels(table: ks_naive_kernels()) }

  /// Sets the calling thread's floating-point mode to IEEE's, whatever a foreign library left there.
  public static func resetFloatingPointMode() {
    ks_reset_floating_point_mode()
  }
}
