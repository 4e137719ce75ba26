import Testing

/// What recurrent layers can be made of, with options under which each is trained.
struct CellExample: CustomTestStringConvertible, Sendable {
  /// A run's name.
  let name: String
  /// The cell's own options.
  let options: String
  /// G.
  let gates: Int
  /// P, where an LSTM's states are projected.
  var projection: Int?
  /// An optimizer, a schedule and limits, other ones for each cell.
  let rule: String

  var testDescription: String { name }

  /// Layers, directions and dropout, all at once.
  static let deep = "--num-layers 2 --bidirectional --dropout 0.3"

  /// One of each; no size is a multiple of 16.
  static let all = [
    CellExample(
      name: "tanh", options: "--cell rnn", gates: 1,
      rule: "--clip-norm 0.5 --schedule cosine --schedule-steps 60 --schedule-minimum 0.001"),
    CellExample(
      name: "relu", options: "--cell rnn --nonlinearity relu", gates: 1,
      rule: "--optimizer sgd --learning-rate 0.01 --momentum 0.9 --nesterov --weight-decay 0.001 --clip-value 0.1"
        + " --schedule plateau --schedule-patience 0"),
    CellExample(
      name: "lstm", options: "--cell lstm", gates: 4,
      rule: "--optimizer adamw --learning-rate 0.01 --schedule step --schedule-steps 15 --warmup-steps 20"),
    CellExample(
      name: "projected", options: "--cell lstm --proj-size 7", gates: 4, projection: 7,
      rule: "--optimizer rmsprop --momentum 0.5 --schedule exponential --schedule-gamma 0.99 --loss mae"),
    CellExample(
      name: "gru", options: "--cell gru", gates: 3,
      rule: "--loss huber --huber-delta 0.5 --schedule one-cycle --schedule-steps 50"),
  ]
}
