import CKernels

/// A weight matrix as products read it: packed into the instruction set's own order, once a step, in blocks of columns
/// that each thread packs for itself.
///
/// Its columns are those of one or more gates, H each; a thread that has some of the hidden units has these columns of
/// every gate.
struct PackedMatrix: BitwiseCopyable {
  /// Columns that lie side by side in the product, too.
  struct Block: BitwiseCopyable {
    let first: Int
    let count: Int
    let packed: UnsafeMutablePointer<Float>
  }

  private let kernels: Kernels
  private let rows: Int
  private let source: UnsafePointer<Float>
  private let rowStride: Int
  private let columnStride: Int
  /// A matrix this small is read where it is.
  private let isPlain: Bool
  /// `gateCount` blocks a thread.
  private let blocks: UnsafeBufferPointer<Block>
  private let gateCount: Int

  /// The matrix b [rows, gates · H] with b(i, j) = source[i · rowStride + j · columnStride].
  ///
  /// - Parameter shares: one a thread.
  init(
    _ kernels: Kernels, _ source: UnsafePointer<Float>, rows: Int, gates: Int = 1, units: Int, rowStride: Int,
    columnStride: Int = 1, shares: [Share], holder: inout Holder
  ) throws {
    self.kernels = kernels
    self.rows = rows
    self.source = source
    self.rowStride = rowStride
    self.columnStride = columnStride
    isPlain = columnStride == 1 && rows * gates * units <= Self.mostPlain
    // A single thread has the columns of all gates in one block.
    gateCount = shares.count == 1 ? 1 : gates
    let width = shares.count == 1 ? gates * units : units
    var blocks: [Block] = []
    for share in shares {
      let own = share.columns(width)
      for gate in 0..<gateCount {
        let count = isPlain ? 0 : kernels.table.pointee.packed_count(rows, own.count)
        blocks.append(
          Block(first: gate * width + own.lowerBound, count: own.count, packed: try holder.buffer(count)))
      }
    }
    self.blocks = holder.pin(blocks)
  }

  /// Packs this thread's blocks.
  func pack(_ share: Share) {
    if isPlain { return }
    for index in ownBlocks(share) where blocks[index].count > 0 {
      let block = blocks[index]
      kernels.table.pointee.pack(
        rows, block.count, source + block.first * columnStride, rowStride, columnStride, block.packed)
    }
  }

  private func ownBlocks(_ share: Share) -> Range<Int> {
    share.index * gateCount..<(share.index + 1) * gateCount
  }

  /// c [m, columns] = start + a [m, rows] · b, in the columns that are this thread's in the passes through time.
  @inline(__always)
  func product(
    _ m: Int, _ a: UnsafePointer<Float>, aRow: Int, into c: UnsafeMutablePointer<Float>, cRow: Int,
    from start: ks_start, bias: UnsafePointer<Float>? = nil, _ share: Share
  ) {
    for index in share.split == .units ? ownBlocks(share) : 0..<blocks.count {
      let block = blocks[index]
      if isPlain {
        kernels.table.pointee.product(
          m, block.count, rows, a, aRow, 1, source + block.first, rowStride, c + block.first, cRow, start,
          bias.map { $0 + block.first })
      } else {
        kernels.table.pointee.product_packed(
          m, block.count, rows, a, aRow, 1, block.packed, c + block.first, cRow, start, bias.map { $0 + block.first })
      }
    }
  }

  /// Floats that stay in the first-level cache wherever they lie.
  private static let mostPlain = 4_096
}
