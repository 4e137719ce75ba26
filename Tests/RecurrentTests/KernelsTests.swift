import Foundation
import Recurrent
import Testing

@Suite struct KernelsTests {
  @Test func everyAvailableSetCanBeNamedAndTheLastIsTheDefault() throws {
    #expect(Kernels.available.first == "scalar")
    for name in Kernels.available {
      #expect(try Kernels(named: name).name == name)
    }
    #expect(try Kernels().name == Kernels.available.last)
    #expect(Kernels.naive.name == "naive")
  }

  @Test(arguments: ["sse9", "", "naive", "AVX2"])
  func anUnknownSetIsRefusedWithWhatThereIs(name: String) throws {
    let error = try #require(throws: RecurrentError.self) { try Kernels(named: name) }
    let present = Kernels.available.joined(separator: ", ")
    #expect(error.message == "cannot use the instruction set \"\(name)\": this machine has \(present)")
    #expect(error.hint == "unset KEEPSTEP_ISA to use the fastest one; all give the same bits")
  }

  @Test func resetRestoresRoundingToNearest() {
    defer { fesetround(FE_TONEAREST) }
    fesetround(FE_TOWARDZERO)
    Kernels.resetFloatingPointMode()
    #expect(fegetround() == FE_TONEAREST)
  }
}
