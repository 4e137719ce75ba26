import Recurrent
import Sequences

/// Every value that shapes a run, but for its seed and its planned steps, which are columns of `runs`.
///
/// The defaults are the seed script's job: cos from sin, 32 hidden units, windows of 10, Adam with 0.02.
public struct Hyperparameters: Sendable, Hashable {
  /// `sine`, or the path of a file as it was given.
  public var data = "sine"
  /// The columns that the network sees.
  public var inputs = ["sin"]
  /// The columns that it learns.
  public var targets = ["cos"]
  /// A row's targets stand that many rows later.
  public var shift = 0
  /// T, time steps of a window.
  public var window = 10
  /// B, parallel streams.
  public var batchSize = 1
  /// Sequences that the data holds, each of which starts from states of zero; 1 for a table of rows.
  public var sequences = 1
  /// Are arrays of three axes [sequences, time, features] instead of [time, sequences, features]?
  public var batchFirst = false
  /// What became of cells without a value.
  public var missing = MissingValues.refuse
  /// What stands between a CSV file's fields; nil: it is found.
  public var delimiter: FieldDelimiter?
  /// What stands before the decimals of a CSV file's numbers; nil: it is found.
  public var decimal: DecimalMark?
  /// The column whose cells name the rows; nil: rows are numbered.
  public var index: String?
  /// The column that tells the series of a file apart; nil: all rows are one.
  public var series: String?
  /// What the data's table has beside its values and columns, as `TableLayout` writes it; a session sets it where the
  /// values are stored.
  public var layout: String?
  /// How the rows are parted; the network learns from the training part only.
  public var split = Split.none
  /// How columns are moved and stretched before the network sees them; see `fitScaling`.
  public var scaling = Scaling.none
  /// The step after which the data was read from its beginning: 0, or where a fork went over to other data.
  public var dataOrigin = 0
  /// A fork's parent, its uuid and the checkpoint's step: `ab515364-…@300`. Stays when the parent is removed.
  public var forkedFrom: String?

  /// What the recurrent layers are made of.
  public var cell = CellKind.rnn
  /// H.
  public var hiddenSize = 32
  /// L.
  public var numLayers = 1
  /// φ of an RNN.
  public var nonlinearity = Nonlinearity.tanh
  /// Have the recurrent layers biases?
  public var hasBias = true
  /// Is there a `b_q`?
  public var hasOutputBias = true
  /// How `b_h` is trained.
  public var biases = Biases.two
  /// The probability of dropout between the layers.
  public var dropout = 0.0
  /// Does a second direction read each window from its end?
  public var isBidirectional = false
  /// The size that an LSTM's states are projected to; 0 for none.
  public var projectionSize = 0
  /// Where the untrained weights came from: `random`, or the path of a file.
  public var initialization = "random"

  /// What the training makes small.
  public var loss = Loss.meanSquaredError
  /// K, for class targets; 0 for others.
  public var classes = 0
  /// The rule that updates the weights, with η.
  public var optimizer = OptimizerSettings(.adam, learningRate: 0.02)
  /// How η changes.
  public var schedule = LearningRate.Schedule.constant
  /// Steps of a warm-up on top of the schedule; 0 for none.
  public var warmUpSteps = 0
  /// The factor of step 1 in a warm-up.
  public var warmUpStart = 1.0 / 3
  /// The step after which the optimizer began: 0, or where a fork went over to another rule.
  public var optimizerOrigin = 0
  /// What a fork's schedule `plateau` begins with.
  public var plateauStart = PlateauState()
  /// Limits on the gradients.
  public var clipping = Clipping()

  /// Steps between two checkpoints; 0 for none but the first, the best and the last.
  public var checkpointEvery = 100
  /// How many of the newest checkpoints stay; `nil` for all.
  public var keep: Int? = 10
  /// Steps between two evaluations; 0 for none.
  public var evaluateEvery = 10
  /// Steps between two recorded hidden states; 0 for none.
  public var recordHiddenEvery = 10
  /// What the best checkpoint is chosen by; nil: the validation loss where there is a validation part.
  public var monitor: MonitoredValue?
  /// Evaluations in a row without a new best value after which the training ends; nil: it goes on to its planned end.
  public var earlyStopping: Int?

  /// The seed script's job.
  public init() {}

  /// The network that these values ask for.
  public var network: NetworkConfiguration {
    NetworkConfiguration(
      cell: cell, inputSize: inputs.count, hiddenSize: hiddenSize,
      outputSize: loss.isClassification ? classes : targets.count, numLayers: numLayers, nonlinearity: nonlinearity,
      hasBias: hasBias, hasOutputBias: hasOutputBias, biases: biases, dropout: dropout,
      isBidirectional: isBidirectional, projectionSize: projectionSize)
  }

  /// η of each step.
  public var learningRate: LearningRate {
    var rate = LearningRate(optimizer.learningRate)
    rate.schedule = schedule
    rate.warmUpSteps = warmUpSteps
    rate.warmUpStart = warmUpStart
    return rate
  }
}

/// What an evaluation is judged by; the lower the better.
public enum MonitoredValue: String, Sendable, CaseIterable {
  /// The mean training loss since the last evaluation.
  case loss
  /// The loss over the validation part.
  case validationLoss = "validation_loss"

  /// The part of the data whose evaluations are meant.
  public var part: Split.Part { self == .loss ? .training : .validation }
}

extension Hyperparameters {
  /// What evaluations are judged by.
  public var monitored: MonitoredValue { monitor ?? (split.validation > 0 ? .validationLoss : .loss) }

  /// Fits the scaling to the training part of `table`; class numbers are left alone.
  public mutating func fitScaling(_ method: Scaling.Method, to table: Table) {
    let exceptions: Set<String> = loss.isClassification ? Set(targets) : []
    scaling = Scaling(method, of: table, rows: split.rows(.training, of: table), except: exceptions)
  }
}

extension Hyperparameters {
  /// How the data's file is read.
  public var reading: ReadingOptions {
    var options = ReadingOptions(batchFirst: batchFirst)
    options.index = index
    options.series = series
    options.missing = missing
    options.delimiter = delimiter
    options.decimal = decimal
    return options
  }
}
