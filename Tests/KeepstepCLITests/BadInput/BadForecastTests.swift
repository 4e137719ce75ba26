import Foundation
import Testing

@Suite("Bad forecasts and backtests")
struct BadForecastTests {
  static let refusals = [
    Refusal("forecast flow", "Missing expected argument '--horizon <rows>'", status: 64),
    Refusal("forecast flow --horizon 0", "--horizon is 0", status: 64),
    Refusal("forecast flow --horizon -3", "--horizon is -3", status: 64),
    Refusal("forecast flow --horizon x", "'x' is invalid", status: 64),
    Refusal("forecast flow --horizon 9000000000000000000", "the horizon is 9000000000000000000 rows", "1000000"),
    Refusal("forecast none --horizon 1", "none"),
    Refusal("forecast alone --horizon 1 --format npz", "--format npz", "-o predictions.npz", status: 64),
    Refusal("forecast alone --horizon 1 -o f.xyz", "the ending .xyz is none of"),
    Refusal("backtest parted -o errors.doc", "the ending .doc is none of"),
    Refusal("forecast flow@7 --horizon 1", "7"),
    Refusal("forecast flow --horizon 3", "also sees \"rain\"", "the 2 rows after the end", "--data"),
    Refusal("forecast flow --horizon 4 --data later.csv", "later.csv has 2 rows", "3 of \"rain\" are needed"),
    Refusal("forecast flow --horizon 3 --data none.csv", "none.csv: no such file"),
    Refusal("forecast flow --horizon 3 --data flowless.csv", "flowless.csv has no column \"rain\""),
    Refusal(
      "forecast alone --horizon 2 --data later.csv", "run alone has no inputs but its own forecasts", "--history"),
    Refusal("forecast alone --horizon 2 --history later.csv", "later.csv has no column \"flow\""),
    Refusal("forecast same --horizon 2", "run same cannot forecast: its shift is 0", "--shift 1"),
    Refusal("forecast both --horizon 2", "run both cannot forecast", "--bidirectional"),
    Refusal("forecast class --horizon 2", "run class cannot forecast", "\"rain\" is a class"),
    Refusal("forecast sine --horizon 2", "run sine cannot forecast", "sine task"),
    Refusal("backtest alone", "trained on all rows of flow.csv", "--test 0.1"),
    Refusal("backtest alone --data flow.csv", "trained on all rows of flow.csv", "--data"),
    Refusal("backtest alone --data other.csv", "other.csv, row 2: \"flow\" is 0.5, and in the data", "0.327"),
    Refusal("backtest alone --data short.csv", "short.csv has 2 rows", "26"),
    Refusal("backtest alone --part validation", "run alone has no validation part", "--validation"),
    Refusal("backtest alone --part training", "'training' is invalid", status: 64),
    Refusal("backtest parted --part validation --data flow.csv", "--data", "--part validation", status: 64),
    Refusal("backtest parted --horizon 6", "the horizon is 6 rows, not from 1 to 5"),
    Refusal("backtest parted --horizon 0", "--horizon is 0", status: 64),
    Refusal("backtest parted --season 1", "--season is 1", status: 64),
    Refusal("backtest parted --season 22", "21 rows come before the test, fewer than the 22 of a season"),
    Refusal("backtest same", "run same cannot forecast: its shift is 0"),
    Refusal("backtest sine", "run sine cannot forecast"),
    Refusal("train --difference", "--difference", "sine task"),
    Refusal("train --difference --data flow.csv --inputs flow --targets flow", "--shift is 0", "--shift 1"),
    Refusal("train --difference --data flow.csv --inputs flow --targets flow --shift 2", "--shift is 2"),
    Refusal(
      "train --difference --data flow.csv --inputs rain --targets flow --shift 1", "the target \"flow\" is none of them"
    ),
  ]

  @Test("is refused by name", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try FlowExample.place()
    let few = "--window 4 --hidden-size 4 --steps 4 --shift 1 --data flow.csv"
    try place.succeed("train \(few) --name alone --inputs flow --targets flow")
    try place.succeed("train \(few) --name parted --inputs flow --targets flow --test 0.2")
    try place.succeed("train \(few) --name same --inputs flow --targets flow --shift 0")
    try place.succeed("train \(few) --name both --inputs flow --targets flow --bidirectional")
    try place.succeed("train \(few) --name class --inputs flow --targets rain --loss cross-entropy")
    try place.succeed("train --name sine --steps 2")
    try place.write("rain\n1\n2\n", to: "later.csv")
    try place.write("flow\n1\n2\n", to: "flowless.csv")
    try place.write("flow\n0\n0.5\n" + String(repeating: "1\n", count: 30), to: "other.csv")
    try place.write("flow\n0\n0.327\n", to: "short.csv")
    try place.expect(refusal)
  }
}
