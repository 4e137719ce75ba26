import Figures
import Testing

@Suite struct ColorTests {
  @Test func higherBitsAreLeftOut() {
    #expect(Color(hex: 0xFF12_3456) == Color(hex: 0x12_3456))
  }

  @Test func eightNeighboursDiffer() {
    for start in [-9, 0, 5] {
      #expect(Set((start..<start + 8).map(Color.distinct)).count == 8)
    }
    #expect(Color.distinct(-8) == Color.distinct(0))
    #expect(Color.distinct(.min) == Color.distinct(0))
  }
}
