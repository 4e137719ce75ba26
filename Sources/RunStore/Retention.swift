/// Which checkpoints of a run stay: a rule on rows, so that checkpoints which would not outlast their own transaction are
/// never written at all.
struct Retention {
  /// What the rule looks at.
  struct Candidate: Hashable {
    var step: Int
    var reason: CheckpointReason
    var monitorValue: Double?
    var pinned: Bool
  }

  /// How many of the newest stay beside the protected ones.
  let keep: Int

  /// The steps that stay: the first, the last, the best (lowest monitored value, the earliest of equals), the pinned, and
  /// of the others the newest `keep`. A superseded `best` goes, whatever `keep` is.
  func survivors(among candidates: [Candidate]) -> Set<Int> {
    var steps = Set(candidates.filter(\.pinned).map(\.step))
    if let first = candidates.map(\.step).min() { steps.insert(first) }
    if let last = candidates.map(\.step).max() { steps.insert(last) }
    if let best = Self.best(candidates) { steps.insert(best) }
    let others = candidates.filter { !steps.contains($0.step) && $0.reason != .best }.map(\.step)
    steps.formUnion(others.sorted(by: >).prefix(keep))
    return steps
  }

  private static func best(_ candidates: [Candidate]) -> Int? {
    var best: (value: Double, step: Int)?
    for candidate in candidates {
      guard let value = candidate.monitorValue else { continue }
      if let known = best, (known.value, known.step) <= (value, candidate.step) { continue }
      best = (value, candidate.step)
    }
    return best?.step
  }
}
