import Sequences
import Testing

@Suite struct SeasonTests {
  private static let seasons: [(labels: [String], season: Int?)] = [
    (["2024-01", "2024-02", "2024-03"], 12),
    (["2024-01-31", "2024-02-29", "2024-03-31"], 12),
    (["2024Q1", "2024Q2"], 4),
    (["2024-01", "2024-07"], 2),
    (["2024-01", "2024-06"], nil),
    (["2020-05-01", "2021-05-01"], nil),
    (["2024-05-06", "2024-05-13"], 52),
    (["2024-05-04", "2024-05-05", "2024-05-06"], 7),
    (["2024-05-02", "2024-05-03", "2024-05-06", "2024-05-07"], 5),
    (["2024-05-01", "2024-05-04"], nil),
    (["2024-05-01T00:00", "2024-05-01T01:00"], 24),
    (["2024-05-01T00:00", "2024-05-01T00:30"], 48),
    (["2024-05-01T00:00", "2024-05-01T05:00"], nil),
    (["2024-05-01T00:00:00.0", "2024-05-01T00:00:00.5"], nil),
    (["1700", "1701", "1702"], nil),
    (["one", "two"], nil),
    (["2024-05-01"], nil),
  ]

  @Test(arguments: seasons.indices) func whatTheLabelsTell(place: Int) throws {
    let (labels, season) = Self.seasons[place]
    let table = try Table(
      source: "t", columns: ["a"], values: [Float](repeating: 0, count: labels.count), sequenceLengths: [labels.count],
      index: try SeriesIndex(name: "when", labels: labels))
    #expect(table.season == season, "\(labels)")
  }

  @Test func allSeriesMustTellTheSame() throws {
    func season(_ second: [String]) throws -> Int? {
      try Table(
        source: "t", columns: ["a"], values: [0, 0, 0, 0], sequenceLengths: [2, 2],
        index: try SeriesIndex(name: "when", labels: ["2024-01", "2024-02"] + second)
      ).season
    }
    #expect(try season(["1999-11", "1999-12"]) == 12)
    #expect(try season(["1999-09", "1999-12"]) == nil)
    #expect(try Table(source: "t", columns: ["a"], values: [0, 0]).season == nil)
  }
}
