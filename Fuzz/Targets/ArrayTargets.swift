import ArrayFiles
import Foundation
import Interchange
import Recurrent
import Sequences

/// A safetensors file: its tensors, the network they make, and what is written for them again.
func fuzzSafetensors(_ data: Data) {
  if let (tensors, metadata) = accepted({ try Safetensors.decode(data, source: "fuzz") }) {
    precondition(tensors.allSatisfy { $0.shape.reduce(1, *) == $0.values.count })
    if let written = accepted({ try Safetensors.encode(tensors, metadata: metadata) }) {
      let again = accepted { try Safetensors.decode(written, source: "fuzz") }
      precondition(again?.tensors == tensors && again?.metadata == metadata, "what was written reads differently")
    }
    useAsWeights(tensors)
  }
  _ = accepted { try WeightFile.read(path: ScratchFile.path(data, "safetensors")) }
}

/// A zip of arrays: as weights, and as data.
func fuzzNPZ(_ data: Data) {
  let names = accepted { try NPZFile.names(data, source: "fuzz") }
  _ = accepted { try NPZFile.shapes(data, source: "fuzz") }
  if let arrays = accepted({ try NPZFile.decode(data, source: "fuzz") }) {
    precondition(arrays.map(\.name) == names)
    precondition(arrays.allSatisfy { $0.shape.reduce(1, *) == $0.values.count })
  }
  if let tensors = accepted({ try NPZ.decode(data, source: "fuzz") }) { useAsWeights(tensors) }
  let path = ScratchFile.path(data, "npz")
  useAsData(path, columns: ["x", "y.0"] + (names ?? []).prefix(2))
}

/// A single array: its values, and the columns that they are as data.
func fuzzNPY(_ data: Data) {
  let shape = accepted { try NPYFile.shape(startOf: data, name: "x", source: "fuzz") }
  if let array = accepted({ try NPYFile.decode(data, name: "x", source: "fuzz") }) {
    precondition(array.shape == shape && array.shape.reduce(1, *) == array.values.count)
    let again = accepted { try NPYFile.decode(NPYFile.encode(array), name: "x", source: "fuzz") }
    // Bits, as NaN differs from itself.
    precondition(
      again?.values.map(\.bitPattern) == array.values.map(\.bitPattern), "what was written reads differently")
  }
  useAsData(ScratchFile.path(data, "npy"), columns: ["0", "1"])
}

/// What becomes of a file of data: a table, its digest and a task; and of arrays of three axes in both orders.
func useAsData(_ path: String, columns: [String]) {
  for batchFirst in [false, true] {
    guard
      let table = accepted({
        let file = try DataFile(path: path, batchFirst: batchFirst)
        return try file.table(columns: file.expanded(columns))
      })
    else { continue }
    precondition(table.values.allSatisfy(\.isFinite) && table.values.count == table.rowCount * table.columns.count)
    _ = table.digest
    _ = accepted {
      try TableTask(
        table: table, inputs: table.columns, targets: [table.columns[0]], shift: 1, window: 2, batchSize: 1)
    }
  }
}

private func useAsWeights(_ tensors: [NamedTensor]) {
  if accepted({ try NetworkShape(of: tensors) }) != nil { useAsNetwork(tensors) }
  _ = accepted { try ONNX.encode(tensors, options: ONNXOptions(), metadata: ["run": tensors.first?.name ?? ""]) }
  if let imported = accepted({ try TorchNames.import(tensors) }) {
    precondition(accepted { try NetworkShape(of: imported) } != nil, "PyTorch's names gave no network")
    _ = accepted { try TorchNames.export(imported) }
  }
  if let imported = accepted({ try MLXNames.import(tensors) }) {
    precondition(accepted { try NetworkShape(of: imported) } != nil, "MLX's names gave no network")
    let again = accepted { try MLXNames.import(MLXNames.export(imported)) }
    precondition(again == imported, "what was written for MLX reads differently")
  }
}

/// What is a network can be written for all programs, and read back; MLX has no projection.
private func useAsNetwork(_ tensors: [NamedTensor]) {
  precondition(accepted { try TorchNames.export(tensors) } != nil, "a network has no names in PyTorch")
  _ = accepted { try MLXNames.export(tensors) }
  for isBatchFirst in [false, true] {
    let options = ONNXOptions(isBatchFirst: isBatchFirst)
    let graph = accepted { try ONNX.encode(tensors, options: options, metadata: [:]) }
    precondition(graph != nil, "a network has no graph")
  }
}
