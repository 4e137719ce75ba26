import CKernels

/// Inverted dropout (Srivastava et al. 2014) between the layers, as `torch.nn.RNN(dropout=p)` has it: in training each
/// output of a layer but the last is zero with probability p, and divided by 1 - p otherwise.
///
/// Which ones is a function of (seed, step, layer, direction, index), so that nothing has to be kept: the backward
/// pass draws the same mask again, and so does a resumed training.
struct Dropout {
  let kernels: Kernels
  let probability: Double
  let seed: UInt64

  /// out [T, B, P] = rows [T, B, P] with the mask of `step`, for the share's streams and units; out may be the rows.
  ///
  /// - Parameter place: the layer's and direction's number in the order of the tensors.
  func apply(
    _ rows: UnsafeMutablePointer<Float>, into out: UnsafeMutablePointer<Float>, _ window: LayerWindow, step: Int,
    place: Int, _ share: Share
  ) {
    let (P, units) = (window.stateSize, share.units(window.stateSize))
    var mask = ks_dropout_mask(
      seed: seed, step: UInt64(step), purpose: Philox.Purpose.dropout.rawValue,
      below: UInt32(min((probability * 0x1p32).rounded(), 0x1p32 - 1)),
      scale: probability < 1 ? Float(1 / (1 - probability)) : 0)
    func apply(_ first: Int, _ count: Int) {
      let index = UInt64(Philox.index(first, ofPart: place))
      kernels.table.pointee.dropout(count, &mask, index, rows + first, out + first)
    }
    share.forEachRun(ofTimes: window.length) { first, count in
      if units.count == P {
        apply(first * P, count * P)
      } else {
        for row in first..<first + count { apply(row * P + units.lowerBound, units.count) }
      }
    }
  }
}
