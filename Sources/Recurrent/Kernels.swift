import CKernels

/// Raised when any bit of any result changes; a resume under another version is refused.
public let numericsVersion = Int(KS_NUMERICS_VERSION)

/// The arithmetic of one instruction set. All sets give the same bits; they differ in speed only.
public struct Kernels: @unchecked Sendable {
  // Unchecked: the table is constant for the life of the process.
  let table: UnsafePointer<ks_kernels>

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
  public init(named name: String? = nil) throws {
    let available = Kernels.available
    guard let chosen = name ?? available.last, let table = ks_kernels_named(chosen) else {
      throw RecurrentError(
        "cannot use the instruction set \"\(name ?? "")\": this machine has \(available.joined(separator: ", "))",
        hint: "unset KEEPSTEP_ISA to use the fastest one; all give the same bits")
    }
    self.table = table
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

extension Kernels {
  /// c [m, n] = start + a [m, k] · b [k, n], all of them contiguous.
  @inline(__always)
  func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>, from start: ks_start, bias: UnsafePointer<Float>? = nil
  ) {
    table.pointee.product(m, n, k, a, k, 1, b, n, c, n, start, bias)
  }

  /// c [m, n] = aᵀ · b for a [k, m] and b [k, n]: a weight's gradient, summed over the k rows of the window.
  @inline(__always)
  func transposedProduct(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    table.pointee.product(m, n, k, a, 1, m, b, n, c, n, KS_FROM_ZERO, nil)
  }
}
