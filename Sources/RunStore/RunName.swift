import Foundation

/// Names that can serve as selectors.
public enum RunName {
  /// Refuses a name that could not be told from another selector, or that would not survive a terminal.
  ///
  /// - throws: `StoreError` saying why; never for `nil`, which lets the store choose one.
  public static func validate(_ name: String?) throws {
    guard let name else { return }
    if let fault = fault(of: name) {
      throw StoreError(.invalid, "the name \"\(name)\" \(fault)", hint: "choose another name; names select runs")
    }
  }

  private static func fault(of name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if name.utf8.count > 255 { return "has \(name.utf8.count) bytes, more than 255" }
    if name == "last" { return "means the newest run" }
    if name.utf8.allSatisfy({ (48...57).contains($0) }) { return "is a number, as a run's id" }
    if name.contains("@") { return "has an @, which stands before a checkpoint" }
    if name.unicodeScalars.contains(where: CharacterSet.controlCharacters.contains) { return "has control characters" }
    if name.trimmingCharacters(in: .whitespaces) != name { return "begins or ends with a space" }
    return nil
  }
}
