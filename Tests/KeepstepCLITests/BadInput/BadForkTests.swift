import Foundation
import Testing

@Suite("Forks that cannot be")
struct BadForkTests {
  /// What the network is made of is no option of a fork.
  static let unknown = [
    "cell lstm", "hidden-size 8", "num-layers 2", "nonlinearity relu", "no-bias", "biases one", "bidirectional",
    "proj-size 3", "init w.npz",
  ].map { Refusal("fork flow --\($0)", "'--\($0.split(separator: " ")[0])'", status: 64) }

  static let refusals = [
    Refusal("fork flow --inputs flow", "goes on with its parent's network", "2 inputs", "1 inputs", "--init"),
    Refusal("fork flow --targets flow,rain", "goes on with its parent's network", "1 outputs", "2 outputs", "--init"),
    Refusal("fork flow --momentum 0.9", "--momentum is 0.9", "adam"),
    Refusal("fork flow --optimizer sgd --nesterov", "--nesterov", "momentum 0.0"),
    Refusal("fork flow --schedule plateau --evaluate-every 0", "plateau", "--evaluate-every is 0"),
    Refusal("fork flow --schedule step", "--schedule step needs --schedule-steps", "fork --help", status: 64),
    Refusal("fork flow --schedule-gamma 0.5", "--schedule-gamma", "the schedule is constant", status: 64),
    Refusal("fork flow --huber-delta 2", "--huber-delta", "the loss is mse", status: 64),
    Refusal("fork flow --classes 4", "--classes", "the loss is mse", status: 64),
    Refusal("fork flow --dropout 2", "--dropout is 2.0", status: 64),
    Refusal("fork flow --batch-size 30", "flow.csv has 26 rows", "30 streams"),
    Refusal("fork sine --loss cross-entropy", "cross-entropy", "the sine task"),
    Refusal("fork sine --inputs flow --targets flow", "--inputs", "the sine task"),
    Refusal("fork classes --classes 4", "goes on with its parent's network", "3 outputs", "4 outputs"),
    Refusal("fork classes --loss mse", "goes on with its parent's network", "3 outputs", "1 outputs"),
    Refusal("fork classes --batch-size 7", "walks.npz has 6 sequences", "7"),
    Refusal("fork classes --data more.npz", "3.0 is no class", "from 0 to 2"),
  ]

  @Test("are refused, and nothing is changed", arguments: unknown + refusals)
  func refused(refusal: Refusal) throws {
    let place = try FlowExample.place()
    try place.succeed("train --quiet --steps 10 --name sine")
    try NumPyFile.npz([WalkExample.x, WalkExample.c]).write(to: place.url("walks.npz"))
    var more = WalkExample.c
    more.values[17] = 3
    try NumPyFile.npz([WalkExample.x, more]).write(to: place.url("more.npz"))
    try place.succeed(
      "train --quiet --steps 10 --name classes --data walks.npz --batch-first --window 4 --inputs x --targets c"
        + " --loss cross-entropy")
    try place.expect(refusal)
  }
}
