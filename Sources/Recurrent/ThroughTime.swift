import CKernels

/// The passes through time that all cells have in common, for one thread's share.
extension Cell {
  func forwardThroughTime(_ weights: LayerWeights, _ window: LayerWindow, _ share: Share) {
    let (B, P, H, row) = (window.batchSize, weights.stateSize, weights.hiddenSize, weights.rowLength)
    let (z, previous) = (weights.preactivations(window), window.previousStates)
    for i in 0..<window.length {
      let t = window.time(i)
      let first = t * B + share.streams.lowerBound
      for group in weights.hidden {
        group.weights[0].product(
          share.streams.count, previous + first * P, aRow: P, into: z + first * row + group.gates.place * H, cRow: row,
          from: group.start, bias: group.bias, share)
      }
      forward(window, time: t, share)
      share.meetAfterTimeStep()
    }
  }

  func backwardThroughTime(_ weights: LayerWeights, _ window: LayerWindow, _ share: Share) {
    let (B, T, P, H, row) =
      (window.batchSize, window.length, weights.stateSize, weights.hiddenSize, weights.rowLength)
    let (dz, dh) = (weights.preactivationGradients(window), window.hiddenGradient)
    for i in stride(from: T - 1, through: 0, by: -1) {
      let t = window.time(i)
      if i < T - 1 {
        let (here, later) = (t * B + share.streams.lowerBound, window.time(i + 1) * B + share.streams.lowerBound)
        for group in weights.hidden {
          group.transposed[0].product(
            share.streams.count, dz + later * row + group.gates.place * H, aRow: row, into: dh + here * P, cRow: P,
            from: KS_CONTINUE, share)
        }
      }
      backward(window, time: t, previous: i > 0 ? window.time(i - 1) : nil, share)
      share.meetAfterTimeStep()
    }
  }
}
