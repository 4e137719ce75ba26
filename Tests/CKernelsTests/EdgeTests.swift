import CKernels
import Foundation
import Testing

/// No kernel touches memory beyond its arrays: each array ends at, or begins after, a page that must not be touched.
/// A kernel that does so ends the whole test program with a signal.
@Suite struct EdgeTests {
  @Test(arguments: implementations, [true, false])
  func noKernelTouchesWhatIsBeyondItsArrays(name: String, atEnd: Bool) throws {
    let set = try kernels(name)
    let arrays = try (0..<8).map { _ in try PageArray(capacity: 4 * 67 + 8) }
    for n in lengths {
      let x = arrays.map { $0.place(n, atEnd: atEnd) }
      for map in Map.allCases { map.of(set)(n, x[0], x[1]) }
      for map in BackwardMap.allCases { map.of(set)(n, x[0], x[1], x[2]) }
      for loss in Loss.allCases { _ = loss.of(set)(n, x[0], x[1], x[2]) }
      _ = set.sum_of_squares(n, x[0])
      set.clip(n, x[0], 0.5, 1)
      var mask = ks_dropout_mask(seed: 1, step: 2, purpose: 9, below: 1 << 31, scale: 2)
      for first in 0..<4 as Range<UInt64> { set.dropout(n, &mask, first, x[0], x[1]) }
      for rule in Rule.all {
        switch rule {
        case .adam(var scalars): _ = set.adam(n, x[0], x[1], x[2], x[3], &scalars)
        case .sgd(var scalars, _): _ = set.sgd(n, x[0], x[1], x[3], &scalars)
        case .rmsprop(var scalars, _): _ = set.rmsprop(n, x[0], x[1], x[2], x[3], &scalars)
        }
      }
      // Four rows of n, which are four gates as well, and one row of four times as many.
      let wide = arrays.map { $0.place(4 * n, atEnd: atEnd) }
      set.column_sums(4, n, wide[0], n, x[1])
      set.column_sums(1, 4 * n, wide[0], 4 * n, wide[1])
      set.lstm(1, n, wide[0], 4 * n, n, x[1], x[2], x[3], x[4], n)
      set.lstm_backward(1, n, wide[0], 4 * n, n, x[1], x[2], x[3], x[4], n)
      set.gru(1, n, wide[0], 4 * n, n, x[1], x[2], n)
      set.gru_backward(1, n, wide[0], 4 * n, n, x[1], x[2], x[3], n)
      if n > 0 {
        var correct = 0
        let targets = arrays[7].place(4, atEnd: atEnd)
        for row in 0..<4 { targets[row] = Float(row * (n - 1) / 3) }
        _ = set.cross_entropy(4, n, wide[0], targets, wide[1], &correct)
      }
    }
  }
}

/// Memory between two pages that must not be touched.
private final class PageArray {
  private let base: UnsafeMutableRawPointer
  private let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
  private let size: Int

  /// Room for `capacity` floats, all zero.
  init(capacity: Int) throws {
    size = (capacity * 4 + pageSize - 1) / pageSize * pageSize
    let whole = size + 2 * pageSize
    let mapped = mmap(nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    base = try #require(mapped == MAP_FAILED ? nil : mapped)
    try #require(mprotect(base, pageSize, PROT_NONE) == 0)
    try #require(mprotect(base + pageSize + size, pageSize, PROT_NONE) == 0)
  }

  deinit {
    munmap(base, size + 2 * pageSize)
  }

  /// `count` floats right before the page at the end, or right after the one at the beginning.
  func place(_ count: Int, atEnd: Bool) -> UnsafeMutablePointer<Float> {
    let first = base + pageSize + (atEnd ? size - 4 * count : 0)
    return first.bindMemory(to: Float.self, capacity: count)
  }
}
