import Recurrent
import RunStore

/// The rows of `hyperparameters` that say how η changes.
extension Hyperparameters {
  var storedSchedule: [String: HyperparameterValue] {
    var rows: [String: HyperparameterValue] = [
      "schedule": .text(schedule.name), "warmup_steps": .integer(Int64(warmUpSteps)),
      "warmup_start": .real(warmUpStart),
    ]
    switch schedule {
    case .constant: break
    case .step(let size, let gamma):
      rows["schedule_steps"] = .integer(Int64(size))
      rows["schedule_gamma"] = .real(gamma)
    case .exponential(let gamma): rows["schedule_gamma"] = .real(gamma)
    case .cosine(let steps, let minimum):
      rows["schedule_steps"] = .integer(Int64(steps))
      rows["schedule_minimum"] = .real(minimum)
    case .oneCycle(let cycle): store(cycle, in: &rows)
    case .plateau(let plateau): store(plateau, in: &rows)
    }
    return rows
  }

  private func store(_ cycle: OneCycle, in rows: inout [String: HyperparameterValue]) {
    rows["schedule_steps"] = .integer(Int64(cycle.steps))
    rows["schedule_rising_part"] = .real(cycle.risingPart)
    rows["schedule_divisor"] = .real(cycle.divisor)
    rows["schedule_final_divisor"] = .real(cycle.finalDivisor)
    rows["schedule_linear"] = .integer(cycle.isLinear ? 1 : 0)
  }

  private func store(_ plateau: Plateau, in rows: inout [String: HyperparameterValue]) {
    rows["schedule_gamma"] = .real(plateau.factor)
    rows["schedule_patience"] = .integer(Int64(plateau.patience))
    rows["schedule_threshold"] = .real(plateau.threshold)
    rows["schedule_cooldown"] = .integer(Int64(plateau.cooldown))
    rows["schedule_minimum"] = .real(plateau.minimum)
    rows["plateau_start_reductions"] = .integer(Int64(plateauStart.reductions))
    rows["plateau_start_bad_count"] = .integer(Int64(plateauStart.badCount))
    rows["plateau_start_cooldown"] = .integer(Int64(plateauStart.cooldown))
    rows["plateau_start_best"] = plateauStart.best.map { .real($0) }
  }

  mutating func readSchedule(_ reader: StoredValues) throws {
    warmUpSteps = try reader.integer("warmup_steps", 0)
    warmUpStart = try reader.real("warmup_start", 1.0 / 3)
    switch reader.rows["schedule"] {
    case nil, .text("constant"): schedule = .constant
    case .text("step"):
      schedule = .step(size: try reader.integer("schedule_steps"), gamma: try reader.real("schedule_gamma"))
    case .text("exponential"): schedule = .exponential(gamma: try reader.real("schedule_gamma"))
    case .text("cosine"):
      schedule = .cosine(
        steps: try reader.integer("schedule_steps"), minimum: try reader.real("schedule_minimum"))
    case .text("one-cycle"): schedule = .oneCycle(try reader.oneCycle())
    case .text("plateau"):
      schedule = .plateau(try reader.plateau())
      plateauStart = try reader.plateauStart()
    default: throw reader.unusable("schedule", "one of \(LearningRate.Schedule.names.joined(separator: ", "))")
    }
  }
}

extension StoredValues {
  fileprivate func oneCycle() throws -> OneCycle {
    var cycle = OneCycle(steps: try integer("schedule_steps"))
    cycle.risingPart = try real("schedule_rising_part")
    cycle.divisor = try real("schedule_divisor")
    cycle.finalDivisor = try real("schedule_final_divisor")
    cycle.isLinear = try integer("schedule_linear") != 0
    return cycle
  }

  fileprivate func plateau() throws -> Plateau {
    var plateau = Plateau()
    plateau.factor = try real("schedule_gamma")
    plateau.patience = try integer("schedule_patience")
    plateau.threshold = try real("schedule_threshold")
    plateau.cooldown = try integer("schedule_cooldown")
    plateau.minimum = try real("schedule_minimum")
    return plateau
  }

  fileprivate func plateauStart() throws -> PlateauState {
    PlateauState(
      reductions: try integer("plateau_start_reductions"),
      best: rows["plateau_start_best"] == nil ? nil : try real("plateau_start_best"),
      badCount: try integer("plateau_start_bad_count"), cooldown: try integer("plateau_start_cooldown"))
  }
}
