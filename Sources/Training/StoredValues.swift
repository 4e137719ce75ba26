import Foundation
import Recurrent
import RunStore
import Sequences

/// Typed access to rows of `hyperparameters`.
struct StoredValues {
  let rows: [String: HyperparameterValue]

  func integer(_ name: String, _ missing: Int? = nil) throws -> Int {
    if let missing, rows[name] == nil { return missing }
    guard case .integer(let value) = rows[name] else { throw unusable(name, "an integer") }
    return Int(value)
  }

  func real(_ name: String, _ missing: Double? = nil) throws -> Double {
    if let missing, rows[name] == nil { return missing }
    switch rows[name] {
    case .real(let value): return value
    case .integer(let value): return Double(value)
    default: throw unusable(name, "a number")
    }
  }

  func text(_ name: String) throws -> String {
    guard case .text(let value) = rows[name] else { throw unusable(name, "a text") }
    return value
  }

  func list(_ name: String) throws -> [String] {
    guard let list = try? JSONDecoder().decode([String].self, from: Data(text(name).utf8)) else {
      throw unusable(name, "a JSON list of names")
    }
    return list
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) throws -> Choice
  where Choice.RawValue == String {
    guard let value = Choice(rawValue: try text(name)) else {
      throw unusable(name, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  func loss() throws -> Loss {
    let delta = rows["huber_delta"] == nil ? 1 : try real("huber_delta")
    guard case .text(let name) = rows["loss"], let loss = Loss(name: name, huberDelta: delta) else {
      throw unusable("loss", "one of \(Loss.names.joined(separator: ", "))")
    }
    return loss
  }

  func split() throws -> Split {
    let (validation, test) = (try real("validation", 0), try real("test", 0))
    do {
      return try Split(validation: validation, test: test)
    } catch let error as SequenceError {
      throw damaged(error)
    }
  }

  func scaling() throws -> Scaling {
    do {
      return try Scaling(text: try text("scaling"))
    } catch let error as SequenceError {
      throw damaged(error)
    }
  }

  private func damaged(_ error: SequenceError) -> TrainingError {
    TrainingError(
      "the run's hyperparameters: \(error.message)",
      hint: "the store is damaged or forged; keepstep check looks it through")
  }

  func unusable(_ name: String, _ expected: String) -> TrainingError {
    let found = rows[name].map { "is \($0)" } ?? "is missing"
    return TrainingError(
      "the run's hyperparameter \"\(name)\" \(found); this version of Keepstep expects \(expected)",
      hint: "use the version that trained the run; `keepstep show` names it")
  }
}
