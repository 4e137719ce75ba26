import Recurrent
import Testing

/// The bits of 100 training steps of every cell, under every instruction set and any number of threads, and against
/// literals, which change only together with `KS_NUMERICS_VERSION`.
@Suite struct CellDigestTests {
  /// A network in training.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let configuration: NetworkConfiguration
    let length: Int
    let batchSize: Int
    let digest: String
    var testDescription: String { name }
  }

  /// Two layers and two directions with dropout, of sizes that are no multiple of 16.
  static let cells = [
    Case(
      name: "rnn tanh", configuration: deep(.rnn), length: 5, batchSize: 3, digest: "4632b5576107b8c7"),
    Case(
      name: "rnn relu", configuration: deep(.rnn, nonlinearity: .relu), length: 5, batchSize: 3,
      digest: "996aa48ea03dc3a9"),
    Case(name: "lstm", configuration: deep(.lstm), length: 5, batchSize: 3, digest: "7cbd4d8bcbfe9659"),
    Case(
      name: "lstm projected", configuration: deep(.lstm, projection: 6), length: 5, batchSize: 3,
      digest: "f3620d41a321df96"),
    Case(name: "gru", configuration: deep(.gru), length: 5, batchSize: 3, digest: "b9a127a6f6d5b8f7"),
    Case(
      name: "gru without bias", configuration: deep(.gru, bias: false), length: 5, batchSize: 3,
      digest: "a815c34ec2cb66f9"),
  ]

  /// Large enough that two threads and more share the work: by streams, by hidden units.
  static let shared = [
    Case(
      name: "rnn by streams", configuration: wide(.rnn, hidden: 130), length: 6, batchSize: 16,
      digest: "e9621390b2e3a27a"),
    Case(
      name: "rnn by units", configuration: wide(.rnn, hidden: 345), length: 4, batchSize: 3, digest: "eee3e93b6f3324ba"),
    Case(
      name: "lstm by streams", configuration: wide(.lstm, hidden: 70), length: 6, batchSize: 16,
      digest: "d804863ec7a79dcb"),
    Case(
      name: "lstm by units", configuration: wide(.lstm, hidden: 256), length: 3, batchSize: 2,
      digest: "df78e8b94e5cd8ae"),
    Case(
      name: "lstm projected, by streams", configuration: wide(.lstm, hidden: 70, projection: 30), length: 6,
      batchSize: 17, digest: "74d0db69324dfda8"),
    Case(
      name: "gru by streams", configuration: wide(.gru, hidden: 70), length: 6, batchSize: 16,
      digest: "ab9b8f875bee7e94"),
    Case(
      name: "gru by units", configuration: wide(.gru, hidden: 260), length: 3, batchSize: 2, digest: "689fb501e568ed84"),
    Case(
      name: "gru, both directions", configuration: wide(.gru, hidden: 257, both: true), length: 3, batchSize: 2,
      digest: "7374ab08e3c2072e"),
  ]

  static func deep(
    _ cell: CellKind, nonlinearity: Nonlinearity = .tanh, bias: Bool = true, projection: Int = 0
  ) -> NetworkConfiguration {
    NetworkConfiguration(
      cell: cell, inputSize: 2, hiddenSize: 19, outputSize: 3, numLayers: 2, nonlinearity: nonlinearity, hasBias: bias,
      dropout: 0.3, isBidirectional: true, projectionSize: projection)
  }

  static func wide(_ cell: CellKind, hidden: Int, projection: Int = 0, both: Bool = false) -> NetworkConfiguration {
    NetworkConfiguration(
      cell: cell, inputSize: 3, hiddenSize: hidden, outputSize: 2, numLayers: 2, dropout: 0.25, isBidirectional: both,
      projectionSize: projection)
  }

  @Test(arguments: cells, implementations)
  func everyInstructionSetGivesTheSameBits(network: Case, name: String) throws {
    let found = try digest(network, try kernels(name), steps: 100)
    #expect(found == network.digest)
  }

  @Test(arguments: shared, [1, 2, 3, 8])
  func anyNumberOfThreadsGivesTheSameBits(network: Case, threads: Int) throws {
    var kernels = try Kernels()
    kernels.threads = threads
    let plan = ThreadPlan(
      network.configuration, window: network.length, batchSize: network.batchSize, threads: threads)
    #expect(plan.count == threads, "the case is too small to be split")
    let found = try digest(network, kernels, steps: 100)
    #expect(found == network.digest)
  }

  @Test(arguments: shared, implementations)
  func anyInstructionSetAndThreeThreadsToo(network: Case, name: String) throws {
    var (one, three) = (try kernels(name), try kernels(name))
    (one.threads, three.threads) = (1, 3)
    #expect(try digest(network, one, steps: 3) == digest(network, three, steps: 3))
  }

  /// Every loss and gradient norm, then the parameters, the moments and the carried states.
  private func digest(_ network: Case, _ kernels: Kernels, steps: Int) throws -> String {
    let trainer = try Trainer(
      network.configuration, kernels: kernels, length: network.length, batchSize: network.batchSize,
      learningRate: 0.003)
    let rows = network.length * network.batchSize
    var digest = Digest()
    for step in 1...steps {
      let result = trainer.step(
        step, numbers(rows * network.configuration.inputSize, salt: step),
        numbers(rows * network.configuration.outputSize, salt: 2 * step))
      try #require(result.finite)
      digest.add(result.loss)
      digest.add(result.norm)
    }
    for buffer in [trainer.network.parameters] + trainer.optimizer.moments.map(\.buffer) {
      for tensor in trainer.network.directory.tensors(in: buffer) { digest.add(tensor.values) }
    }
    let carried = try trainer.window.carried
    for entry in trainer.window.states.entries { digest.add(try #require(carried[entry.name])) }
    return String(digest.value, radix: 16)
  }
}
