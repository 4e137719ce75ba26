import RunStore
import Sequences

extension StoreReader {
  /// The datasets whose stored values are not what their digests cover: the store keeps them as they are, and only who
  /// knows what a table is can tell.
  ///
  /// - Throws: `StoreError` when the runs can't be listed.
  public func dataFindings() throws -> [CheckFinding] {
    var seen: Set<Int64> = []
    var findings: [CheckFinding] = []
    for summary in try runs() {
      // Damage of the run itself is told by `check`.
      guard let run = try? self.run(String(summary.id)), let id = run.datasetID, seen.insert(id).inserted,
        let hyperparameters = try? Hyperparameters(stored: try self.hyperparameters(runID: run.id))
      else { continue }
      if let message = damage(ofDataset: id, hyperparameters) {
        findings.append(CheckFinding(subject: "dataset \(id)", message: message))
      }
    }
    return findings
  }

  private func damage(ofDataset id: Int64, _ hyperparameters: Hyperparameters) -> String? {
    do {
      let dataset = try dataset(id: id)
      guard let values = dataset.values else { return nil }
      let table = try Table(dataset, values: values, hyperparameters)
      guard table.digest != dataset.sha256 else { return nil }
      return "its digest is \(dataset.sha256), that of its columns and values is \(table.digest)"
    } catch let error as StoreError {
      return error.message
    } catch {
      return (error as? SequenceError)?.message ?? "\(error)"
    }
  }
}
