import RunStore

/// All that is known of a run, for people and for programs.
enum RunFacts {
  /// Names and values of the run's row and of what belongs to it; none is empty.
  static func facts(of run: RunRecord, in reader: StoreReader) throws -> [(String, StoreValue)] {
    let summary = try reader.summary(runID: run.id)
    var facts: [(String, StoreValue)] = [
      ("id", .integer(run.id)), ("name", .text(run.name)), ("uuid", .text(run.uuid)),
      ("status", .text((summary?.status ?? run.status).rawValue)),
      ("steps", .text("\(run.stepsDone) of \(run.stepsPlanned)\(run.hasStoppedEarly ? ", stopped early" : "")")),
      ("seed", .integer(run.seed)),
      ("last_loss", .optional(summary?.lastLoss)), ("best_loss", .optional(summary?.bestLoss)),
      ("best_step", .optional(summary?.bestStep)), ("train_seconds", .optional(summary?.trainSeconds)),
      ("created_at", .text(run.createdAt)), ("updated_at", .text(run.updatedAt)),
      ("finished_at", .optional(run.finishedAt)), ("failure", .optional(run.failure)), ("note", .optional(run.note)),
    ]
    if try reader.hyperparameters(runID: run.id)["scaling"] != nil {
      facts.append(("losses", .text("of scaled values; see the hyperparameter scaling")))
    }
    let tags = try reader.tags(runID: run.id)
    if !tags.isEmpty { facts.append(("tags", .text(tags.joined(separator: " ")))) }
    if let id = run.parentCheckpointID, let parent = try reader.checkpoint(id: id) {
      facts.append(("parent", .text("\(try reader.run(String(parent.runID)).name)@\(parent.step)")))
    }
    if let id = run.datasetID {
      let dataset = try reader.dataset(id: id)
      facts.append(("dataset", .text("\(dataset.source): \(dataset.columns.joined(separator: ", "))")))
      facts.append(("dataset_rows", .integer(Int64(dataset.rows))))
      facts.append(("dataset_sha256", .text(dataset.sha256)))
    }
    return facts.filter { $0.1 != .null }
  }

  /// The columns of a table of segments.
  static let segmentColumns = [
    "segment", "first_step", "last_step", "end_reason", "started_at", "ended_at", "host", "pid", "version", "numerics",
    "isa", "threads",
  ]

  /// A segment's line.
  static func row(_ segment: SegmentRecord) -> [StoreValue] {
    [
      .integer(segment.id), .optional(segment.firstStep), .optional(segment.lastStep), .optional(segment.endReason),
      .text(segment.startedAt), .optional(segment.endedAt), .text(segment.host), .optional(segment.pid),
      .text(segment.keepstepVersion), .optional(segment.numericsVersion), .text(segment.instructionSet),
      .optional(segment.threads),
    ]
  }
}
