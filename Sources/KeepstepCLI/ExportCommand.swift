import ArgumentParser
import Foundation
import Interchange
import Recurrent
import RunStore
import Training

/// Which names an export gives to tensors.
enum TensorNames: String, ExpressibleByArgument, CaseIterable {
  case keepstep, torch, mlx

  /// The tensors under these names.
  func named(_ weights: [NamedTensor]) throws -> [NamedTensor] {
    switch self {
    case .keepstep: weights
    case .torch: try TorchNames.export(weights)
    case .mlx: try MLXNames.export(weights)
    }
  }

  /// What programs of the Hugging Face look for in the metadata of a safetensors file.
  var format: String {
    switch self {
    case .keepstep: "keepstep"
    case .torch: "pt"
    case .mlx: "mlx"
    }
  }
}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a checkpoint's weights to a file.",
    discussion: """
      The format follows the file's ending: .safetensors, .npz, .onnx, .csv or .json. Without @CHECKPOINT the best one is \
      written. Keepstep's names are W_xh [I, G·H], W_hh [H, G·H], b_h [G·H], W_hq [H, O], b_q [O] with G gates side by \
      side in PyTorch's order, and _l1, _reverse for further layers and the backward direction; --names torch writes \
      rnn.weight_ih_l0, …, out.bias in PyTorch's layout, with b_h as two biases of half its size; --names mlx writes \
      layers.0.Wx (an RNN's Wxh), …, out.bias in that of MLX and MLX Swift.

      An .onnx file is the whole network: x, h_0 and an LSTM's c_0 give q, h_n and c_n. x and q are [time, batch, \
      features], or [batch, time, features] of a run with --batch-first; initial states are zeros when left out. Of a run \
      with --scale the graph scales x and q itself, so that both are in the data's own units; other formats have its \
      numbers as "scaling" in their metadata. \
      The run, the step, the checkpoint's digest and the columns stand in the metadata of .safetensors, .onnx and .json.

      --top 3 writes the three best checkpoints that are kept, as FILE-1, FILE-2 and FILE-3, the best first; all of \
      them or none, and over no file that is there.
      """)

  @Argument(help: ArgumentHelp("The run, with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var reference: RunReference

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @OptionGroup var storeOptions: StoreOptions

  @Option(help: "Names and layout of the tensors.")
  var names = TensorNames.keepstep

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write so many of the best checkpoints, to FILE-1, FILE-2, …", valueName: "n"))
  var top: Int?

  @OptionGroup var talk: TalkOptions

  mutating func validate() throws {
    try requireAtLeast(1, ("--top", top))
    if let checkpoint = reference.checkpoint, top != nil {
      throw ValidationError("--top takes a run's best checkpoints, and @\(checkpoint) names one")
    }
  }

  func run() throws {
    let format = try WeightFormat(path: output)
    guard format != .onnx || names == .keepstep else {
      throw ValidationError("--names is about tensors alone; an .onnx file is a graph that has names of its own")
    }
    let reader = try storeOptions.openForReading()
    let files = try files(in: reader, format)
    for (index, file) in files.enumerated() {
      do {
        try AtomicFile.write(file.data, to: file.path)
      } catch {
        // None of --top's was there before.
        if top != nil { for written in files.prefix(index) { unlink(written.path) } }
        throw error
      }
    }
    if !talk.quiet { for file in files { Console.note("\(file.path): \(file.note)") } }
  }

  /// A file to be written.
  private struct File {
    let path: String
    let data: Data
    let note: String
  }

  /// The files in full, so that nothing is written when one of them can't be made.
  private func files(in reader: StoreReader, _ format: WeightFormat) throws -> [File] {
    guard let top else {
      let (record, checkpoint) = try reference.resolve(in: reader)
      return [try file(output, record, checkpoint, in: reader, format)]
    }
    let record = try reader.run(reference.run)
    let checkpoints = try best(top, of: record, in: reader)
    let name = output as NSString
    let paths = (1...top).map { "\(name.deletingPathExtension)-\($0).\(name.pathExtension)" }
    for path in paths where FileManager.default.fileExists(atPath: path) {
      throw CommandError(
        "\(path): there is such a file already, and --top writes over none", hint: "name another file, or remove it")
    }
    return try zip(paths, checkpoints).map { try file($0, record, $1, in: reader, format) }
  }

  /// The best checkpoints, the earlier of equals first.
  private func best(_ count: Int, of record: RunRecord, in reader: StoreReader) throws -> [CheckpointRecord] {
    _ = try reader.checkpoint(runID: record.id, .best)  // refuses monitored values that are not the evaluations'
    let ranked = try reader.checkpoints(runID: record.id)
      .compactMap { checkpoint in checkpoint.monitorValue.map { (value: $0, checkpoint: checkpoint) } }
      .sorted { ($0.value, $0.checkpoint.step) < ($1.value, $1.checkpoint.step) }
    guard ranked.count >= count else {
      throw CommandError(
        "run \(record.name) keeps \(Numbers.count(ranked.count, "checkpoint")) with a monitored value, and --top asks "
          + "for \(count)",
        hint: "checkpoints at steps that are evaluated have one; train with --keep all and a --checkpoint-every that "
          + "is a multiple of --evaluate-every")
    }
    return ranked.prefix(count).map(\.checkpoint)
  }

  private func file(
    _ path: String, _ record: RunRecord, _ checkpoint: CheckpointRecord, in reader: StoreReader,
    _ format: WeightFormat
  ) throws -> File {
    let rows = try reader.hyperparameters(runID: record.id)
    var metadata = [
      "format": names.format, "run": record.name, "run_uuid": record.uuid, "step": String(checkpoint.step),
      "digest": checkpoint.digest, "keepstep_version": keepstepVersion,
    ]
    for key in ["inputs", "targets", "scaling"] { if case .text(let text) = rows[key] { metadata[key] = text } }
    var options: ONNXOptions?
    if format == .onnx {
      let hyperparameters = try Hyperparameters(stored: rows)
      options = ONNXOptions(
        nonlinearity: hyperparameters.nonlinearity, isBatchFirst: hyperparameters.batchFirst,
        inputScaling: hyperparameters.scaling(of: hyperparameters.inputs),
        outputScaling: hyperparameters.loss.isClassification
          ? nil : hyperparameters.scaling(of: hyperparameters.targets))
    }
    let tensors = try names.named(try reader.weights(checkpointID: checkpoint.id))
    let data = try WeightFile.encode(tensors, metadata: metadata, format: format, onnx: options)
    return File(path: path, data: data, note: "\(tensors.count) tensors of \(record.name), step \(checkpoint.step)")
  }
}

extension Hyperparameters {
  /// What an .onnx graph does to some columns; nil where nothing is scaled.
  fileprivate func scaling(of columns: [String]) -> ONNXOptions.Scaling? {
    guard scaling.method != .none else { return nil }
    let numbers = scaling.numbers(of: columns)
    return ONNXOptions.Scaling(offsets: numbers.map(\.offset), scales: numbers.map(\.scale))
  }
}
