import Foundation
import Interchange
import Recurrent
import Testing

/// The format itself is tested in `ArrayFilesTests`; here is what a tensor asks of it.
struct NPYTests {
  @Test func roundTripKeepsBits() throws {
    for tensor in samples {
      let data = try NPY.encode(tensor)
      #expect(bits([try NPY.decode(data, name: tensor.name, source: "f")]) == bits([tensor]))
      #expect(try NPY.decode(data, name: tensor.name, source: "f") == tensor)
    }
  }

  @Test func minusZeroBecomesZero() throws {
    let data = try NPY.encode(NamedTensor(name: "t", shape: [2], values: [-0.0, 1]))
    #expect(bits([try NPY.decode(data, name: "t", source: "f")]) == [[0, Float(1).bitPattern]])
  }

  @Test func errorsOfTheFormatArriveHere() throws {
    let data = try NPY.encode(samples[0])
    let error = try refusal { _ = try NPY.decode(data.dropLast(), name: "t", source: "f") }
    #expect(error.message == "f: array \"t\": shape [5, 7] of <f4 needs 140 bytes of values, there are 139")
    #expect(error.hint == "the file is cut off, damaged or forged")
  }

  @Test func valuesThatAreNotFiniteAreRefused() throws {
    var data = try NPY.encode(NamedTensor(name: "t", shape: [2, 2], values: [1, 2, 3, 4]))
    data.replaceSubrange(data.count - 12..<data.count - 8, with: littleEndian([Float.nan]))
    #expect(
      try refusal { _ = try NPY.decode(data, name: "t", source: "f") }.message
        == "f: tensor \"t\", index [0, 1]: nan is not a finite float32")
    let diverged = NamedTensor(name: "t", shape: [2], values: [1, .infinity])
    #expect(
      try refusal { _ = try NPY.encode(diverged) }.message
        == "weights: tensor \"t\", index [1]: inf is not a finite float32")
  }
}
