import Sequences
import Training

/// From `--data`, `--inputs` and `--targets` to the data itself.
enum DataChoice {
  /// The data that `hyperparameters` name.
  ///
  /// - Throws: `CommandError` when the sine task is given columns, or a file none; `SequenceError` when it can't be read.
  static func data(of hyperparameters: Hyperparameters, inputsGiven: Bool, targetsGiven: Bool) throws -> DataSource {
    guard hyperparameters.data != "sine" else {
      guard !inputsGiven, !targetsGiven, hyperparameters.shift == 0 else {
        throw CommandError(
          "--inputs, --targets and --shift choose columns of a file, and --data is the sine task",
          hint: "name a CSV file with --data, or leave them out")
      }
      return .sine
    }
    guard inputsGiven, targetsGiven else {
      throw CommandError(
        "\(hyperparameters.data): no \(inputsGiven ? "target" : "input") columns are named",
        hint: "for example --inputs flow,rain --targets flow --shift 1 forecasts the next row's flow")
    }
    return .table(
      try Table.readCSV(path: hyperparameters.data, columns: hyperparameters.inputs + hyperparameters.targets))
  }
}
