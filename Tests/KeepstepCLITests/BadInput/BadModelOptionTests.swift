import Foundation
import Testing

@Suite("Bad options of the model and of its computation")
struct BadModelOptionTests {
  static let usage = [
    Refusal("train --cell foo", "'foo'", "--cell", "'rnn', 'lstm' or 'gru'", status: 64),
    Refusal("train --cell RNN", "'RNN'", "--cell", status: 64), Refusal("train --cell", "--cell", status: 64),
    Refusal("train --num-layers 0", "--num-layers is 0; it must be at least 1", status: 64),
    Refusal("train --num-layers -1", "--num-layers is -1; it must be at least 1", status: 64),
    Refusal("train --num-layers x", "'x'", "--num-layers", status: 64),
    Refusal("train --num-layers 1.5", "'1.5'", "--num-layers", status: 64),
    Refusal("train --num-layers 9223372036854775808", "'9223372036854775808'", "--num-layers", status: 64),
    Refusal("train --dropout -0.1", "--dropout is -0.1; it must be a probability, from 0 to 1", status: 64),
    Refusal("train --dropout 1.5", "--dropout is 1.5; it must be a probability, from 0 to 1", status: 64),
    Refusal("train --dropout nan", "--dropout is nan", "from 0 to 1", status: 64),
    Refusal("train --dropout half", "'half'", "--dropout", status: 64),
    Refusal("train --proj-size 8", "--proj-size", "lstm", "the cell is rnn", status: 64),
    Refusal("train --cell gru --proj-size 8", "--proj-size", "lstm", "the cell is gru", status: 64),
    Refusal("train --cell lstm --proj-size 32", "--proj-size is 32", "--hidden-size, which is 32", status: 64),
    Refusal(
      "train --cell lstm --hidden-size 8 --proj-size 9", "--proj-size is 9", "--hidden-size, which is 8", status: 64),
    Refusal("train --cell lstm --proj-size -1", "--proj-size is -1; it must be at least 0", status: 64),
    Refusal("train --cell lstm --proj-size x", "'x'", "--proj-size", status: 64),
    Refusal("train --cell lstm --nonlinearity relu", "--nonlinearity", "rnn", "the cell is lstm", status: 64),
    Refusal("train --cell gru --nonlinearity tanh", "--nonlinearity", "rnn", "the cell is gru", status: 64),
    Refusal("train --biases three", "'three'", "'two' and 'one'", status: 64),
    Refusal("train --no-bidirectionl", "'--no-bidirectionl'", "'--no-bidirectional'", status: 64),
    Refusal("train --bidirectional 2", "'2'", status: 64),
  ]

  static let threads = ["train", "resume 1", "fork 1", "verify 1", "predict 1"].flatMap { command in
    [
      Refusal("\(command) --threads 0", "--threads is 0; it must be at least 1", status: 64),
      Refusal("\(command) --threads -1", "--threads is -1; it must be at least 1", status: 64),
      Refusal("\(command) --threads x", "'x'", "--threads", status: 64),
      Refusal("\(command) --threads 100000", "--threads is 100000; it must be at most 1024", status: 64),
    ]
  }

  static let tooLarge = [
    Refusal("train --num-layers 999999999", "999999999 layers", "GB"),
    Refusal("train --num-layers \(Int.max)", "\(Int.max) layers", "GB"),
    Refusal("train --cell lstm --hidden-size 3000000 --proj-size 2999999", "hidden size 3000000", "GB"),
    Refusal("train --cell gru --bidirectional --hidden-size \(Int.max)", "hidden size \(Int.max)", "GB"),
  ]

  @Test("is refused by name and value, and no store is made", arguments: usage + threads + tooLarge)
  func refused(refusal: Refusal) throws {
    let place = try Workplace()
    try place.expect(refusal)
    #expect(try place.files.isEmpty)
  }

  @Test("an unknown instruction set is refused by every command that computes")
  func instructionSet() throws {
    let place = try Workplace()
    try place.succeed("train --quiet --steps 20")
    for command in ["train", "resume 1 --steps 30", "fork 1", "verify 1", "predict 1"] {
      try place.expect(Refusal(command, "\"sse9\"", "scalar", environment: ["KEEPSTEP_ISA": "sse9"]))
    }
  }
}
