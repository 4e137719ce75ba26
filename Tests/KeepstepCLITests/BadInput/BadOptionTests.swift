import Foundation
import Testing

@Suite("Bad options")
struct BadOptionTests {
  static let tooSmall =
    ["window", "batch-size", "hidden-size", "keep"].flatMap { option in
      ["0", "-3", "\(Int.min)"].map {
        Refusal("train --\(option) \($0)", "--\(option) is \($0); it must be at least 1", status: 64)
      }
    }
    + ["steps", "shift", "checkpoint-every", "evaluate-every", "record-hidden-every"].map {
      Refusal("train --\($0) -1", "--\($0) is -1; it must be at least 0", status: 64)
    }
    + [
      Refusal("steps 1 --from 0", "--from is 0", status: 64), Refusal("steps 1 --every 0", "--every is 0", status: 64),
      Refusal("steps 1 --from 3 --to 2", "--to is 2", "--from", "3", status: 64),
      Refusal("predict 1 --windows 0", "--windows is 0", status: 64),
      Refusal("plot 1 -o a.svg --kind predictions --rows 0", "--rows is 0", status: 64),
      Refusal("resume 1 --steps -1", "--steps is -1", status: 64),
    ]

  static let tooLarge = [
    Refusal("train --hidden-size 10000000", "hidden size 10000000", "GB"),
    Refusal("train --hidden-size \(Int.max)", "hidden size \(Int.max)", "GB"),
    Refusal("train --window \(Int.max)", "window \(Int.max)", "GB"),
    Refusal("train --batch-size \(Int.max)", "batch size \(Int.max)", "GB"),
    Refusal("train --hidden-size 9223372036854775808", "'9223372036854775808'", "--hidden-size", status: 64),
  ]

  static let wrong = [
    Refusal("train --learning-rate nan", "--learning-rate is nan", status: 64),
    Refusal("train --learning-rate inf", "--learning-rate is inf", status: 64),
    Refusal("train --learning-rate 0", "--learning-rate is 0.0", status: 64),
    Refusal("train --learning-rate -1", "--learning-rate is -1.0", status: 64),
    Refusal("train --learning-rate fast", "'fast'", "--learning-rate", status: 64),
    Refusal("train --seed -1", "'-1'", "--seed", status: 64),
    Refusal("train --window 2.5", "'2.5'", "--window", status: 64),
    Refusal("train --nonlinearity sin", "'sin'", "tanh", "relu", status: 64),
    Refusal("train --keep some", "'some'", "--keep", status: 64),
    Refusal("train --inputs a,,b", "'a,,b'", "--inputs", status: 64),
    Refusal("train --bogus", "'--bogus'", status: 64), Refusal("train extra", "'extra'", status: 64),
    Refusal("show", "<run>", status: 64), Refusal("export 1", "--output", status: 64),
    Refusal("export @best -o a.npz", "'@best'", status: 64),
    Refusal("plot 1 -o a.svg --rows 3", "--rows", "--kind predictions", status: 64),
    Refusal("runs --format xml", "'xml'", "table", "csv", "json", status: 64),
    Refusal("teach", "there is no command \"teach\"", "train", status: 64),
    Refusal("train --name last", "the name \"last\""), Refusal("train --name 7", "the name \"7\""),
    Refusal("train --name a@b", "the name \"a@b\""),
    Refusal("train", "\"sse9\"", "scalar", environment: ["KEEPSTEP_ISA": "sse9"]),
    Refusal("train --store none/keepstep.db", "none/keepstep.db", "there is no folder"),
  ]

  @Test("is refused by name and value, and no store is made", arguments: tooSmall + tooLarge + wrong)
  func refused(refusal: Refusal) throws {
    let place = try Workplace()
    try place.expect(refusal)
    #expect(try place.files.isEmpty)
  }
}
