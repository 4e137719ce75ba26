import Recurrent
import Testing

@Suite struct TensorDirectoryTests {
  private let configuration = NetworkConfiguration(inputSize: 3, hiddenSize: 5, outputSize: 2)

  @Test func fiveTensorsOfTheTextbookInTheirShapes() {
    let entries = TensorDirectory(configuration).entries
    #expect(entries.map(\.name) == ["W_xh", "W_hh", "b_h", "W_hq", "b_q"])
    #expect(entries.map(\.shape) == [[3, 5], [5, 5], [5], [5, 2], [2]])
    #expect(entries.map(\.count) == [15, 25, 5, 10, 2])
    #expect(entries.map(\.multiplicity) == [1, 1, 2, 1, 1])
  }

  @Test func switchesRemoveBiasesAndTheirMultiplicity() {
    var changed = configuration
    changed.biases = .one
    #expect(TensorDirectory(changed).entries.map(\.multiplicity) == [1, 1, 1, 1, 1])
    changed.hasBias = false
    #expect(TensorDirectory(changed).entries.map(\.name) == ["W_xh", "W_hh", "W_hq", "b_q"])
    changed.hasOutputBias = false
    #expect(TensorDirectory(changed).entries.map(\.name) == ["W_xh", "W_hh", "W_hq"])
    #expect(TensorDirectory(changed).entry("b_h") == nil)
  }

  @Test(arguments: [1, 15, 16, 17, 33])
  func tensorsStandOnCacheLinesAndDoNotOverlap(hidden: Int) {
    let directory = TensorDirectory(NetworkConfiguration(inputSize: 3, hiddenSize: hidden, outputSize: 2))
    var end = 0
    for entry in directory.entries {
      #expect(entry.offset % 16 == 0 && entry.offset >= end && entry.offset < end + 16)
      #expect(entry.count == entry.shape.reduce(1, *))
      end = entry.offset + entry.count
      #expect(directory.entry(entry.name) == entry)
    }
    #expect(directory.count >= end && directory.count < end + 16)
  }

  @Test func whatIsLoadedComesOutAgainAndMinusZerosAreZeros() throws {
    let directory = TensorDirectory(configuration)
    let buffer = try FloatBuffer(count: directory.count)
    var tensors = filled(directory)
    tensors[1].values[3] = -0.0
    try directory.load(tensors.reversed(), into: buffer)
    tensors[1].values[3] = 0
    let found = directory.tensors(in: buffer)
    #expect(found == tensors)
    #expect(found[1].values[3].bitPattern == 0)
    let inside = directory.entries.flatMap { Array($0.offset..<$0.offset + $0.count) }
    #expect(Set(0..<directory.count).subtracting(inside).allSatisfy { buffer.pointer[$0] == 0 }, "gaps stay zero")
  }

  @Test func checkedTensorsComeInTheDirectorysOrder() throws {
    let directory = TensorDirectory(configuration)
    let tensors = filled(directory)
    #expect(try directory.check(tensors.reversed()) == tensors)
  }

  @Test(arguments: Fault.allCases)
  func faultyTensorsAreRefusedAndChangeNothing(fault: Fault) throws {
    let directory = TensorDirectory(configuration)
    let buffer = try FloatBuffer(count: directory.count)
    let before = numbers(directory.count, salt: 5)
    buffer.set(before)
    let tensors = fault.applied(to: filled(directory))
    let error = try #require(throws: RecurrentError.self) { try directory.load(tensors, into: buffer) }
    #expect(throws: error) { try directory.check(tensors) }
    for part in fault.named {
      #expect(error.message.contains(part), "\(error.message)")
    }
    #expect(sameBits(buffer.values, before))
  }

  private func filled(_ directory: TensorDirectory) -> [NamedTensor] {
    directory.entries.enumerated().map { index, entry in
      NamedTensor(name: entry.name, shape: entry.shape, values: numbers(entry.count, salt: index))
    }
  }
}

/// What can be wrong with loaded tensors; the last tensor carries it, after all others would have been copied.
enum Fault: CaseIterable {
  case missing
  case unknown
  case duplicate
  case transposed
  case wrongCount
  case notANumber
  case infinite

  func applied(to tensors: [NamedTensor]) -> [NamedTensor] {
    var tensors = tensors
    switch self {
    case .missing: tensors.removeLast()
    case .unknown: tensors.append(NamedTensor(name: "W_xh_l1", shape: [2, 2], values: [1, 2, 3, 4]))
    case .duplicate: tensors.append(tensors[4])
    case .transposed: tensors[3].shape.reverse()
    case .wrongCount: tensors[4].values.append(1)
    case .notANumber: tensors[4].values[1] = .nan
    case .infinite: tensors[4].values[1] = -.infinity
    }
    return tensors
  }

  /// What the message must name.
  var named: [String] {
    switch self {
    case .missing: ["\"b_q\" [2]", "none of that name", "W_hq"]
    case .unknown: ["\"W_xh_l1\" [2, 2]", "W_hh [5, 5]"]
    case .duplicate: ["\"b_q\" [2]", "2 of that name"]
    case .transposed: ["\"W_hq\"", "[2, 5]", "[5, 2]"]
    case .wrongCount: ["\"b_q\"", "3 values", "[2]"]
    case .notANumber: ["\"b_q\"", "value 1", "nan"]
    case .infinite: ["\"b_q\"", "value 1", "-inf"]
    }
  }
}
