import ArrayFiles
import Foundation
import Testing

struct NPYFileTests {
  /// An array file with this header text.
  static func file(_ header: String, version: UInt8 = 1, values: Data) -> Data {
    let length = version == 1 ? littleEndian(UInt16(header.utf8.count)) : littleEndian(UInt32(header.utf8.count))
    return Data([0x93] + Array("NUMPY".utf8) + [version, 0]) + length + Data(header.utf8) + values
  }

  @Test func roundTripKeepsBits() throws {
    for array in samples {
      let data = try NPYFile.encode(array)
      #expect(bits([try NPYFile.decode(data, name: array.name, source: "f")]) == bits([array]))
    }
  }

  @Test func numpyWouldWriteTheSameBytes() throws {
    try withFolder { folder in
      for array in samples {
        let data = try NPYFile.encode(array)
        try littleEndian(array.values).write(to: URL(fileURLWithPath: folder + "/raw"))
        try python(
          """
          import sys, json, numpy
          a = numpy.fromfile(sys.argv[1] + '/raw', '<f4').reshape(json.loads(sys.argv[2]))
          numpy.save(sys.argv[1] + '/a.npy', a)
          """, [folder, "\(array.shape)"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/a.npy")) == data)
      }
    }
  }

  @Test func everyVersionTypeAndOrderOfNumPyIsRead() throws {
    try withFolder { folder in
      try python(
        """
        import sys, numpy
        a = (numpy.arange(24) - 5).reshape(2, 3, 4)
        for version in (1, 0), (2, 0), (3, 0):
            for descr in '<f2', '>f2', '<f4', '>f4', '<f8', '>f8', '<i4', '>i4', '<i8', '>i8':
                for order in 'C', 'F':
                    name = f'{version[0]}{descr[0].replace("<", "l").replace(">", "b")}{descr[1:]}{order}.npy'
                    with open(sys.argv[1] + '/' + name, 'wb') as f:
                        numpy.lib.format.write_array(f, numpy.array(a, descr, order=order), version)
        """, [folder])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.count == 60)
      for name in names {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        let expected = NamedArray(name: "a", shape: [2, 3, 4], values: (0..<24).map { Float($0 - 5) })
        #expect(try NPYFile.decode(data, name: "a", source: name) == expected, "\(name)")
      }
    }
  }

  @Test func keysStandInAnyOrder() throws {
    let header = "{\"shape\": ( 1 ,2 ),'descr':'<f4' , 'fortran_order':False}"
    let array = try NPYFile.decode(Self.file(header, values: littleEndian([1, 2])), name: "t", source: "f")
    #expect(array == NamedArray(name: "t", shape: [1, 2], values: [1, 2]))
  }

  static let notNumPys = [
    "", "{", "{}", "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': [2]}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': ''}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1",
    "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4, 'fortran_order': False, 'shape': (2,)}",
  ]

  @Test(arguments: notNumPys) func otherHeadersAreRefused(_ header: String) throws {
    let error = try refusal {
      _ = try NPYFile.decode(Self.file(header, values: littleEndian([1, 2])), name: "t", source: "f")
    }
    #expect(error.message.hasPrefix("f: array \"t\": its header \""))
    #expect(error.message.hasSuffix("is not one that NumPy writes for numbers"))
  }

  @Test func forgedSizesAndTypesAreRefused() throws {
    func message(_ descr: String, _ shape: String, bytes: Int = 8) throws -> String {
      let header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
      return try refusal {
        _ = try NPYFile.decode(Self.file(header, values: Data(count: bytes)), name: "t", source: "f")
      }
      .message
    }
    // 80 bytes of file that ask numpy for 32 GiB, and more than any machine has.
    #expect(try message("<f4", "(1099511627776,)").contains("it asks for 4398046511104 bytes, at most "))
    #expect(
      try message("<f4", "(4611686018427387904, 4)")
        == "f: array \"t\": shape [4611686018427387904, 4] asks for more values than any memory holds")
    #expect(try message("<f4", "(3,)") == "f: array \"t\": shape [3] of <f4 needs 12 bytes of values, there are 8")
    #expect(try message("<f4", "(1,)") == "f: array \"t\": shape [1] of <f4 needs 4 bytes of values, there are 8")
    #expect(try message("<f4", "(0,)") == "f: array \"t\": shape [0] has a dimension of 0, below 1")
    #expect(
      try message("|O", "(1,)").hasPrefix("f: array \"t\": its data type is \"|O\", pickled Python objects, read are"))
    for descr in ["|u1", "<c8", "f4", "=f4", "<f16", "<U4", ""] {
      #expect(
        try message(descr, "(1,)").hasPrefix(
          "f: array \"t\": its data type is \"\(descr)\", read are f2, f4, f8, i4, i8"))
    }
  }

  @Test func otherStartsAreRefused() throws {
    func message(_ data: Data) throws -> String {
      try refusal { _ = try NPYFile.decode(data, name: "t", source: "f") }.message
    }
    let good = try NPYFile.encode(samples[0])
    #expect(try message(Data("PK\u{3}\u{4}".utf8)).contains("does not start as a NumPy array"))
    #expect(
      try message(Data([0x93] + Array("NUMPY".utf8) + [4, 0] + [UInt8](repeating: 0, count: 90))).contains("4.0"))
    #expect(
      try message(Data([0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255]))
        == "f: array \"t\": its header has 4294967295 bytes, at most 65524 are read")
    for length in 0..<good.count {
      #expect(try message(good.prefix(length)).hasPrefix("f: array \"t\": "))
    }
  }

  @Test func floatsOfHalfTheSizeAreBudgetedAsWhatTheyBecome() throws {
    // As float16 they would just fit into a quarter of the memory.
    let count = Int(ProcessInfo.processInfo.physicalMemory / 4) / 2
    let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (\(count),), }"
    let error = try refusal {
      _ = try NPYFile.shape(startOf: Self.file(header, values: Data()), name: "t", source: "f")
    }
    #expect(error.message.contains("it asks for \(4 * count) bytes, at most "))
  }

  @Test func theHeaderAloneTellsTheShape() throws {
    let data = try NPYFile.encode(samples[3])
    #expect(try NPYFile.shape(startOf: data.prefix(128), name: "t", source: "f") == [2, 3, 4])
    let error = try refusal { _ = try NPYFile.shape(startOf: data.prefix(100), name: "t", source: "f") }
    #expect(error.message == "f: array \"t\": it ends inside its header, after 100 bytes")
  }

  @Test func aShapeThatDoesNotFitIsNotWritten() throws {
    let array = NamedArray(name: "t", shape: [2, 3], values: [1, 2])
    #expect(
      try refusal { _ = try NPYFile.encode(array) }.message
        == "array \"t\": shape [2, 3] asks for 6 values, there are 2")
  }

  @Test func mutationsAreReadOrRefused() throws {
    let data = try NPYFile.encode(samples[0])
    var random = SplitMix64(state: 2)
    var refused = 0
    for _ in 0..<20_000 {
      do {
        expectSound([try NPYFile.decode(mutated(data, &random), name: "t", source: "f")])
      } catch is ArrayFileError {
        refused += 1
      }
    }
    #expect(refused > 5000)
  }
}
