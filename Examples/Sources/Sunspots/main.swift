// Learns to forecast next year's sunspots: trains, goes on in a new session as after a crash, and predicts.
import Recurrent
import RunStore
import Sequences
import Training

let path = CommandLine.arguments.dropFirst().first ?? "data/sunspots.csv"
let years = try DataFile(path: path).table(columns: ["sunspots"])

// What is trained. Whatever is not said here is as in `keepstep train`.
var request = TrainingRequest()
request.steps = 500
request.data = .table(years)
request.hyperparameters.data = path
request.hyperparameters.inputs = ["sunspots"]
request.hyperparameters.targets = ["sunspots"]
request.hyperparameters.shift = 1  // the target of a year is the next one
request.hyperparameters.window = 11
request.hyperparameters.nonlinearity = .relu
request.hyperparameters.optimizer.learningRate = 0.002

// Every step lands in the store, which any process may read meanwhile.
let store = try Store(path: "sunspots.db")
let kernels = try Kernels(threads: 2)
let session = try TrainingSession.start(request, in: store, kernels: kernels)
let begun = try session.train(stop: StopRequest()) { print("step \($0.step), loss \($0.loss)") }

// Later, or in another process: on to step 1,000, with the bits of a training that never stopped.
let resumed = try TrainingSession.resume(begun.name, in: store, steps: 1_000, kernels: kernels)
let result = try resumed.train(stop: StopSignals.install()) { print("step \($0.step), loss \($0.loss)") }

// Its best checkpoint reads all years; what it says of the last one is its forecast of the next.
let run = try RecordedRun(try store.reader.run(result.name), in: store.reader)
let best = try store.reader.checkpoint(runID: result.runID, .best)
let forecasts = try Predictor(run, at: best, in: store.reader, kernels: kernels).predict(years.values)
print("after \(years.rowCount) years, by step \(best.step): \(forecasts.last ?? .nan) sunspots in the next")
try store.close()
