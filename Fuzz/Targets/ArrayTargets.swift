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

/// A table as text.
func fuzzCSV(_ data: Data) {
  let path = ScratchFile.path(data, "csv")
  useAsData(path, columns: ["a", "b"])
  useAsData(path, columns: ["a"])
  for missing in MissingValues.allCases {
    var options = ReadingOptions()
    (options.index, options.series, options.missing) = ("a", "b", missing)
    guard let table = accepted({ try DataFile(path: path, options: options).table(columns: ["a"]) }) else { continue }
    precondition(table.sequenceLengths.reduce(0, +) == table.rowCount && table.values.allSatisfy(\.isFinite))
    if let layout = table.layout {
      let again = accepted {
        try Table(
          source: table.source, columns: table.columns, values: table.values,
          layout: TableLayout(text: layout.text()))
      }
      precondition(again == table, "what was written reads differently")
    }
    for number in 0..<table.sequenceCount { _ = accepted { try table.nextLabels(2, ofSequence: number) } }
  }
}

private func useAsData(_ path: String, columns: [String]) {
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
  _ = accepted { try NetworkShape(of: tensors) }
  if let imported = accepted({ try TorchNames.import(tensors) }) {
    precondition(accepted { try NetworkShape(of: imported) } != nil, "PyTorch's names gave no network")
    _ = accepted { try TorchNames.export(imported) }
  }
}
