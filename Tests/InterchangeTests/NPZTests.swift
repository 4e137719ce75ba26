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

  @Test func metadataStandInTheCommentAndAreNoArray() throws {
    try withFolder { folder in
      let path = folder + "/w.npz"
      let metadata = ["run": "größe \"1\"\u{1B}", "step": "300", "targets": #"["a/b","c"]"#]
      try WeightFile.write(samples, metadata: metadata, to: path)
      let read = try python(
        """
        import json, sys, numpy, zipfile
        with numpy.load(sys.argv[1], allow_pickle=False) as arrays:
            print(arrays.files, all(a.dtype == '<f4' for a in dict(arrays).values()))
        file = zipfile.ZipFile(sys.argv[1])
        assert file.testzip() is None
        print(json.loads(file.comment) == json.loads(sys.argv[2]))
        """, [path, String(decoding: try JSONEncoder().encode(metadata), as: UTF8.self)])
      let names = samples.map { "'\($0.name)'" }.joined(separator: ", ")
      #expect(read == "[\(names)] True\nTrue\n")
      #expect(try WeightFile.read(path: path) == samples)
      #expect(try NPZ.encode(samples, metadata: metadata) == Data(contentsOf: URL(fileURLWithPath: path)))
    }
  }

  @Test func metadataBeyondTheRoomOfACommentLoseTheirLongest() throws {
    let columns = (0..<4000).map { "column \($0)" }.joined(separator: ",")
    for length in [0, 1, 15_900, 16_000, 70_000] {
      let metadata = ["step": "300", "inputs": columns, "targets": String(repeating: "t", count: length)]
      let data = try NPZ.encode(samples, metadata: metadata)
      #expect(try NPZ.decode(data, source: "f") == samples)
      #expect(data.range(of: Data(#""step":"300""#.utf8)) != nil)
      #expect(data.range(of: Data(#""inputs""#.utf8)) == nil)
      #expect((data.range(of: Data(#""targets""#.utf8)) != nil) == (length < 15_950))
    }
  }

  @Test func columnsBecomeArraysOfTheirKind() throws {
    try withFolder { folder in
      let path = folder + "/p.npz"
      try NPZ.encode(columns: [
        NamedColumn(name: "row", values: .integers([0, 16_777_217])),
        NamedColumn(name: "flow", values: .floats([0.1, .nan])), NamedColumn(name: "day", values: .texts(["a", "é"])),
        NamedColumn(name: "error", values: .doubles([0.1, .nan])),
      ]).write(to: URL(fileURLWithPath: path))
      let read = try python(
        """
        import sys, numpy
        for name, a in numpy.load(sys.argv[1], allow_pickle=False).items():
            print(name, a.dtype.str, a.tolist())
        """, [path])
      #expect(
        read == "row <i8 [0, 16777217]\nflow <f4 [0.10000000149011612, nan]\nday <U1 ['a', 'é']\nerror <f8 [0.1, nan]\n"
      )
    }
    let twice = [NamedColumn(name: "a", values: .floats([])), NamedColumn(name: "a", values: .texts([]))]
    let error = try refusal { _ = try NPZ.encode(columns: twice) }
    #expect(error.message.hasPrefix("there are two columns \"a\"") && error.hint != nil)
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
