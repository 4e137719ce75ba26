import CKernels
import Foundation
import Testing

@Suite struct FloatingPointModeTests {
  @Test func resetRestoresRounding() {
    defer { fesetround(FE_TONEAREST) }
    fesetround(FE_UPWARD)
    #expect(third() > 1.0 / 3)  // the compiler rounded 1.0 / 3 to nearest
    ks_reset_floating_point_mode()
    #expect(fegetround() == FE_TONEAREST)
    #expect(third() == 1.0 / 3)
  }

  #if arch(x86_64) && os(Linux)
    @Test func resetEndsFlushToZero() {
      var environment = fenv_t()
      fegetenv(&environment)
      let before = environment
      defer {
        var before = before
        fesetenv(&before)
      }
      environment.__mxcsr |= 0x8040  // flush to zero, denormals are zero
      fesetenv(&environment)
      #expect(halfOfTheSmallestNormal() == 0)
      ks_reset_floating_point_mode()
      #expect(halfOfTheSmallestNormal() == 0x1p-127)
    }
  #endif

  // Not inlined, so that the compiler does not compute them in its own mode.
  @inline(never) private func third() -> Double { opaque(1) / opaque(3) }
  @inline(never) private func halfOfTheSmallestNormal() -> Float { Float(0x1p-126) * Float(opaque(0.5)) }
}

/// `x`, in a way that the optimizer does not see through.
@inline(never) private func opaque(_ x: Double) -> Double {
  Double(String(x)) ?? .nan
}
