import CKernels

/// A layer's weights as the passes through time read them.
struct LayerWeights: BitwiseCopyable {
  /// One gate group's.
  struct Group: BitwiseCopyable {
    let gates: GateGroup
    /// What the group's chains start with.
    let start: ks_start
    let bias: UnsafePointer<Float>?
    /// The bias's place in the flat buffers; negative where there is none.
    let biasOffset: Int
    /// For each part of the input (or for H): the rows of W_xh (or W_hh) that it meets, and these transposed.
    let weights: UnsafeBufferPointer<PackedMatrix>
    let transposed: UnsafeBufferPointer<PackedMatrix>
  }

  let hiddenSize: Int
  let stateSize: Int
  /// Floats of a row of Z.
  let rowLength: Int
  let input: UnsafeBufferPointer<Group>
  let hidden: UnsafeBufferPointer<Group>

  /// Z where the products leave it: an RNN's is where its H will be.
  func preactivations(_ window: LayerWindow) -> UnsafeMutablePointer<Float> {
    window.hasGates ? window.gates : window.states
  }

  /// ∂L/∂Z: an RNN's is where ∂L/∂H was.
  func preactivationGradients(_ window: LayerWindow) -> UnsafeMutablePointer<Float> {
    window.hasGates ? window.gates : window.hiddenGradient
  }
}
