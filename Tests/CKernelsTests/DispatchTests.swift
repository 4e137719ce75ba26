import CKernels
import Testing

@Suite struct DispatchTests {
  @Test func everyMachineHasTheScalarSetAndItIsTheSlowest() {
    #expect(instructionSets.first == "scalar")
    #expect(Set(instructionSets).count == instructionSets.count)
    #expect(Set(instructionSets).isSubset(of: ["scalar", "avx2", "avx512", "neon"]))
  }

  @Test func listEndsWithNil() {
    #expect(ks_kernels_name_at(instructionSets.count) == nil)
    #expect(ks_kernels_name_at(1000) == nil)
  }

  @Test(arguments: instructionSets)
  func aNameLeadsToTheTableOfThatName(name: String) throws {
    #expect(String(cString: try kernels(name).name) == name)
  }

  @Test(arguments: ["", "sse9", "naive", "AVX2", "avx"])
  func anUnknownNameLeadsNowhere(name: String) {
    #expect(ks_kernels_named(name) == nil)
  }

  @Test func naiveTwinsAreApart() {
    #expect(String(cString: naive.name) == "naive")
  }
}
