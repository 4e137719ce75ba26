/// A tensor that left the network's flat buffers: a name, a shape and its values in row-major order.
///
/// This is the form in which weights travel between a network, a store and files of other programs. Names are
/// the textbook's (`W_xh` [I, H], `W_hh` [H, H], `b_h` [H], `W_hq` [H, O], `b_q` [O]).
public struct NamedTensor: Hashable, Sendable {
  /// The textbook's name, `W_hh`, or another program's.
  public var name: String
  /// For example [H, H].
  public var shape: [Int]
  /// Row-major, as many as the product of `shape`.
  public var values: [Float]

  /// A tensor; `values` are as many as the product of `shape`.
  public init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}
