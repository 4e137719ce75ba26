import Foundation
import Recurrent
import Testing

/// 60 learning rates of each of PyTorch's schedules.
@Suite struct GoldenScheduleTests {
  /// `Golden/schedules.json`.
  struct Golden: Decodable {
    let steps: Int
    let schedules: [Schedule]

    static let shared = Result { try goldenFile("schedules", as: Golden.self) }
    static let count = (try? shared.get().schedules.count) ?? 1
  }

  struct Schedule: Decodable {
    let scheduler: String
    let learningRate: Double
    let options: Options
    let rates: [Double]
    let evaluateEvery: Int?
    let evaluations: [Double]?
  }

  struct Options: Decodable {
    var stepSize: Int?
    var gamma: Double?
    var tMax: Int?
    var etaMin: Double?
    var totalSteps: Int?
    var pctStart: Double?
    var annealStrategy: String?
    var factor: Double?
    var patience: Int?
    var startFactor: Double?
    var totalIters: Int?
    var maxLr: Double?
  }

  @Test(arguments: 0..<Golden.count)
  func ratesArePyTorchs(number: Int) throws {
    let golden = try Golden.shared.get()
    let schedule = golden.schedules[number]
    let rate = try learningRate(schedule)
    var plateau = PlateauState()
    #expect(schedule.rates.count == golden.steps)
    for step in 1...golden.steps {
      let found = rate.rate(step: step, plateau: plateau)
      let expected = schedule.rates[step - 1]
      // PyTorch multiplies step by step where this is a closed form: a few roundings of double.
      #expect(abs(found - expected) <= 1e-12 * expected, "\(schedule.scheduler), step \(step)")
      if case .plateau(let settings) = rate.schedule, let every = schedule.evaluateEvery, step % every == 0 {
        plateau.observe(try #require(schedule.evaluations)[step / every - 1], settings)
      }
    }
  }

  private func learningRate(_ golden: Schedule) throws -> LearningRate {
    let options = golden.options
    var rate = LearningRate(options.maxLr ?? golden.learningRate)
    switch golden.scheduler {
    case "StepLR":
      rate.schedule = .step(size: try #require(options.stepSize), gamma: try #require(options.gamma))
    case "ExponentialLR": rate.schedule = .exponential(gamma: try #require(options.gamma))
    case "CosineAnnealingLR":
      rate.schedule = .cosine(steps: try #require(options.tMax), minimum: options.etaMin ?? 0)
    case "OneCycleLR":
      var cycle = OneCycle(steps: try #require(options.totalSteps))
      cycle.risingPart = options.pctStart ?? cycle.risingPart
      cycle.isLinear = options.annealStrategy == "linear"
      rate.schedule = .oneCycle(cycle)
    case "ReduceLROnPlateau":
      var plateau = Plateau()
      plateau.factor = options.factor ?? plateau.factor
      plateau.patience = options.patience ?? plateau.patience
      rate.schedule = .plateau(plateau)
    case "LinearLR":
      rate.warmUpSteps = try #require(options.totalIters)
      rate.warmUpStart = try #require(options.startFactor)
    default: Issue.record("there is no schedule \(golden.scheduler)")
    }
    return rate
  }
}
