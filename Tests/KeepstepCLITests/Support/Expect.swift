import Testing

/// Records an issue that shows all of `faults`, unless there are none.
func expectNone(_ faults: String, _ context: String, sourceLocation: SourceLocation = #_sourceLocation) {
  guard !faults.isEmpty else { return }
  Issue.record("\(context): \(faults)", sourceLocation: sourceLocation)
}
