import Crypto
import Foundation

/// The history of a run up to a step as 32 bytes: a chain with one SHA-256 link a step.
///
/// `link(0)` is 32 zero bytes. `link(s) = SHA-256(link(s - 1) ‖ rows of step s)`, and the rows are
///
/// 1. the step row: `step` as a little-endian int64, then `loss`, `learning_rate` and `gradient_norm` as little-endian
///    float64 (32 bytes; `train_seconds` is left out, so that equal runs have equal digests), and, if it has an accuracy,
///    the letter `A` and `accuracy` as a little-endian float64;
/// 2. for each evaluation of the step, in ascending order of the bytes of `split`: the letter `E`, `split` in UTF-8, a
///    zero byte, `loss` as a little-endian float64, and, if it has an accuracy, the letter `A` and `accuracy` likewise;
/// 3. for each hidden state of the step, in ascending order of the bytes of `name`: the letter `H`, `name` in UTF-8, a
///    zero byte, the shape as JSON without spaces, a zero byte, the values as little-endian float32.
///
/// A row without an accuracy adds what it added before there were any, so the digests of version 1 stay. An `A` can only
/// belong to what stands right before it. A fork goes on from its parent's link. This is a public part of the schema and
/// never changes.
public struct HistoryDigest: Hashable, Sendable {
  /// The link as it lies in memory, 4 times 8 bytes.
  private var link: SIMD4<UInt64>

  /// The history of an untrained network: 32 zero bytes.
  public static let start = HistoryDigest(link: .zero)

  private init(link: SIMD4<UInt64>) {
    self.link = link
  }

  /// The chain that goes on from a checkpoint's `history_digest`.
  ///
  /// - throws: `StoreError` unless `hex` is 64 lower-case hexadecimal digits.
  public init(hex: String) throws {
    guard let bytes = Hexadecimal.bytes(hex), bytes.count == 32 else {
      throw StoreError(.invalid, "history digest \"\(hex)\" is not 64 lower-case hexadecimal digits")
    }
    link = bytes.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    withUnsafeBytes(of: link) { Hexadecimal.text($0) }
  }

  /// Adds the link of a step that was neither evaluated nor its hidden state recorded. Allocates nothing itself.
  public mutating func append(step: StepRecord) {
    if step.accuracy != nil { return end(begin(step, [])) }
    let head = HistoryHead(link: link, step: step)
    let digest = withUnsafeBytes(of: head) { SHA256.hash(data: $0) }
    link = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
  }

  /// Adds the link of a step with its evaluations and hidden states, in any order.
  public mutating func append(
    step: StepRecord, evaluations: [EvaluationRecord], hiddenStates: [HiddenStateRecord]
  ) {
    if evaluations.isEmpty, hiddenStates.isEmpty { return append(step: step) }
    var hash = begin(step, evaluations)
    for state in hiddenStates.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      state.values.withUnsafeBufferPointer {
        Self.add(HiddenStateView(name: state.name, shape: state.shape, values: $0), to: &hash)
      }
    }
    end(hash)
  }

  /// Adds the link of a step whose hidden states lie in a trainer's own memory, in any order; nothing is copied.
  public mutating func append(step: StepRecord, evaluations: [EvaluationRecord], hiddenViews: [HiddenStateView]) {
    if evaluations.isEmpty, hiddenViews.isEmpty { return append(step: step) }
    var hash = begin(step, evaluations)
    for view in hiddenViews.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      Self.add(view, to: &hash)
    }
    end(hash)
  }

  private func begin(_ step: StepRecord, _ evaluations: [EvaluationRecord]) -> SHA256 {
    var hash = SHA256()
    withUnsafeBytes(of: HistoryHead(link: link, step: step)) { hash.update(bufferPointer: $0) }
    Self.add(accuracy: step.accuracy, to: &hash)
    for evaluation in evaluations.sorted(by: { $0.split.utf8.lexicographicallyPrecedes($1.split.utf8) }) {
      hash.update(data: Data("E\(evaluation.split)\0".utf8))
      withUnsafeBytes(of: HistoryHead.bits(evaluation.loss)) { hash.update(bufferPointer: $0) }
      Self.add(accuracy: evaluation.accuracy, to: &hash)
    }
    return hash
  }

  private static func add(accuracy: Double?, to hash: inout SHA256) {
    guard let accuracy else { return }
    withUnsafeBytes(of: UInt8(ascii: "A")) { hash.update(bufferPointer: $0) }
    withUnsafeBytes(of: HistoryHead.bits(accuracy)) { hash.update(bufferPointer: $0) }
  }

  private static func add(_ view: HiddenStateView, to hash: inout SHA256) {
    hash.update(data: Data("H\(view.name)\0\(FloatBlob.json(view.shape))\0".utf8))
    FloatBlob.withLittleEndianBytes(view.values) { hash.update(bufferPointer: $0) }
  }

  private mutating func end(_ hash: SHA256) {
    link = hash.finalize().withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
  }
}

/// A hidden state where it lies, for `HistoryDigest`; the memory must outlive the call it is passed to.
public struct HiddenStateView {
  /// `H`, with layer and direction suffixes.
  public var name: String
  /// [B, H].
  public var shape: [Int]
  /// Row-major.
  public var values: UnsafeBufferPointer<Float>

  /// A view.
  public init(name: String, shape: [Int], values: UnsafeBufferPointer<Float>) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// The first 64 bytes of every link's input, in the order of memory: 32 of the former link, 32 of the step row.
private struct HistoryHead {
  var link: SIMD4<UInt64>
  var row: SIMD4<UInt64>

  init(link: SIMD4<UInt64>, step: StepRecord) {
    self.link = link
    row = SIMD4(
      UInt64(bitPattern: Int64(step.step)).littleEndian, Self.bits(step.loss), Self.bits(step.learningRate),
      Self.bits(step.gradientNorm))
  }

  /// A canonical number's bits: adding zero turns minus zero, which no REAL column keeps, into zero.
  static func bits(_ value: Double) -> UInt64 {
    (value + 0.0).bitPattern.littleEndian
  }
}
