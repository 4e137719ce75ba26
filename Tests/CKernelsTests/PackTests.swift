import CKernels
import Foundation
import Testing

@Suite struct PackTests {
  /// Sizes on both sides of every tile's height and every panel's width.
  static let rows = [0, 1, 2, 3, 4, 6, 7, 12, 13, 25]
  static let columns = [0, 1, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129]

  @Test(arguments: instructionSets, [KS_FROM_ZERO, KS_FROM_BIAS, KS_CONTINUE])
  func aPackedProductHasTheNaiveBits(name: String, start: ks_start) throws {
    let set = try kernels(name)
    for m in Self.rows {
      for n in Self.columns {
        for (k, layout) in zip([0, 1, 3, 4, 5, 16, 33], Layout.allCases + Layout.allCases + Layout.allCases) {
          try expectNaiveBits(set, Product(m, n, k, layout), start)
        }
      }
    }
  }

  /// Chains that wait in c between two blocks of the contracted index.
  @Test(arguments: instructionSets, [KS_FROM_ZERO, KS_FROM_BIAS, KS_CONTINUE])
  func longChainsOfAPackedProductHaveTheNaiveBits(name: String, start: ks_start) throws {
    let set = try kernels(name)
    for (m, n) in [(1, 130), (7, 3), (13, 70), (30, 33)] {
      for (k, layout) in zip([511, 512, 513], Layout.allCases) {
        try expectNaiveBits(set, Product(m, n, k, layout), start)
      }
    }
  }

  /// A matrix that lies transposed is packed as if it had been turned around before.
  @Test(arguments: implementations)
  func theOrderDoesNotDependOnTheStrides(name: String) throws {
    let set = try kernels(name)
    for k in [0, 1, 2, 15, 16, 17, 33, 50] {
      for n in Self.columns {
        let b = randomFloats(k * n, seed: UInt64(1000 * k + n))
        let straight = Packed(set, k, n, b, bRow: n, bColumn: 1)
        let turned = (0..<n).flatMap { j in (0..<k).map { i in b[i * n + j] } }
        #expect(straight.isIntact, "\(k) x \(n)")
        #expect(straight.bits == Packed(set, k, n, turned, bRow: 1, bColumn: k).bits, "\(k) x \(n), transposed")
        let apart = b.flatMap { [$0, .nan] }
        #expect(straight.bits == Packed(set, k, n, apart, bRow: 2 * n, bColumn: 2).bits, "\(k) x \(n), apart")
      }
    }
  }

  /// Arrays that end where memory does: a read beyond one of them would crash.
  @Test(arguments: instructionSets)
  func nothingBeyondTheArraysIsRead(name: String) throws {
    let set = try kernels(name)
    for (m, n, k) in [(1, 1, 5), (1, 33, 7), (5, 21, 4), (7, 100, 3), (17, 3, 20), (20, 7, 17), (330, 9, 130)] {
      for layout in [Layout.rowMajor, .transposed] {
        let product = Product(m, n, k, layout)
        let (a, b, bias) = (try PageEnd(product.a), try PageEnd(product.b), try PageEnd(product.bias))
        let c = try PageEnd(product.c)
        set.product(
          m, n, k, a.start, product.aRow, product.aColumn, b.start, product.bRow, c.start, product.cRow, KS_FROM_BIAS,
          bias.start)
        let expected = product.result(naive, from: KS_FROM_BIAS).values
        #expect(difference(c.values, expected) == nil, "\(m) \(n) \(k)")

        let packed = try PageEnd([Float](repeating: .nan, count: (set.packed_count(k, n) + 15) / 16 * 16))
        set.pack(k, n, b.start, product.bRow, 1, packed.start)
        set.product_packed(
          m, n, k, a.start, product.aRow, product.aColumn, packed.start, c.start, product.cRow, KS_FROM_BIAS, bias.start
        )
        #expect(difference(c.values, expected) == nil, "\(m) \(n) \(k), packed")

        let turned = try PageEnd((0..<n).flatMap { j in (0..<k).map { i in product.b[i * product.bRow + j] } })
        set.pack(k, n, turned.start, 1, k, packed.start)
        set.product_packed(
          m, n, k, a.start, product.aRow, product.aColumn, packed.start, c.start, product.cRow, KS_FROM_BIAS, bias.start
        )
        #expect(difference(c.values, expected) == nil, "\(m) \(n) \(k), packed from its transposed")
      }
    }
  }

  private func expectNaiveBits(_ set: ks_kernels, _ product: Product, _ start: ks_start) throws {
    let (m, n, k) = (product.m, product.n, product.k)
    let packed = Packed(set, k, n, product.b, bRow: product.bRow, bColumn: 1)
    #expect(packed.isIntact, "packing wrote past the ends, \(k) x \(n)")
    let expected = product.result(naive, from: start)
    let actual = product.result(from: start) { c, bias in
      set.product_packed(
        m, n, k, product.a, product.aRow, product.aColumn, packed.start, c, product.cRow, start, bias)
    }
    #expect(actual.isIntact && difference(actual.values, expected.values) == nil, "\(m) \(n) \(k)")
  }
}

/// A packed matrix at an address that is a multiple of 64, with marks behind it.
private final class Packed {
  private static let mark: Float = 77
  private static let zone = 64
  let start: UnsafeMutablePointer<Float>
  private let count: Int

  init(_ set: ks_kernels, _ k: Int, _ n: Int, _ b: [Float], bRow: Int, bColumn: Int) {
    count = set.packed_count(k, n)
    start = UnsafeMutableRawPointer.allocate(byteCount: 4 * (count + Self.zone), alignment: 64)
      .bindMemory(to: Float.self, capacity: count + Self.zone)
    start.initialize(repeating: Self.mark, count: count + Self.zone)
    set.pack(k, n, b, bRow, bColumn, start)
  }

  deinit { start.deallocate() }

  var bits: [UInt32] { (0..<count).map { start[$0].bitPattern } }
  var isIntact: Bool { (count..<count + Self.zone).allSatisfy { start[$0] == Self.mark } }
}

/// Floats whose last one is the last of a page; the page behind it can be neither read nor written.
private final class PageEnd {
  let start: UnsafeMutablePointer<Float>
  private let count: Int
  private let mapping: UnsafeMutableRawPointer
  private let length: Int

  init(_ values: [Float]) throws {
    let page = Int(getpagesize())
    let pages = (4 * values.count + page - 1) / page
    count = values.count
    length = (pages + 1) * page
    let mapped = try #require(mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0))
    try #require(mapped != MAP_FAILED && mprotect(mapped + pages * page, page, PROT_NONE) == 0)
    mapping = mapped
    start = (mapped + pages * page - 4 * count).bindMemory(to: Float.self, capacity: count)
    for (index, value) in values.enumerated() { start[index] = value }
  }

  deinit { munmap(mapping, length) }

  var values: [Float] { (0..<count).map { start[$0] } }
}
