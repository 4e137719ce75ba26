import ArrayFiles
import Foundation
import Testing

struct NPZFileTests {
  @Test func roundTripKeepsOrderNamesShapesAndBits() throws {
    #expect(bits(try NPZFile.decode(try NPZFile.encode(samples), source: "f")) == bits(samples))
    #expect(try NPZFile.decode(try NPZFile.encode([]), source: "f").isEmpty)
  }

  @Test func numpyReadsTheSameBits() throws {
    try withFolder { folder in
      let path = folder + "/w.npz"
      try NPZFile.encode(samples).write(to: URL(fileURLWithPath: path))
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

  @Test func numpyReadsIntegersAndTexts() throws {
    try withFolder { folder in
      let path = folder + "/w.npz"
      try NPZFile.encode(npy: [
        ("rows", NPYFile.encode(integers: [0, -1, .max, .min])), ("none", NPYFile.encode(integers: [])),
        ("days", NPYFile.encode(texts: ["2024-02-29", "", "größe 𝄞"])), ("blank", NPYFile.encode(texts: [""])),
        ("empty", NPYFile.encode(texts: [])),
      ]).write(to: URL(fileURLWithPath: path))
      let read = try python(
        """
        import sys, numpy
        for name, a in numpy.load(sys.argv[1], allow_pickle=False).items():
            print(name, a.dtype.str, a.tolist())
        """, [path])
      #expect(
        read == """
          rows <i8 [0, -1, 9223372036854775807, -9223372036854775808]
          none <i8 []
          days <U10 ['2024-02-29', '', 'größe 𝄞']
          blank <U1 ['']
          empty <U1 []

          """)
    }
  }

  @Test func entriesCarryNoTimeOfThisMachine() throws {
    try withFolder { folder in
      let path = folder + "/w.npz"
      try NPZFile.encode(samples).write(to: URL(fileURLWithPath: path))
      let stamps = try python(
        """
        import sys, zipfile
        z = zipfile.ZipFile(sys.argv[1])
        assert z.testzip() is None
        print({(i.date_time, i.compress_type) for i in z.infolist()})
        """, [path])
      #expect(stamps == "{((1980, 1, 1, 0, 0, 0), 0)}\n")
      #expect(try NPZFile.encode(samples) == Data(contentsOf: URL(fileURLWithPath: path)))
    }
  }

  @Test(arguments: ["savez", "savez_compressed"]) func numpysFilesAreRead(_ function: String) throws {
    try withFolder { folder in
      let path = folder + "/w.npz"
      try python(
        """
        import sys, numpy
        a = numpy.arange(200000, dtype='<f4').reshape(400, 500) / 7
        arrays = {'W_xh': a, 'turned': a.T[:3], 'b_h': numpy.array([0.1, -0.0, 3]), 'model.scalar': numpy.float32(2.5)}
        getattr(numpy, sys.argv[2])(sys.argv[1], **arrays)
        """, [path, function])
      let arrays = try read(path)
      let large = (0..<200_000).map { Float($0) / 7 }
      let turned = (0..<3).flatMap { column in (0..<400).map { large[$0 * 500 + column] } }
      let expected = [
        NamedArray(name: "W_xh", shape: [400, 500], values: large),
        NamedArray(name: "turned", shape: [3, 400], values: turned),
        NamedArray(name: "b_h", shape: [3], values: [0.1, -0.0, 3]),
        NamedArray(name: "model.scalar", shape: [], values: [2.5]),
      ]
      #expect(bits(arrays) == bits(expected))
    }
  }

  /// Zip files made by Python's zipfile; what `expected` says is part of the message.
  @Test(arguments: [
    ("z.writestr('readme.txt', 'hello')", "the zip file holds \"readme.txt\", which is no array (.npy)"),
    ("z.writestr('m/data.pkl', 'hello')", "the zip file holds \"m/data.pkl\", which is no array (.npy)"),
    ("z.writestr('.npy', array)", "the zip file holds \".npy\", which is no array (.npy)"),
    ("z.writestr('folder.npy/', '')", "the zip file holds \"folder.npy/\", which is no array (.npy)"),
    ("z.writestr('a.npy', '')", "array \"a\": it ends inside its header, after 0 bytes"),
    ("z.writestr('a.npy', 'hello')", "array \"a\": it does not start as a NumPy array (.npy) does"),
    ("z.writestr('a.npy', array[:-1])", "array \"a\": shape [2] of <f4 needs 8 bytes of values, there are 7"),
    (
      "z.writestr('a.npy', array + bytes(1 << 28))",
      "array \"a\": shape [2] of <f4 needs 8 bytes of values, the file holds more"
    ),
    (
      "z.writestr('a.npy', array.replace(b'(2,)', b'(9' + b'9' * 11 + b',)'))",
      "it asks for 3999999999996 bytes, at most"
    ),
    ("z.writestr('a.npy', array.replace(b\"'<f4'\", b\"'|O' \"))", "its data type is \"|O\", pickled Python objects"),
    ("z.writestr('a.npy', array.replace(b'(2,)', b'(0,)'))", "shape [0] has a dimension of 0, below 1"),
    ("z.writestr('a.npy', array[:-1] + b'\\x7f\\x80'[::-1])", "shape [2] of <f4 needs 8 bytes of values"),
  ])
  func forgedEntriesAreRefused(_ python: String, _ expected: String) throws {
    try withFolder { folder in
      let error = try refusal { _ = try read(try zip(folder, python)) }
      #expect(error.message.hasPrefix("\(folder)/w.npz: "))
      #expect(error.message.contains(expected))
    }
  }

  private func read(_ path: String) throws -> [NamedArray] {
    try NPZFile.decode(try Data(contentsOf: URL(fileURLWithPath: path)), source: path)
  }

  /// Runs `body` with `z`, an open zip file, and `array`, an array file of two values; returns the file's path.
  private func zip(_ folder: String, _ body: String, after: String = "pass") throws -> String {
    let path = folder + "/w.npz"
    try python(
      """
      import io, sys, numpy, warnings, zipfile
      warnings.simplefilter('ignore')
      path = sys.argv[1]
      f = io.BytesIO()
      numpy.save(f, numpy.array([1, 2], '<f4'))
      array = f.getvalue()
      with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
          \(body)
      \(after)
      """, [path])
    return path
  }

  @Test func encryptedEntriesAreRefused() throws {
    try withFolder { folder in
      // The flag of encryption, in the entry's header and in the directory.
      let path = try zip(
        folder, "z.writestr('a.npy', array)",
        after: """
          raw = bytearray(open(path, 'rb').read())
          raw[6] |= 1
          raw[raw.index(b'PK\\x01\\x02') + 8] |= 1
          open(path, 'wb').write(raw)
          """)
      let error = try refusal { _ = try read(path) }
      #expect(error.message == "\(path): entry \"a.npy\" is encrypted")
    }
  }

  @Test func damagedBytesAreNoticedByTheirChecksum() throws {
    let data = try NPZFile.encode([samples[0]])
    var damaged = data
    let last = littleEndian([samples[0].values[34]])
    let place = try #require(data.range(of: last)).lowerBound
    damaged[place] ^= 1
    let error = try refusal { _ = try NPZFile.decode(damaged, source: "f") }
    #expect(error.message.hasPrefix("f: array \"W_xh\": the zip file cannot be read: "))
  }

  @Test func aNameMayStandTwiceButIsNotWrittenTwice() throws {
    try withFolder { folder in
      let path = try zip(folder, "z.writestr('a.npy', array); z.writestr('a.npy', array)")
      #expect(try read(path).map(\.name) == ["a", "a"])
    }
    let bad: [(names: [String], message: String)] = [
      (["a", "b", "a"], "there are two arrays of the name \"a\""), (["a", ""], "\"\" is no name for an array"),
      (["a\0b"], "\"a\\0b\" is no name for an array"),
    ]
    for (names, message) in bad {
      let arrays = names.map { NamedArray(name: $0, shape: [], values: [1]) }
      #expect(try refusal { _ = try NPZFile.encode(arrays) }.message == message)
    }
  }

  @Test func onlyWhatIsWantedIsLookedAt() throws {
    try withFolder { folder in
      let path = try zip(
        folder, "z.writestr('bad.npy', 'hello'); z.writestr('a.npy', array); z.writestr('cut.npy', array[:-1])")
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(try NPZFile.names(data, source: "f") == ["bad", "a", "cut"])
      #expect(
        try NPZFile.decode(data, source: "f") { $0 == "a" } == [NamedArray(name: "a", shape: [2], values: [1, 2])])
      let shapes = try NPZFile.shapes(data, source: "f")
      #expect(shapes.map(\.name) == ["bad", "a", "cut"])
      #expect(throws: ArrayFileError.self) { try shapes[0].shape.get() }
      // The header of the third is whole; that its values are not, shows when they are read.
      #expect(try shapes[1].shape.get() == [2] && shapes[2].shape.get() == [2])
      #expect(try NPZFile.shapes(data, source: "f") { $0 == "a" }.count == 1)
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let data = try NPZFile.encode(samples)
    for length in 0..<data.count {
      #expect(try refusal { _ = try NPZFile.decode(data.prefix(length), source: "f") }.message.hasPrefix("f: "))
    }
  }

  @Test(arguments: ["savez", "savez_compressed"]) func mutationsAreReadOrRefused(_ function: String) throws {
    let data = try withFolder { folder in
      try python(
        """
        import sys, numpy
        a = numpy.arange(9, dtype='<f4').reshape(3, 3)
        getattr(numpy, sys.argv[2])(sys.argv[1], a=a, b=numpy.ones(4))
        """,
        [folder + "/w.npz", function])
      return try Data(contentsOf: URL(fileURLWithPath: folder + "/w.npz"))
    }
    var random = SplitMix64(state: 3)
    var refused = 0
    for _ in 0..<10_000 {
      do {
        expectSound(try NPZFile.decode(mutated(data, &random), source: "f"))
      } catch is ArrayFileError {
        refused += 1
      }
    }
    #expect(refused > 2500)
  }
}
