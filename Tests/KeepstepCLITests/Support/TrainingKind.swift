import Foundation
import Testing

/// A network, its data and its rule of training, drawn by a number from all that `train` offers: the same number, the
/// same options.
struct TrainingKind: CustomTestStringConvertible, Sendable {
  let number: Int
  /// All options but `--steps` and `--checkpoint-every`.
  let options: [String]

  var testDescription: String { "kind \(number): \(options.joined(separator: " "))" }

  /// How large it is.
  enum Size {
    /// Steps of microseconds.
    case small
    /// Steps of about a millisecond, which a commit can part.
    case slow
  }

  init(_ number: Int, _ size: Size) {
    self.number = number
    var random = SeededRandom(seed: UInt64(number))
    func draw(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
    let isSmall = size == .small
    var words = [draw(Self.cells), draw(Self.shapes), draw(Self.optimizers), draw(Self.clipping), draw(Self.schedules)]
    let data = draw(Self.data)
    words.append(data)
    if !data.contains("--loss") { words.append(draw(Self.losses)) }
    words.append(data.contains("walks") ? "" : draw(["--batch-size 1", "--batch-size 2", "--batch-size 3"]))
    words.append(draw(isSmall ? ["--window 4", "--window 7"] : ["--window 80", "--window 150"]))
    words.append(draw(isSmall ? ["--hidden-size 4", "--hidden-size 6"] : ["--hidden-size 9", "--hidden-size 17"]))
    words.append(draw(["--record-hidden-every 1", "--record-hidden-every 7", "--record-hidden-every 0"]))
    words.append(draw(["--evaluate-every 2", "--evaluate-every 3", "--evaluate-every 5"]))
    words.append("--seed \(number)")
    if !data.isEmpty { words.append(draw(Self.parts)) }
    options = words.joined(separator: " ").split(separator: " ").map(String.init)
  }

  private static let cells = [
    "--cell rnn", "--cell rnn --nonlinearity relu", "--cell rnn --biases one", "--cell lstm", "--cell lstm --no-bias",
    "--cell lstm --proj-size 3", "--cell gru", "--cell gru --biases one",
  ]
  private static let shapes = [
    "", "--num-layers 2", "--bidirectional", "--num-layers 2 --dropout 0.3",
    "--num-layers 3 --bidirectional --dropout 0.2",
  ]
  private static let optimizers = [
    "--optimizer adam", "--optimizer adamw --learning-rate 0.01 --weight-decay 0.05",
    "--optimizer sgd --learning-rate 0.01 --momentum 0.9 --nesterov", "--optimizer sgd --learning-rate 0.02",
    "--optimizer rmsprop --learning-rate 0.005 --momentum 0.5",
  ]
  private static let clipping = ["--clip-norm 0.5", "--clip-value 0.1", "--clip-norm 1 --clip-value 0.2"]
  private static let schedules = [
    "", "--schedule step --schedule-steps 3 --schedule-gamma 0.8", "--schedule exponential --schedule-gamma 0.97",
    "--schedule cosine --warmup-steps 4 --schedule-minimum 0.001", "--schedule one-cycle",
    "--schedule plateau --schedule-patience 0 --schedule-gamma 0.7",
  ]
  private static let losses = ["--loss mse", "--loss mae", "--loss huber --huber-delta 0.3"]
  private static let parts = [
    "", "--validation 0.2 --scale standard", "--validation 0.1 --test 0.1 --scale minmax --early-stopping 100000",
    "--validation 0.1 --monitor loss",
  ]
  private static let data = [
    "", "--data river.csv --inputs level,rain --targets flow",
    "--data river.csv --inputs level,flow --targets flow,rain --shift 1",
    "--data river.csv --inputs level,flow,rain --targets class --loss cross-entropy",
    "--data walks.npz --batch-first --inputs x --targets y",
    "--data walks.npz --batch-first --inputs x --targets c --loss cross-entropy --batch-size 3",
  ]

  // MARK: - Its data

  /// Writes `river.csv`, of four columns, and `walks.npz`, of six sequences.
  static func writeData(to place: Workplace) throws {
    let table = (0..<rows).map { row in
      let t = Double(row)
      let class3 = (row / 3 + row / 7) % 3
      return String(format: "%.5f,%.5f,%d,%d", sin(t / 5) + sin(t / 3) / 2, cos(t / 5), row * row % 5, class3)
    }
    try place.write("level,flow,rain,class\n" + table.joined(separator: "\n") + "\n", to: "river.csv")
    let shape = [6, rows / 2]
    let count = shape[0] * shape[1]
    let arrays = [
      NumPyArray(name: "x", values: (0..<count * 2).map { Float($0 * $0 % 19) / 10 - 0.9 }, shape: shape + [2]),
      NumPyArray(name: "y", values: (0..<count).map { Float($0 * $0 % 23) / 23 }, shape: shape + [1]),
      NumPyArray(name: "c", values: (0..<count).map { Float($0 / 2 % 3) }, shape: shape + [1]),
    ]
    try NumPyFile.npz(arrays).write(to: place.url("walks.npz"))
  }

  private static let rows = 700
}
