import Foundation
import Testing

/// The README's forecasts of real series: they must beat both naive forecasts on rows that nothing was chosen by.
@Suite("Forecasts of real series")
struct RealForecastTests {
  static let co2 =
    "train --name co2 --data data/co2.csv --index date --missing interpolate --inputs co2 --targets co2 --shift 1"
    + " --difference --scale standard --validation 0.2 --test 0.1 --window 104 --learning-rate 0.002 --clip-norm 1"
    + " --steps 1000"
  static let years =
    "train --name years --data data/sunspots.csv --index year --inputs sunspots --targets sunspots --shift 1"
    + " --scale standard --validation 0.2 --test 0.2 --hidden-size 32 --window 33 --learning-rate 0.002 --clip-norm 1"
    + " --steps 500"

  private static func place(_ command: String) throws -> Workplace {
    let place = try Workplace()
    try FileManager.default.copyItem(at: Repository.root.appendingPathComponent("data"), to: place.url("data"))
    try place.succeed(command)
    return place
  }

  /// Expects that the network is nearer than the two others, by mean absolute and by root mean square error.
  private func expectBest(_ command: String, in place: Workplace) throws {
    let rows = try place.succeed("\(command) --format csv").rows
    try #require(rows.count == 3, "\(rows)")
    for measure in ["mae", "rmse", "mase", "smape"] {
      let values = try rows.map { try #require($0[measure].flatMap(Double.init)) }
      #expect(values[0] < values[1] && values[0] < values[2], "\(command): \(measure) is \(values)")
    }
  }

  @Test("CO2, 1 and 36 weeks ahead")
  func co2() throws {
    let place = try Self.place(Self.co2)
    try expectBest("backtest co2", in: place)
    try expectBest("backtest co2 --horizon 36", in: place)
    try expectBest("backtest co2 --horizon 36 --part validation", in: place)
    let ahead = try place.succeed("forecast co2 --horizon 36").rows
    #expect(ahead.first?["date"] == "2002-01-05" && ahead.last?["date"] == "2002-09-07")
    // As it was measured there later: from 368 to 376 ppm in 2002.
    let values = ahead.compactMap { $0["predicted_co2"].flatMap(Double.init) }
    #expect(values.count == 36 && values.allSatisfy { (366...378).contains($0) })
  }

  @Test("sunspots, 1 and 11 years ahead")
  func sunspots() throws {
    let place = try Self.place(Self.years)
    try expectBest("backtest years --season 11", in: place)
    try expectBest("backtest years --season 11 --horizon 11", in: place)
    let ahead = try place.succeed("forecast years --horizon 2").rows
    #expect(ahead.map { $0["year"] } == ["2009", "2010"])
  }
}
