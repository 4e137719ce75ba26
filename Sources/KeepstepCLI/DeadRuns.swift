import RunStore

/// Runs whose process has died are marked `interrupted` by the first command that sees them.
enum DeadRuns {
  /// Marks them where the store can be written; a reader of a store that it can't write shows them right all the same.
  static func mark(in reader: StoreReader) {
    if reader.hasDeadRuns { reader.tidyUp() }
  }
}
