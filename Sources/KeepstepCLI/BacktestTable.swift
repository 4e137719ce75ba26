import RunStore
import Sequences
import Training

/// The errors of a backtest as rows of results: a line a forecast, over all steps ahead, or for each of them before.
struct BacktestTable {
  private let backtest: Backtest
  private let bySteps: Bool

  init(_ backtest: Backtest, bySteps: Bool) {
    self.backtest = backtest
    self.bySteps = bySteps
  }

  /// All of it.
  var table: ResultTable {
    let target = hasTargets ? ["target"] : []
    return ResultTable(
      columns: target + ["steps_ahead", "forecast", "forecasts", "mae", "rmse", "mase", "smape"],
      rows: backtest.targets.indices.flatMap { target in stretches.flatMap { rows($0, target) } })
  }

  private var hasTargets: Bool { backtest.targets.count > 1 }

  private var stretches: [ClosedRange<Int>] {
    let all = 1...backtest.horizon
    return bySteps && backtest.horizon > 1 ? all.map { $0...$0 } + [all] : [all]
  }

  private func rows(_ steps: ClosedRange<Int>, _ target: Int) -> [[StoreValue]] {
    let (first, last) = (steps.lowerBound, steps.upperBound)
    let ahead = StoreValue.text(first == last ? "\(first)" : "\(first) to \(last)")
    return backtest.methods.map { method in
      let errors = backtest.errors(method, target: target, steps: steps)
      let name = hasTargets ? [StoreValue.text(backtest.targets[target])] : []
      return name + [ahead, .text(method.title), .integer(Int64(errors.count))]
        + [errors.meanAbsolute, errors.rootMeanSquare, errors.meanAbsoluteScaled, errors.symmetricPercentage].map {
          StoreValue.optional($0)
        }
    }
  }
}

extension Backtest.Method {
  /// As a table says it.
  fileprivate var title: String {
    switch self {
    case .network: "network"
    case .naive: "naive"
    case .seasonalNaive(let season): "seasonal naive of \(season)"
    }
  }
}
