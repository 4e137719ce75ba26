import Recurrent
import Testing
import Training

@Suite struct FeedbackTests {
  private static func forecasting(_ change: (inout Hyperparameters) -> Void = { _ in }) -> Hyperparameters {
    var hyperparameters = Hyperparameters()
    hyperparameters.data = "waves.csv"
    hyperparameters.inputs = ["rain", "flow", "level"]
    hyperparameters.targets = ["level", "flow"]
    hyperparameters.shift = 2
    change(&hyperparameters)
    return hyperparameters
  }

  @Test func whichTargetBecomesWhichInput() throws {
    let feedback = try Feedback(Self.forecasting(), of: "r")
    #expect(feedback.targets == [nil, 1, 0] && feedback.others == ["rain"] && feedback.shift == 2)
  }

  static let refusals: [Refusal<Hyperparameters>] = [
    Refusal("its shift is 0, so that it predicts \"level\", \"flow\" of the very row") { $0.shift = 0 },
    Refusal("second direction") { $0.isBidirectional = true },
    Refusal("its target \"level\" is a class") {
      $0.targets = ["level"]
      $0.loss = .crossEntropy
    },
    Refusal("the sine task") { $0.data = "sine" },
  ]

  @Test(arguments: refusals) func aNetworkThatCannotRunAheadIsRefused(refusal: Refusal<Hyperparameters>) throws {
    let error = try #require(throws: TrainingError.self) {
      _ = try Feedback(Self.forecasting(refusal.change), of: "r")
    }
    #expect(error.message.hasPrefix("run r cannot forecast: ") && error.message.contains(refusal.words))
    #expect(error.hint != nil)
  }
}
