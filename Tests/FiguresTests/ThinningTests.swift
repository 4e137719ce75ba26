import Figures
import Testing

@Suite struct ThinningTests {
  private func series(_ values: [Double]) -> Series {
    let points = values.enumerated().map { Series.Point(x: Double($0), y: $1) }
    return Series("loss", points: points, color: .blue)
  }

  @Test func aMillionPointsKeepTheirSpikes() {
    var values = (0..<1_000_000).map { Double($0 * 7_919 % 1_000) }
    values[123_456] = 5_000
    values[654_321] = -5_000
    let all = series(values)
    let thinned = all.thinned(buckets: 960)
    #expect(thinned.points.count <= 4 * 960)
    #expect(thinned.points.count >= 960)
    #expect(thinned.points.contains(Series.Point(x: 123_456, y: 5_000)))
    #expect(thinned.points.contains(Series.Point(x: 654_321, y: -5_000)))
    #expect(thinned.points.first == all.points.first)
    #expect(thinned.points.last == all.points.last)
  }

  /// Each bucket against a plain search for its first, lowest, highest and last point.
  @Test func everyBucketKeepsItsFourLandmarks() {
    let values = (0..<1_000).map { Double(($0 * 389 + 71) % 997) }
    let thinned = series(values).thinned(buckets: 7)
    let kept = Set(thinned.points)
    var expected: Set<Series.Point> = []
    // 1000 = 6 x 143 + 142: the remainder makes the first six longer.
    for stretch in [0..<143, 143..<286, 286..<429, 429..<572, 572..<715, 715..<858, 858..<1_000] {
      let points = stretch.map { Series.Point(x: Double($0), y: values[$0]) }
      let byValue = points.sorted { $0.y < $1.y }
      expected.formUnion([points.first, points.last, byValue.first, byValue.last].compactMap { $0 })
    }
    #expect(kept == expected)
    #expect(thinned.points.map(\.x) == thinned.points.map(\.x).sorted())
  }

  @Test func shortSeriesStayAsTheyAre() {
    let short = series((0..<4_000).map { Double($0) })
    #expect(short.thinned(buckets: 1_001) == short)
    #expect(short.thinned(buckets: .max) == short)
    #expect(short.thinned(buckets: 999) != short)
    #expect(series([]).thinned(buckets: 0) == series([]))
  }

  @Test func noBucketIsOneBucket() {
    #expect(series((0..<100).map(Double.init)).thinned(buckets: -3).points.map(\.x) == [0, 99])
  }

  @Test func gapsStay() {
    var values = (0..<10_000).map { Double($0 % 10) }
    values[5_000] = .nan
    values[5_001] = .infinity
    let thinned = series(values).thinned(buckets: 10)
    #expect(thinned.points.filter { !$0.y.isFinite }.map(\.x) == [5_000])
    #expect(thinned.points.map(\.x) == thinned.points.map(\.x).sorted())
  }
}
