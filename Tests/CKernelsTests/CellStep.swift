import CKernels
import Foundation
import Testing

/// The cells that have kernels of their own.
enum CellKind: CaseIterable {
  case lstm
  case gru
}

/// One unit of a cell in Double: the textbook's equations (Hochreiter and Schmidhuber 1997; Cho et al. 2014, in
/// PyTorch's form).
struct CellEquations {
  /// The four gates afterwards.
  let activations: [Double]
  /// The LSTM's cell state; NaN for GRU.
  let c: Double
  /// The hidden state.
  let h: Double

  init(_ kind: CellKind, _ z: [Float], _ previous: Float) {
    self.init(kind, z.map(Double.init), Double(previous))
  }

  /// `previous` is the LSTM's c or the GRU's h.
  init(_ kind: CellKind, _ z: [Double], _ previous: Double) {
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    switch kind {
    case .lstm:
      let (i, f, g, o) = (sigmoid(z[0]), sigmoid(z[1]), tanh(z[2]), sigmoid(z[3]))
      c = f * previous + i * g
      h = o * tanh(c)
      activations = [i, f, g, o]
    case .gru:
      let (r, u) = (sigmoid(z[0]), sigmoid(z[1]))
      let n = tanh(z[2] + r * z[3])
      c = .nan
      h = (1 - u) * n + u * previous
      activations = [r, u, n, z[3]]
    }
  }
}

/// The arrays of one time step: what is written stands between guards, and there may be gaps between rows and gates.
struct CellStep {
  let kind: CellKind
  let (rows, n): (Int, Int)
  private let (gatesRow, gateStride, stateRow): (Int, Int, Int)

  private(set) var gates: Guarded
  /// dc, or the GRU's dh_previous.
  private(set) var carriedOver: Guarded
  private var (c, tanhC, h): (Guarded, Guarded, Guarded)
  private var (previous, dh): ([Float], [Float])

  /// `floats` makes an array's values from their number and a seed.
  init(_ kind: CellKind, rows: Int, n: Int, gap: Int, floats: (Int, UInt64) -> [Float]) {
    (self.kind, self.rows, self.n) = (kind, rows, n)
    gateStride = n + gap
    gatesRow = 4 * n + 5 * gap
    stateRow = n + 2 * gap
    // Each array ends with its last element, so that a read beyond it is one beyond the array.
    let gateCount = (rows - 1) * gatesRow + 3 * gateStride + n
    let stateCount = (rows - 1) * stateRow + n
    gates = Guarded(floats(gateCount, 11))
    carriedOver = Guarded(floats(stateCount, 12))
    (c, tanhC, h) = (Guarded(unwritten: stateCount), Guarded(unwritten: stateCount), Guarded(unwritten: stateCount))
    (previous, dh) = (floats(stateCount, 13), floats(stateCount, 14))
  }

  /// (row, column) of every unit.
  var units: [(row: Int, column: Int)] { (0..<rows).flatMap { row in (0..<n).map { (row, $0) } } }

  func gates(of unit: (row: Int, column: Int)) -> [Float] {
    let values = gates.values
    return (0..<4).map { values[unit.row * gatesRow + $0 * gateStride + unit.column] }
  }
  func c(of unit: (row: Int, column: Int)) -> Float { c.values[place(of: unit)] }
  func tanhC(of unit: (row: Int, column: Int)) -> Float { tanhC.values[place(of: unit)] }
  func h(of unit: (row: Int, column: Int)) -> Float { h.values[place(of: unit)] }
  func previous(of unit: (row: Int, column: Int)) -> Float { previous[place(of: unit)] }
  func dh(of unit: (row: Int, column: Int)) -> Float { dh[place(of: unit)] }
  func carried(of unit: (row: Int, column: Int)) -> Float { carriedOver.values[place(of: unit)] }

  private func place(of unit: (row: Int, column: Int)) -> Int { unit.row * stateRow + unit.column }

  mutating func setPrevious(_ value: Float) {
    previous = [Float](repeating: value, count: previous.count)
  }

  mutating func shrinkGradients(to value: Float) {
    dh = [Float](repeating: value, count: dh.count)
    carriedOver = Guarded([Float](repeating: value, count: dh.count))
  }

  mutating func forward(_ set: ks_kernels) {
    gates.withPointer { gates in
      h.withPointer { h in
        switch kind {
        case .lstm:
          c.withPointer { c in
            tanhC.withPointer { set.lstm(rows, n, gates, gatesRow, gateStride, previous, c, $0, h, stateRow) }
          }
        case .gru: set.gru(rows, n, gates, gatesRow, gateStride, previous, h, stateRow)
        }
      }
    }
    expectIntact()
  }

  mutating func backward(_ set: ks_kernels, carries: Bool = true) {
    gates.withPointer { gates in
      carriedOver.withPointer { carried in
        switch kind {
        case .lstm:
          set.lstm_backward(rows, n, gates, gatesRow, gateStride, previous, tanhC.values, dh, carried, stateRow)
        case .gru:
          set.gru_backward(rows, n, gates, gatesRow, gateStride, previous, dh, carries ? carried : nil, stateRow)
        }
      }
    }
    expectIntact()
  }

  /// The first difference, or nil.
  func difference(from other: CellStep) -> String? {
    let pairs = [
      ("gates", gates, other.gates), ("carried", carriedOver, other.carriedOver), ("c", c, other.c),
      ("tanh_c", tanhC, other.tanhC), ("h", h, other.h),
    ]
    for (name, mine, its) in pairs {
      if let found = CKernelsTests.difference(mine.values, its.values) { return "\(name), \(found)" }
    }
    return nil
  }

  /// Have the places between the rows and between the gates kept the bits of `start`?
  func keepsGaps(of start: CellStep) -> Bool {
    let (mine, its) = (gates.values, start.gates.values)
    let inGates = mine.indices.filter { $0 % gatesRow % max(gateStride, 1) >= n || $0 % gatesRow >= 4 * gateStride }
    let inStates = h.values.indices.filter { $0 % max(stateRow, 1) >= n }
    return inGates.allSatisfy { mine[$0].bitPattern == its[$0].bitPattern } && inStates.allSatisfy(h.isUnwritten)
  }

  private func expectIntact() {
    #expect(
      gates.isIntact && carriedOver.isIntact && c.isIntact && tanhC.isIntact && h.isIntact,
      "wrote past the ends, \(rows) x \(n)")
  }
}
