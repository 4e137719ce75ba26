import Sequences
import Testing

@Suite struct NaiveForecastTests {
  @Test func theNaiveForecastIsTheOrigin() {
    #expect((1...5).map { NaiveForecast.naive.row(origin: 20, step: $0) } == [20, 20, 20, 20, 20])
  }

  @Test func theSeasonalOneGoesThroughTheLastSeasonAgainAndAgain() {
    let rows = (1...9).map { NaiveForecast(season: 4).row(origin: 20, step: $0) }
    #expect(rows == [17, 18, 19, 20, 17, 18, 19, 20, 17])
  }

  @Test(arguments: [1, 2, 7, 12]) func itIsTheLastKnownRowWholeSeasonsBefore(season: Int) {
    for step in 1...40 {
      let row = NaiveForecast(season: season).row(origin: 100, step: step)
      #expect((100 + step - row) % season == 0 && row <= 100 && row + season > 100)
    }
  }

  @Test func theScaleIsItsErrorOneSeasonAheadWithinTheSeries() {
    let values: [Float] = [1, 5, 2, 7, 4]
    // |5 - 1|, |2 - 5|, |7 - 2|, |4 - 7|
    #expect(NaiveForecast.naive.scale(of: values) == 15.0 / 4)
    // |2 - 1|, |7 - 5|, |4 - 2|
    #expect(NaiveForecast(season: 2).scale(of: values) == 5.0 / 3)
  }

  @Test func aConstantSeriesAndOneOfASeasonHaveNoScale() {
    #expect(NaiveForecast.naive.scale(of: [3, 3, 3]) == nil)
    #expect(NaiveForecast(season: 2).scale(of: [1, 5, 1, 5]) == nil)
    #expect(NaiveForecast(season: 3).scale(of: [1, 2, 3]) == nil)
    #expect(NaiveForecast.naive.scale(of: []) == nil)
  }
}
