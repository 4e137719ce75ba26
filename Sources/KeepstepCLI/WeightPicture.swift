import Figures
import RunStore

/// A checkpoint's weights, a map a tensor: blue below zero, red above, each with its own scale.
struct WeightPicture {
  /// The picture.
  let picture: Picture

  /// - Throws: `StoreError` when the run or the checkpoint is not there, or is damaged.
  init(_ reference: RunReference, in reader: StoreReader) throws {
    let (run, checkpoint) = try reference.resolve(in: reader)
    let tensors = try reader.tensors(checkpointID: checkpoint.id).filter { $0.kind == .weight && !$0.values.isEmpty }
      .sorted { TensorOrder($0.name) < TensorOrder($1.name) }
    let hyperparameters = try reader.hyperparameters(runID: run.id)
    var gates = ""
    switch hyperparameters["cell"] {
    case .text("lstm"): gates = " of the gates i, f, g, o"
    case .text("gru"): gates = " of the gates r, z, n"
    default: break
    }
    let maps = tensors.map { Self.map($0, gates: gates) }
    picture = .heatMaps(
      HeatMaps(title: "Weights of \(run.name) after step \(checkpoint.step)", maps: maps, across: min(3, maps.count)))
  }

  private static func map(_ tensor: CheckpointTensor, gates: String) -> HeatMap {
    let (rows, columns) = labels(tensor.name, gates: gates)
    return HeatMap(
      tensor.name, columns: tensor.shape.last ?? 1, values: tensor.values, xLabel: columns, yLabel: rows)
  }

  /// What a tensor's rows and columns are.
  private static func labels(_ name: String, gates: String) -> (rows: String, columns: String) {
    let units = "units" + gates
    switch name {
    case _ where name.hasPrefix("W_xh"): return ("inputs", units)
    case _ where name.hasPrefix("W_hh"): return ("units before", units)
    case _ where name.hasPrefix("W_hr"): return ("units", "projected")
    case "W_hq": return ("units", "outputs")
    case "b_q": return ("", "outputs")
    // A GRU's candidate keeps its biases apart.
    case _ where name.hasPrefix("b_xn") || name.hasPrefix("b_hn"): return ("", "units of the gate n")
    case _ where name.hasPrefix("b_h") && gates.hasSuffix("n"): return ("", "units of the gates r, z")
    default: return ("", units)
    }
  }
}
