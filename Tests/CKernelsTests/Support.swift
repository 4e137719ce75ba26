import CKernels
import Testing

/// The instruction sets that this machine has, slowest first.
let instructionSets: [String] = {
  var names: [String] = []
  while let name = ks_kernels_name_at(names.count) {
    names.append(String(cString: name))
  }
  return names
}()

/// The instruction sets and their naive twin, for what must hold of each by itself.
let implementations = instructionSets + ["naive"]

/// The kernels of an implementation.
func kernels(_ name: String) throws -> ks_kernels {
  name == "naive" ? naive : try #require(ks_kernels_named(name)).pointee
}

/// The twins that every instruction set is compared with.
var naive: ks_kernels { ks_naive_kernels().pointee }

/// Every length from none to beyond four vectors, so that each tail is met after 0, 1, 2, 3 and 4 whole vectors.
let lengths = 0...67

/// The first place where two lists differ in their bits, or nil. All NaN are alike: which of two operands a NaN is
/// taken from differs between processors.
func difference(_ a: [Float], _ b: [Float]) -> String? {
  if a.count != b.count { return "\(a.count) and \(b.count) values" }
  for index in a.indices where a[index].bitPattern != b[index].bitPattern {
    if a[index].isNaN && b[index].isNaN { continue }
    return "index \(index): \(hex(a[index])) and \(hex(b[index]))"
  }
  return nil
}

/// The same bits, or both NaN.
func same(_ a: Double, _ b: Double) -> Bool {
  a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
}

private func hex(_ x: Float) -> String {
  "\(x) (0x\(String(x.bitPattern, radix: 16)))"
}
