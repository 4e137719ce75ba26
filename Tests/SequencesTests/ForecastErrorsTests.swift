import Sequences
import Testing

@Suite struct ForecastErrorsTests {
  private func errors(_ pairs: [(y: Double, f: Double, q: Double?)]) -> ForecastErrors {
    pairs.reduce(into: ForecastErrors()) { $0.add(actual: $1.y, forecast: $1.f, scale: $1.q) }
  }

  @Test func theMeasuresOfAHandfulByHand() {
    let found = errors([(1, 2, 0.5), (-3, 1, 0.5), (4, 4, 2), (0, 0, 2)])
    #expect(found.count == 4)
    #expect(found.meanAbsolute == 5.0 / 4)
    #expect(found.rootMeanSquare == (17.0 / 4).squareRoot())
    #expect(found.meanAbsoluteScaled == 10.0 / 4)
    // 200 · (1/3 + 4/4 + 0/8 + nothing) / 4
    let percent = 200.0 / 3 + 200.0
    #expect(found.symmetricPercentage == percent / 4)
  }

  @Test func withoutForecastsOrAScaleThereIsNoValue() {
    #expect(ForecastErrors().meanAbsolute == nil && ForecastErrors().rootMeanSquare == nil)
    #expect(ForecastErrors().meanAbsoluteScaled == nil && ForecastErrors().symmetricPercentage == nil)
    let found = errors([(1, 2, 1), (1, 2, nil)])
    #expect(found.meanAbsolute == 1 && found.meanAbsoluteScaled == nil)
  }

  @Test func addingUpIsTakingInBoth() {
    let (a, b) = (errors([(1, 2, 1), (5, 3, 4)]), errors([(7, 7.5, 1)]))
    var both = a
    both.add(b)
    #expect(both == errors([(1, 2, 1), (5, 3, 4), (7, 7.5, 1)]))
    both.add(errors([(1, 1, nil)]))
    #expect(both.meanAbsoluteScaled == nil && both.count == 4)
  }

  @Test func theSymmetricPercentageGoesFrom0To200() {
    #expect(errors([(5, 5, nil)]).symmetricPercentage == 0)
    #expect(errors([(5, -5, nil)]).symmetricPercentage == 200)
    #expect(errors([(0, 3, nil)]).symmetricPercentage == 200)
    #expect(errors([(-4, -6, nil)]).symmetricPercentage == 40)
  }
}
