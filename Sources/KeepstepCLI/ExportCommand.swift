import ArgumentParser
import Interchange
import RunStore
import Training

/// Which names an export gives to tensors.
enum TensorNames: String, ExpressibleByArgument, CaseIterable {
  case keepstep, torch
}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a checkpoint's weights to a file.",
    discussion: """
      The format follows the file's ending: .safetensors, .npz, .csv or .json. Without @CHECKPOINT the best one is \
      written. Keepstep's names are W_xh [I, G·H], W_hh [H, G·H], b_h [G·H], W_hq [H, O], b_q [O] with G gates side by \
      side in PyTorch's order, and _l1, _reverse for further layers and the backward direction; --names torch writes \
      rnn.weight_ih_l0, …, out.bias in PyTorch's layout, with b_h as two biases of half its size.
      """)

  @Argument(help: ArgumentHelp("The run, with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var reference: RunReference

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @OptionGroup var storeOptions: StoreOptions

  @Option(help: "Names and layout of the tensors.")
  var names = TensorNames.keepstep

  @OptionGroup var talk: TalkOptions

  func run() throws {
    let format = try WeightFormat(path: output)
    let reader = try storeOptions.openForReading()
    let (record, checkpoint) = try reference.resolve(in: reader)
    let weights = try reader.weights(checkpointID: checkpoint.id)
    let tensors = names == .torch ? try TorchNames.export(weights) : weights
    let metadata = [
      "format": "keepstep", "run": record.name, "run_uuid": record.uuid, "step": String(checkpoint.step),
      "digest": checkpoint.digest, "keepstep_version": keepstepVersion,
    ]
    try WeightFile.write(tensors, metadata: metadata, to: output, format: format)
    if !talk.quiet {
      Console.note("\(output): \(tensors.count) tensors of \(record.name), step \(checkpoint.step)")
    }
  }
}
