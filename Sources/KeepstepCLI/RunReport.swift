import Figures
import Foundation
import Recurrent
import RunStore
import Training

/// A run as a page: its pictures, all that is known of it, and how it is repeated.
struct RunReport {
  private let reference: RunReference
  private let reader: StoreReader
  private let kernels: Kernels

  init(_ reference: RunReference, in reader: StoreReader, kernels: Kernels) {
    self.reference = reference
    self.reader = reader
    self.kernels = kernels
  }

  /// The page.
  ///
  /// - Throws: `StoreError` when the run is not there.
  func page() throws -> ReportPage {
    let run = try reader.run(reference.run)
    let hyperparameters = try reader.hyperparameters(runID: run.id).sorted { $0.key < $1.key }
    let facts = try RunFacts.facts(of: run, in: reader)
    return ReportPage(
      title: run.name, subtitle: try subtitle(of: run), highlights: try highlights(of: run),
      sections: [
        ReportPage.Section("Pictures", try pictures(of: run)),
        ReportPage.Section("Commands that repeat it", try RepeatCommands(run, in: reader).contents),
        ReportPage.Section(
          "Hyperparameters",
          [.facts(hyperparameters.map { ($0.key, StoreValue($0.value).forPeople.shortened(to: 200)) })]),
        ReportPage.Section("Run", [.facts(facts.map { ($0.0, $0.1.forPeople) })]),
        ReportPage.Section("Segments", [try segments(of: run)]),
        ReportPage.Section("Checkpoints", [try checkpoints(of: run)]),
      ], footer: "Written by Keepstep \(keepstepVersion) from the store's record of run \(run.uuid).")
  }

  private func subtitle(of run: RunRecord) throws -> String {
    let values = try Hyperparameters(stored: try reader.hyperparameters(runID: run.id))
    let layers = values.numLayers > 1 ? "\(values.numLayers) layers of " : ""
    let both = values.isBidirectional ? ", both directions" : ""
    let network =
      "\(values.cell.rawValue.uppercased()), \(layers)\(Numbers.count(values.hiddenSize, "hidden unit"))\(both)"
    let what = "\(values.targets.joined(separator: ", ")) from \(values.inputs.joined(separator: ", "))"
    return
      "\(network); learns \(what) of \(values.data == "sine" ? "the sine task" : values.data); \(run.status.rawValue)"
  }

  private func highlights(of run: RunRecord) throws -> [(name: String, value: String)] {
    let summary = try reader.summary(runID: run.id)
    var tiles: [(name: String, value: String)] = [("steps", "\(run.stepsDone) of \(run.stepsPlanned)")]
    if let loss = summary?.lastLoss { tiles.append(("last loss", Numbers.short(loss))) }
    if let loss = summary?.bestLoss, let step = summary?.bestStep {
      tiles.append(("best loss", Numbers.short(loss)))
      tiles.append(("best step", "\(step)"))
    }
    if let seconds = summary?.trainSeconds {
      tiles.append(("training time", seconds < 1 ? "\(Numbers.short(seconds)) s" : Numbers.duration(seconds)))
    }
    return tiles
  }

  private func pictures(of run: RunRecord) throws -> [ReportPage.Section.Content] {
    _ = try Gnuplot().locate()  // without it there is no report, rather than one without pictures
    let isSine = try reader.hyperparameters(runID: run.id)["data"] == .text("sine")
    let pictures: [ReportPage.Section.Content?] = [
      drawn("Losses", "Each step's loss, on a logarithmic axis. Diamonds are checkpoints; the best is ringed.") {
        try LossPicture([reference], in: reader).picture
      },
      drawn(
        "Predictions",
        isSine
          ? "The task's last window, as the network predicts it." : "The run's own data, as the network predicts them."
      ) {
        try PredictionPicture([reference], in: reader, dataPath: nil, rows: nil, kernels: kernels).picture
      },
      try forecast(of: run),
      drawn("Hidden states", "The hidden state as it stood after each recorded step, a line a unit.") {
        try HiddenPicture(reference, in: reader, stream: 1).picture
      },
      drawn("Weights", "Each tensor on its own scale around zero.") {
        try WeightPicture(reference, in: reader).picture
      },
    ]
    return pictures.compactMap(\.self)
  }

  /// The forecast of a network that can run ahead of its data; nil of any other.
  private func forecast(of run: RunRecord) throws -> ReportPage.Section.Content? {
    let values = try Hyperparameters(stored: try reader.hyperparameters(runID: run.id))
    guard run.datasetID != nil, values.shift > 0, !values.isBidirectional, Set(values.inputs) == Set(values.targets)
    else { return nil }
    return drawn("Forecast", "The rows after the data's end, each forecast from those before it.") {
      try ForecastPicture(
        reference, in: reader, ForecastPicture.Request(horizon: 36), kernels: kernels
      ).picture
    }
  }

  /// A picture, or the reason why there is none.
  private func drawn(
    _ name: String, _ caption: String, _ draw: () throws -> Picture
  ) -> ReportPage.Section.Content {
    do {
      let picture = try draw()
      return .picture(picture, caption: caption)
    } catch {
      return .text("\(name): \((error as? any LocalizedError)?.errorDescription ?? "\(error)").")
    }
  }

  private func segments(of run: RunRecord) throws -> ReportPage.Section.Content {
    let rows = try reader.segments(runID: run.id).map { RunFacts.row($0).map(\.forPeople) }
    return .table(columns: RunFacts.segmentColumns, rows: rows)
  }

  private func checkpoints(of run: RunRecord) throws -> ReportPage.Section.Content {
    let rows = try reader.checkpoints(runID: run.id).map { checkpoint in
      [
        "\(checkpoint.step)", checkpoint.reason.rawValue, checkpoint.monitorValue.map(Numbers.short) ?? "",
        checkpoint.pinned ? "yes" : "", checkpoint.createdAt, checkpoint.digest,
      ]
    }
    return .table(columns: ["step", "reason", "monitor_value", "pinned", "created_at", "digest"], rows: rows)
  }
}
