import Foundation
import Testing

@Suite("keepstep train: learning-rate schedules")
struct ScheduleOptionTests {
  /// The learning rates of a run's steps.
  private static func rates(_ options: String, in place: Workplace) throws -> [Double] {
    try place.succeed("train --quiet --optimizer sgd \(options)")
    let exact = try place.succeed("verify last")
    #expect(exact.output.hasPrefix("exact: "))
    return try place.succeed("steps last --format csv").rows.compactMap { Double($0["learning_rate"] ?? "") }
  }

  /// Schedules whose rates are exact in binary.
  static let exact: [(options: String, rates: [Double])] = [
    ("--learning-rate 0.5 --steps 3", [0.5, 0.5, 0.5]),
    (
      "--learning-rate 0.5 --steps 7 --schedule step --schedule-steps 3 --schedule-gamma 0.5",
      [0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]
    ),
    ("--learning-rate 0.5 --steps 4 --schedule exponential --schedule-gamma 0.5", [0.5, 0.25, 0.125, 0.0625]),
    (
      "--learning-rate 0.5 --steps 6 --warmup-steps 4 --warmup-start 0.25",
      [0.125, 0.21875, 0.3125, 0.40625, 0.5, 0.5]
    ),
    (
      "--learning-rate 0.5 --steps 4 --warmup-steps 2 --warmup-start 0.5 --schedule step --schedule-steps 1"
        + " --schedule-gamma 0.5", [0.25, 0.1875, 0.125, 0.0625]
    ),
  ]

  @Test("the recorded rates are the formula's", arguments: exact)
  func formula(options: String, rates: [Double]) throws {
    #expect(try Self.rates(options, in: Workplace()) == rates)
  }

  @Test("cosine: from all of it through the middle down to the minimum, over the planned steps or its own")
  func cosine() throws {
    let place = try Workplace()
    let own = try Self.rates(
      "--learning-rate 0.5 --steps 9 --schedule cosine --schedule-steps 8 --schedule-minimum 0.25", in: place)
    #expect(own.count == 9 && own[0] == 0.5 && own[4] == 0.375 && own[8] == 0.25)
    #expect(own == own.sorted(by: >) && Set(own).count == 9)
    let planned = try Self.rates("--learning-rate 0.5 --steps 8 --schedule cosine", in: place)
    #expect(planned[0] == 0.5 && planned[4] == 0.25 && planned[7] > 0)
    #expect(try Self.schedule(place) == ["schedule,cosine", "schedule_minimum,0.0", "schedule_steps,8"])
    // A later end leaves the schedule's length as it is.
    try place.succeed("resume last --steps 9")
    #expect(try Self.schedule(place) == ["schedule,cosine", "schedule_minimum,0.0", "schedule_steps,8"])
    #expect(try place.query("SELECT learning_rate FROM steps WHERE run_id = 2 AND step = 9") == ["0.0"])
  }

  @Test("one-cycle: up from a 25th of it within 30 % of the steps, and down to a 10,000th of the first rate")
  func oneCycle() throws {
    let place = try Workplace()
    let rates = try Self.rates("--learning-rate 3.125 --clip-norm 0.01 --steps 20 --schedule one-cycle", in: place)
    #expect(rates.count == 20 && rates[0] == 0.125 && rates[5] == 3.125 && rates[19] == 0.125 / 1e4)
    #expect(Array(rates[0...5]) == rates[0...5].sorted() && Array(rates[5...]) == rates[5...].sorted(by: >))
    #expect(try Self.schedule(place).contains("schedule_steps,20"))
  }

  @Test("plateau: the rates follow from the recorded evaluations as ReduceLROnPlateau's do")
  func plateau() throws {
    let place = try Workplace()
    try place.succeed(
      "train --quiet --learning-rate 0.0625 --steps 200 --evaluate-every 5 --schedule plateau --schedule-patience 2"
        + " --schedule-gamma 0.5 --schedule-minimum 0.01")
    let evaluations = try place.query("SELECT loss FROM evaluations ORDER BY step").compactMap(Double.init)
    #expect(evaluations.count == 40)
    var (rate, best, bad) = (0.0625, Double.infinity, 0)
    var expected: [Double] = []
    for value in evaluations {
      expected += Array(repeating: rate, count: 5)
      if value < best * (1 - 1e-4) {
        (best, bad) = (value, 0)
      } else {
        bad += 1
      }
      if bad > 2 { (rate, bad) = (max(rate * 0.5, 0.01), 0) }
    }
    #expect(Set(expected).count >= 3, "the rate fell too seldom to prove much")
    #expect(try place.query("SELECT learning_rate FROM steps ORDER BY step").compactMap(Double.init) == expected)
    // From the middle of a stretch without a better value, too.
    let exact = try place.succeed("verify last@100")
    #expect(exact.output.hasPrefix("exact: steps 101 to 200: "))
  }

  @Test("each schedule's numbers are recorded, and no others")
  func recorded() throws {
    let place = try Workplace()
    for (options, rows) in [
      ("constant", ["schedule,constant"]),
      ("step --schedule-steps 4", ["schedule,step", "schedule_gamma,0.1", "schedule_steps,4"]),
      ("exponential --schedule-gamma 0.9", ["schedule,exponential", "schedule_gamma,0.9"]),
      (
        "one-cycle --schedule-steps 7",
        [
          "schedule,one-cycle", "schedule_divisor,25.0", "schedule_final_divisor,10000.0", "schedule_linear,0",
          "schedule_rising_part,0.3", "schedule_steps,7",
        ]
      ),
      (
        "plateau --schedule-patience 3 --schedule-minimum 0.001",
        [
          "schedule,plateau", "schedule_cooldown,0", "schedule_gamma,0.1", "schedule_minimum,0.001",
          "schedule_patience,3", "schedule_threshold,0.0001",
        ]
      ),
    ] {
      try place.succeed("train --quiet --steps 2 --schedule \(options) --warmup-steps 3 --warmup-start 0.5")
      #expect(try Self.schedule(place) == rows)
      #expect(
        try place.query(
          "SELECT value FROM hyperparameters WHERE run_id = (SELECT max(id) FROM runs) AND name LIKE 'warmup%'"
        )
        .sorted() == ["0.5", "3"])
    }
  }

  private static func schedule(_ place: Workplace) throws -> [String] {
    try place.query(
      "SELECT name, value FROM hyperparameters WHERE run_id = (SELECT max(id) FROM runs) AND name LIKE 'schedule%'"
        + " ORDER BY name")
  }
}
