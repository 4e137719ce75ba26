import Foundation
import Recurrent
import RunStore
import Testing
import Training

/// Hyperparameters out of a stranger's store: refused with a message, neither believed nor crashed on.
struct ForgedHyperparametersTests {
  static let forged: [(String, HyperparameterValue)] = [
    ("hidden_size", .integer(1 << 40)), ("hidden_size", .integer(.max)), ("window", .integer(1 << 50)),
    ("batch_size", .integer(.max)), ("num_layers", .integer(1 << 40)), ("hidden_size", .integer(-1)),
    ("data_origin", .integer(-1)), ("data_origin", .integer(.min)), ("optimizer_origin", .integer(-1)),
    ("optimizer_origin", .integer(.max)), ("sequences", .integer(0)), ("sequences", .integer(.min)),
    ("schedule_steps", .integer(.max)), ("schedule_steps", .integer(1 << 62)), ("learning_rate", .real(.infinity)),
    ("validation", .real(1.5)), ("validation", .real(.nan)), ("test", .real(-1)), ("validation", .text("0.2")),
    ("scaling", .text("{}")), ("scaling", .integer(1)), ("monitor", .text("accuracy")),
    ("monitor", .text("validation_loss")), ("early_stopping", .integer(0)), ("early_stopping", .integer(.max)),
    ("layout", .integer(3)), ("cell", .text("transformer")), ("inputs", .text("[[[")), ("keep", .integer(.min)),
    ("shift", .integer(.min)),
  ]

  @Test(arguments: forged) func areRefused(_ name: String, _ value: HyperparameterValue) throws {
    var honest = Hyperparameters()
    honest.schedule = .cosine(steps: 10, minimum: 0)
    var rows = honest.stored
    rows[name] = value
    let error = #expect(throws: (any Error).self) { try Hyperparameters(stored: rows) }
    #expect((error as? any LocalizedError)?.errorDescription?.isEmpty == false)
  }

  @Test(arguments: ["reductions", "bad_count", "cooldown"]) func aPlateauThatBeganBelowZeroIsRefused(_ name: String) {
    var honest = Hyperparameters()
    honest.schedule = .plateau(.init())
    var rows = honest.stored
    rows["plateau_start_\(name)"] = .integer(-1)
    #expect(throws: TrainingError.self) { try Hyperparameters(stored: rows) }
  }

  /// Rows before the data's first would be read.
  @Test(arguments: ["data_origin", "optimizer_origin"]) func originsBeyondTheCheckpointAreRefused(_ name: String) throws
  {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var rows = Hyperparameters().stored
    rows[name] = .integer(5)
    var request = TrainingRequest(hyperparameters: try Hyperparameters(stored: rows))
    request.steps = 1
    let error = #expect(throws: TrainingError.self) {
      try TrainingSession.start(request, in: store, kernels: Kernels())
    }
    #expect(error?.message.contains("\"\(name)\" is 5") == true)
    try store.close()
  }
}
