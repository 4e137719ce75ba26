import CKernels

/// A weight matrix as products read it: packed into the instruction set's own order, once a step, in blocks of columns
/// that each thread packs for itself.
///
/// Its columns are those of one or more gates, H each; a thread that has some of the hidden units has these columns of
/// every gate.
final class PackedMatrix {
  /// Columns that lie side by side in the product, too.
  private struct Block {
    let columns: Range<Int>
    let packed: UnsafeMutablePointer<Float>
  }

  private let kernels: Kernels
  private let rows: Int
  private let source: UnsafePointer<Float>
  private let rowStride: Int
  private let columnStride: Int
  /// A matrix this small is read where it is.
  private let isPlain: Bool
  /// One list a thread.
  private let blocks: [[Block]]
  private let memory: FloatBuffer

  /// The matrix b [rows, gates · H] with b(i, j) = source[i · rowStride + j · columnStride].
  ///
  /// - Parameter shares: one a thread.
  init(
    _ kernels: Kernels, _ source: UnsafePointer<Float>, rows: Int, gates: Int = 1, units: Int, rowStride: Int,
    columnStride: Int = 1, shares: [Share]
  ) throws {
    self.kernels = kernels
    self.rows = rows
    self.source = source
    self.rowStride = rowStride
    self.columnStride = columnStride
    isPlain = columnStride == 1 && rows * gates * units <= Self.mostPlain
    let ranges = shares.map { share in
      shares.count == 1
        ? [0..<gates * units]
        : (0..<gates).map { gate in
          let own = share.columns(units)
          return gate * units + own.lowerBound..<gate * units + own.upperBound
        }.filter { !$0.isEmpty }
    }
    let sizes = ranges.joined().map { (kernels.table.pointee.packed_count(rows, $0.count) + 15) / 16 * 16 }
    memory = try FloatBuffer(count: isPlain ? 0 : sizes.reduce(0, +))
    var next = memory.pointer
    var waiting = sizes[...]
    blocks = ranges.map { ranges in
      ranges.map { columns in
        defer { next += waiting.removeFirst() }
        return Block(columns: columns, packed: next)
      }
    }
  }

  /// Packs this thread's blocks.
  func pack(_ share: Share) {
    if isPlain { return }
    for block in blocks[share.index] {
      kernels.table.pointee.pack(
        rows, block.columns.count, source + block.columns.lowerBound * columnStride, rowStride, columnStride,
        block.packed)
    }
  }

  /// c [m, columns] = start + a [m, rows] · b, in the columns that are this thread's in the passes through time.
  @inline(__always)
  func product(
    _ m: Int, _ a: UnsafePointer<Float>, aRow: Int, into c: UnsafeMutablePointer<Float>, cRow: Int,
    from start: ks_start, bias: UnsafePointer<Float>? = nil, _ share: Share
  ) {
    if share.split == .units || blocks.count == 1 {
      product(blocks[share.index], m, a, aRow, c, cRow, start, bias)
    } else {
      for part in blocks { product(part, m, a, aRow, c, cRow, start, bias) }
    }
  }

  @inline(__always)
  private func product(
    _ blocks: [Block], _ m: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ c: UnsafeMutablePointer<Float>, _ cRow: Int,
    _ start: ks_start, _ bias: UnsafePointer<Float>?
  ) {
    for block in blocks {
      let (first, n) = (block.columns.lowerBound, block.columns.count)
      if isPlain {
        kernels.table.pointee.product(
          m, n, rows, a, aRow, 1, source + first, rowStride, c + first, cRow, start, bias.map { $0 + first })
      } else {
        kernels.table.pointee.product_packed(
          m, n, rows, a, aRow, 1, block.packed, c + first, cRow, start, bias.map { $0 + first })
      }
    }
  }

  /// Floats that stay in the first-level cache wherever they lie.
  private static let mostPlain = 4_096
}
