import Interchange
import Recurrent

/// A network's tensors under Keepstep's names and in its order, with values that differ everywhere; their names and
/// shapes are written down here apart from the library's.
func sampleNetwork(_ shape: NetworkShape) -> [NamedTensor] {
  var random = SplitMix64(state: 5)
  func tensor(_ name: String, _ shape: Int...) -> NamedTensor {
    let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: -2...2, using: &random) }
    return NamedTensor(name: name, shape: shape, values: values)
  }
  let h = shape.hiddenSize
  let gates = h * ([.rnn: 1, .gru: 3, .lstm: 4][shape.cell] ?? 0)
  let p = shape.projectionSize == 0 ? h : shape.projectionSize
  let d = shape.isBidirectional ? 2 : 1
  var tensors: [NamedTensor] = []
  for layer in 0..<shape.numLayers {
    for direction in ["", "_reverse"].prefix(d) {
      let suffix = (layer == 0 ? "" : "_l\(layer)") + direction
      tensors.append(tensor("W_xh" + suffix, layer == 0 ? shape.inputSize : d * p, gates))
      tensors.append(tensor("W_hh" + suffix, p, gates))
      if shape.hasBias { tensors.append(tensor("b_h" + suffix, shape.cell == .gru ? 2 * h : gates)) }
      if shape.hasBias, shape.cell == .gru {
        tensors.append(tensor("b_xn" + suffix, h))
        tensors.append(tensor("b_hn" + suffix, h))
      }
      if p != h { tensors.append(tensor("W_hr" + suffix, h, p)) }
    }
  }
  tensors.append(tensor("W_hq", d * p, shape.outputSize))
  if shape.hasOutputBias { tensors.append(tensor("b_q", shape.outputSize)) }
  return tensors
}

/// Every cell, with and without a projection, further layers, a backward direction, biases, and an output bias.
let sampleShapes: [NetworkShape] = {
  var shapes: [NetworkShape] = []
  for (cell, projection) in [(NetworkShape.Cell.rnn, 0), (.lstm, 0), (.lstm, 2), (.gru, 0)] {
    for (numLayers, isBidirectional) in [(1, false), (1, true), (2, false), (3, true)] {
      for (hasBias, hasOutputBias) in [(true, true), (true, false), (false, true), (false, false)] {
        shapes.append(
          NetworkShape(
            cell: cell, inputSize: 2, hiddenSize: 5, projectionSize: projection, outputSize: 3, numLayers: numLayers,
            isBidirectional: isBidirectional, hasBias: hasBias, hasOutputBias: hasOutputBias))
      }
    }
  }
  return shapes
}()
