import CKernels

/// Limits on the gradients before an update.
public struct Clipping: Sendable, Hashable {
  /// The global norm is at most this: `torch.nn.utils.clip_grad_norm_`. Nil for no limit.
  public var norm: Double?
  /// Each gradient is at most this in size: `torch.nn.utils.clip_grad_value_`, after the norm's. Nil for no limit.
  public var value: Double?

  /// No limits, or these.
  public init(norm: Double? = nil, value: Double? = nil) {
    self.norm = norm
    self.value = value
  }
}

extension Network {
  /// Clips the gradients, whose norm is `gradientNorm`.
  public func clip(_ clipping: Clipping, gradientNorm: Double) {
    guard clipping.norm != nil || clipping.value != nil else { return }
    // PyTorch adds 1e-6 so that it never divides by zero.
    let scale = clipping.norm.map { min(1, $0 / (gradientNorm + 1e-6)) } ?? 1
    let bound = clipping.value.map { Float($0) } ?? .infinity
    for entry in directory.entries {
      kernels.table.pointee.clip(entry.count, gradients.pointer + entry.offset, Float(scale), bound)
    }
  }
}
