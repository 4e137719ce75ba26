import Foundation
import Interchange
import Recurrent
import Testing

/// The format itself is tested in `ArrayFilesTests`; here is what tensors ask of it.
struct NPZTests {
  @Test func roundTripKeepsOrderNamesShapesAndBits() throws {
    let tensors = try NPZ.decode(try NPZ.encode(samples), source: "f")
    #expect(tensors == samples)
    #expect(bits(tensors) == bits(samples))
    #expect(try NPZ.decode(try NPZ.encode([]), source: "f").isEmpty)
  }

  @Test func numpyReadsTheSameBits() throws {
    try withFolder { folder in
      let path = folder + "/w.npz"
      try WeightFile.write(samples, metadata: [:], to: path)
      let read = try python(
        """
        import sys, numpy
        for name, a in numpy.load(sys.argv[1]).items():
            assert a.dtype == '<f4'
            print(name, list(a.shape), a.view('<u4').ravel().tolist())
        """, [path])
      #expect(read == samples.map { "\($0.name) \($0.shape) \($0.values.map(\.bitPattern))\n" }.joined())
    }
  }

  @Test func oneNameForTwoTensorsIsRefused() throws {
    let tensors = [samples[0], samples[1], samples[0]]
    #expect(
      try refusal { _ = try NPZ.encode(tensors) }.message == "weights: there are two tensors of the name \"W_xh\"")
    try withFolder { folder in
      let path = folder + "/w.npz"
      try python(
        """
        import io, sys, numpy, warnings, zipfile
        warnings.simplefilter('ignore')
        f = io.BytesIO()
        numpy.save(f, numpy.array([1, 2], '<f4'))
        with zipfile.ZipFile(sys.argv[1], 'w') as z:
            z.writestr('a.npy', f.getvalue()); z.writestr('a.npy', f.getvalue())
        """, [path])
      let error = try refusal { _ = try WeightFile.read(path: path) }
      #expect(error.message == "\(path): there are two tensors of the name \"a\"")
    }
  }

  @Test func valuesThatAreNotFiniteAreRefused() throws {
    try withFolder { folder in
      let path = folder + "/w.npz"
      try python("import sys, numpy; numpy.savez(sys.argv[1], a=numpy.array([1, numpy.inf], '<f4'))", [path])
      let error = try refusal { _ = try WeightFile.read(path: path) }
      #expect(error.message == "\(path): tensor \"a\", index [1]: inf is not a finite float32")
      #expect(error.hint == "take weights from before the training diverged")
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let data = try NPZ.encode(samples)
    for length in 0..<data.count {
      #expect(try refusal { _ = try NPZ.decode(data.prefix(length), source: "f") }.message.hasPrefix("f: "))
    }
  }
}
