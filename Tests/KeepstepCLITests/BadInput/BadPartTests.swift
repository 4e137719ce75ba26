import Foundation
import Testing

@Suite("Bad parts, scaling, series and early stopping")
struct BadPartTests {
  static let data = "--data north.csv --inputs flow --targets flow --shift 1 --window 4"
  static let refusals = [
    Refusal("train \(data) --validation 1", "--validation is 1.0", "below 1", status: 64),
    Refusal("train \(data) --validation -0.1", "--validation is -0.1", status: 64),
    Refusal("train \(data) --validation many", "--validation", "many", status: 64),
    Refusal("train \(data) --validation nan", "--validation is nan", status: 64),
    Refusal("train \(data) --test 1e9", "--test is 1000000000.0", status: 64),
    Refusal("train \(data) --test -1", "--test is -1.0", status: 64),
    Refusal("train \(data) --test x", "--test", "x", status: 64),
    Refusal("train \(data) --validation 0.6 --test 0.5", "0.6", "0.5", "no rows for training"),
    Refusal("train \(data) --validation 0.001", "north.csv: the validation part, 0.001 of 40 rows"),
    Refusal("train \(data) --validation 0.9", "north.csv: the training part has 4 rows", "takes 5"),
    Refusal(
      "train \(data) --validation 0.2 --batch-size 9", "the training part of north.csv has 32 rows", "9 streams",
      "takes 37"),
    Refusal("train --validation 0.2", "--validation", "the sine task"),
    Refusal("train --test 0.2", "--test", "the sine task"),
    Refusal("train --scale standard", "--scale", "the sine task"),
    Refusal("train \(data) --scale log", "--scale", "log", status: 64),
    Refusal("train \(data) --scale", "--scale", status: 64),
    Refusal("train \(data) --scale Standard", "--scale", "Standard", status: 64),
    Refusal("train \(data) --monitor validation_loss", "--monitor is validation_loss", "no validation part"),
    Refusal("train \(data) --monitor accuracy", "--monitor", "accuracy", status: 64),
    Refusal("train \(data) --monitor", "--monitor", status: 64),
    Refusal("train \(data) --early-stopping -1", "--early-stopping is -1", status: 64),
    Refusal("train \(data) --early-stopping often", "--early-stopping", "often", status: 64),
    Refusal("train \(data) --early-stopping 9007199254740993", "--early-stopping is 9007199254740993"),
    Refusal("train \(data) --early-stopping 3 --evaluate-every 0", "--early-stopping 3", "--evaluate-every is 0"),
    Refusal("train \(data) --index day", "north.csv has no column \"day\"", "date"),
    Refusal("train --index date", "--index", "the sine task"),
    Refusal("train \(data) --index", "--index", status: 64),
    Refusal("train \(data) --series lake", "north.csv has no column \"lake\"", "river"),
    Refusal("train --series river", "--series", "the sine task"),
    Refusal("train \(data) --series", "--series", status: 64),
    Refusal("train \(data) --series date", "north.csv", "sequences"),
    Refusal("fork sine --validation 0.2", "--validation", "the sine task"),
    Refusal("fork sine --scale minmax", "--scale", "the sine task"),
  ]

  @Test("is refused by name and place", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try RiverExample.place()
    if refusal.line.hasPrefix("fork") { try place.succeed("train --name sine --steps 4 --quiet") }
    try place.expect(refusal)
  }
}
