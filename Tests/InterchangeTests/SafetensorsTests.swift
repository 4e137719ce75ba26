import Foundation
import Interchange
import Recurrent
import Testing

struct SafetensorsTests {
  @Test func roundTripKeepsOrderNamesShapesAndBits() throws {
    let metadata = ["run": "sine", "quote": "\"\\\n é", "": "empty"]
    let data = try Safetensors.encode(samples, metadata: metadata)
    let (tensors, read) = try Safetensors.decode(data, source: "file")
    #expect(tensors == samples)
    #expect(bits(tensors) == bits(samples))
    #expect(read == metadata)
  }

  @Test func equalArgumentsGiveEqualBytesAndAlignedValues() throws {
    for length in 0..<9 {
      let metadata = ["k": String(repeating: "x", count: length), "a": "1", "b": "2"]
      let data = try Safetensors.encode(samples, metadata: metadata)
      #expect(try Safetensors.encode(samples, metadata: metadata) == data)
      #expect(data[0] % 8 == 0)
    }
  }

  @Test func noTensorsAreAFileToo() throws {
    let data = try Safetensors.encode([], metadata: [:])
    #expect(data == littleEndian(UInt64(8)) + Data("{}      ".utf8))
    #expect(try Safetensors.decode(data, source: "file").tensors.isEmpty)
  }

  /// A reader of a dozen lines, as anyone would write it in Python.
  @Test func pythonReadsTheSameBits() throws {
    try withFolder { folder in
      let path = folder + "/w.safetensors"
      try WeightFile.write(samples, metadata: ["step": "300"], to: path)
      let read = try python(
        """
        import json, struct, sys, numpy
        raw = open(sys.argv[1], 'rb').read()
        n = struct.unpack('<Q', raw[:8])[0]
        header = json.loads(raw[8:8 + n])
        assert header.pop('__metadata__') == {'step': '300'}
        for name, entry in header.items():
            begin, end = entry['data_offsets']
            a = numpy.frombuffer(raw[8 + n + begin:8 + n + end], '<f4').reshape(entry['shape'])
            print(name, list(a.shape), a.view('<u4').ravel().tolist())
        """, [path])
      let expected = samples.sorted { $0.name < $1.name }
        .map { "\($0.name) \($0.shape) \($0.values.map(\.bitPattern))\n" }.joined()
      #expect(read == expected)
    }
  }

  @Test func everyNumberTypeIsRoundedToFloat32() throws {
    let entries: [(type: String, bytes: Data, values: [Float])] = [
      ("F64", littleEndian((0.1).bitPattern) + littleEndian((-1e-60).bitPattern), [0.1, 0]),
      // 1, -2, the largest half, its smallest subnormal, its largest subnormal, minus zero.
      (
        "F16",
        [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x03FF, 0x8000].map { UInt16($0) }.reduce(Data()) { $0 + littleEndian($1) },
        [1, -2, 65504, 0x1p-24, 0x1.FF8p-15, 0]
      ),
      ("BF16", littleEndian(UInt16(0x3F80)) + littleEndian(UInt16(0xC049)), [1, -3.140625]),
      ("I64", littleEndian(Int64(-3)) + littleEndian(Int64(16_777_217)), [-3, 16_777_216]),
      ("I32", littleEndian(Int32(-3)) + littleEndian(Int32(7)), [-3, 7]),
    ]
    for entry in entries {
      let header = """
        {"t":{"dtype":"\(entry.type)","shape":[\(entry.values.count)],"data_offsets":[0,\(entry.bytes.count)]}}
        """
      let data = littleEndian(UInt64(header.utf8.count)) + Data(header.utf8) + entry.bytes
      let (tensors, _) = try Safetensors.decode(data, source: "file")
      #expect(tensors == [NamedTensor(name: "t", shape: [entry.values.count], values: entry.values)], "\(entry.type)")
      #expect(bits(tensors) == [entry.values.map(\.bitPattern)], "\(entry.type)")
    }
  }

  @Test func allHalvesAreExact() throws {
    let halves = (UInt16.min...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
    let header = """
      {"t":{"dtype":"F16","shape":[\(halves.count)],"data_offsets":[0,\(2 * halves.count)]}}
      """
    let bytes = halves.reduce(into: Data()) { $0.append(littleEndian($1)) }
    let data = littleEndian(UInt64(header.utf8.count)) + Data(header.utf8) + bytes
    let (tensors, _) = try Safetensors.decode(data, source: "file")
    try withFolder { folder in
      try bytes.write(to: URL(fileURLWithPath: folder + "/halves"))
      let expected = try python(
        """
        import sys, numpy
        numbers = numpy.fromfile(sys.argv[1], '<f2').astype('<f4') + numpy.float32(0)
        print(numbers.view('<u4').tolist())
        """, [folder + "/halves"])
      #expect("\(bits(tensors)[0])\n" == expected)
    }
  }

  @Test func minusZeroBecomesZero() throws {
    let tensor = NamedTensor(name: "t", shape: [2], values: [-0.0, 1])
    let data = try Safetensors.encode([tensor], metadata: [:])
    #expect(bits(try Safetensors.decode(data, source: "file").tensors) == [[0, Float(1).bitPattern]])
  }

  @Test func sliceOfALargerBufferIsRead() throws {
    let data = try Data([1, 2, 3]) + Safetensors.encode(samples, metadata: [:])
    #expect(try Safetensors.decode(data.dropFirst(3), source: "file").tensors == samples)
  }

  @Test func writingRefusesWhatIsNoTensor() throws {
    func message(_ tensors: NamedTensor...) throws -> String {
      try refusal { _ = try Safetensors.encode(tensors, metadata: [:]) }.message
    }
    let good = NamedTensor(name: "t", shape: [1], values: [1])
    #expect(try message(good, good) == "weights: there are two tensors of the name \"t\"")
    #expect(
      try message(NamedTensor(name: "t", shape: [2, 2], values: [1]))
        == "weights: tensor \"t\": shape [2, 2] asks for 4 values, there are 1")
    #expect(
      try message(NamedTensor(name: "t", shape: [2, 2], values: [1, 2, .nan, 3]))
        == "weights: tensor \"t\", index [1, 0]: nan is not a finite float32")
    #expect(try message(NamedTensor(name: "", shape: [1], values: [1])) == "weights: \"\" is no name for a tensor")
    #expect(
      try message(NamedTensor(name: "__metadata__", shape: [1], values: [1]))
        == "weights: __metadata__ is no name for a tensor in a safetensors file")
  }
}
