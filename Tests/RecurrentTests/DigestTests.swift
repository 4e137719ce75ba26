import Recurrent
import Testing

/// The bits of whole trainings, under every instruction set and against literals.
///
/// A literal here changes only together with `KS_NUMERICS_VERSION`: stored runs resume bit for bit, or are refused.
@Suite struct DigestTests {
  @Test func literalsBelongToThisVersionOfTheNumerics() {
    #expect(numericsVersion == 1)
  }

  @Test(arguments: implementations)
  func seed(name: String) throws {
    let configuration = NetworkConfiguration(inputSize: 1, hiddenSize: 32, outputSize: 1)
    let digest = try digest(configuration, name, length: SineWindow.length, batchSize: 1) {
      SineWindow.step($0, batchSize: 1)
    }
    #expect(digest == "3d2507f6869a214f")
  }

  @Test(arguments: implementations)
  func fiveStreamsOfThirtyThreeHiddenUnits(name: String) throws {
    let configuration = NetworkConfiguration(inputSize: 1, hiddenSize: 33, outputSize: 1)
    let digest = try digest(configuration, name, length: SineWindow.length, batchSize: 5) {
      SineWindow.step($0, batchSize: 5)
    }
    #expect(digest == "4b5ff1c58826696b")
  }

  @Test(arguments: implementations)
  func reluWithoutBiasAndWithManyInputsAndOutputs(name: String) throws {
    let configuration = NetworkConfiguration(
      inputSize: 3, hiddenSize: 21, outputSize: 5, nonlinearity: .relu, hasBias: false, biases: .one)
    let digest = try digest(configuration, name, length: 7, batchSize: 3) { step in
      (numbers(63, salt: step), numbers(105, salt: 2 * step))
    }
    #expect(digest == "9dd2db8ce41c7859")
  }

  /// 200 steps: every loss and gradient norm, then the parameters, both moments and the carried state.
  private func digest(
    _ configuration: NetworkConfiguration, _ name: String, length: Int, batchSize: Int,
    data: (Int) -> (x: [Float], y: [Float])
  ) throws -> String {
    let trainer = try Trainer(configuration, kernels: try kernels(name), length: length, batchSize: batchSize)
    var digest = Digest()
    for step in 1...200 {
      let (x, y) = data(step)
      let result = trainer.step(step, x, y)
      try #require(result.finite)
      digest.add(result.loss)
      digest.add(result.norm)
    }
    for buffer in [
      trainer.network.parameters, trainer.optimizer.moments[0].buffer, trainer.optimizer.moments[1].buffer,
    ] {
      for tensor in trainer.network.directory.tensors(in: buffer) { digest.add(tensor.values) }
    }
    digest.add(try #require(try trainer.window.carried["H"]))
    return String(digest.value, radix: 16)
  }
}
