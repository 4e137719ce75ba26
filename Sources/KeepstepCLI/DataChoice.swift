import Recurrent
import Sequences
import Training

/// From `--data`, `--inputs` and `--targets` to the data itself.
enum DataChoice {
  /// What was given of the data's options.
  struct Given {
    var inputs: Bool
    var targets: Bool
    var batchSize: Bool
    var classes: Bool
    var scale: Scaling.Method?
  }

  /// The data that `hyperparameters` name, which gain what only the data can say: the columns that a name stands for,
  /// the sequences, the classes, the scaling.
  ///
  /// - Throws: `CommandError` when the sine task is given columns, or a file none; `SequenceError` when it can't be read.
  static func data(of hyperparameters: inout Hyperparameters, _ given: Given) throws -> DataSource {
    guard hyperparameters.data != "sine" else {
      guard !given.inputs, !given.targets, hyperparameters.shift == 0 else {
        throw CommandError(
          "--inputs, --targets and --shift choose columns of a file, and --data is the sine task",
          hint: "name a file with --data, or leave them out")
      }
      guard (given.scale ?? Scaling.Method.none) == Scaling.Method.none else {
        throw CommandError(
          "--scale is about the columns of a file, and --data is the sine task",
          hint: "name a file with --data, or leave it out")
      }
      return .sine
    }
    guard given.inputs, given.targets else {
      throw CommandError(
        "\(hyperparameters.data): no \(given.inputs ? "target" : "input") columns are named",
        hint: "for example --inputs flow,rain --targets flow --shift 1 forecasts the next row's flow")
    }
    let file = try DataFile(path: hyperparameters.data, options: hyperparameters.reading)
    hyperparameters.inputs = try file.expanded(hyperparameters.inputs)
    hyperparameters.targets = try file.expanded(hyperparameters.targets)
    let table = try file.table(columns: hyperparameters.inputs + hyperparameters.targets)
    hyperparameters.sequences = table.sequenceCount
    if !given.batchSize, table.sequenceCount > 1 {
      // Side by side, sequences of different lengths would leave rows out.
      hyperparameters.batchSize = table.areSequencesEqual ? table.sequenceCount : 1
    }
    try countClasses(of: table, in: &hyperparameters, given)
    fitScaling(to: table, in: &hyperparameters, given)
    return .table(table)
  }

  /// Fits the scaling that was asked for. Otherwise a fork keeps its parent's, whose units its network knows, unless that
  /// has nothing for the columns at hand.
  static func fitScaling(to table: Table, in hyperparameters: inout Hyperparameters, _ given: Given) {
    let known = Set(hyperparameters.scaling.columns.map(\.name))
    let isScaled = hyperparameters.scaling.method != .none
    let classes: Set<String> = hyperparameters.loss.isClassification ? Set(hyperparameters.targets) : []
    let isCovered = !isScaled || Set(table.columns).subtracting(classes).isSubset(of: known)
    guard let method = given.scale ?? (isCovered ? nil : hyperparameters.scaling.method) else { return }
    hyperparameters.fitScaling(method, to: table)
  }

  private static func countClasses(
    of table: Table, in hyperparameters: inout Hyperparameters, _ given: Given
  ) throws {
    guard hyperparameters.loss.isClassification, let column = hyperparameters.targets.first else { return }
    hyperparameters.classes = try table.checkClasses(
      column: column, count: given.classes ? hyperparameters.classes : nil)
  }
}
