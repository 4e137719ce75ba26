import Foundation

extension String {
  /// Times, a run's uuid and seconds of training replaced, each by as many characters, so that columns keep their width.
  var masked: String {
    var text = self
    func mask(_ pattern: String, _ letter: Character) {
      while let range = text.range(of: pattern, options: .regularExpression) {
        text.replaceSubrange(range, with: String(repeating: letter, count: text[range].count))
      }
    }
    mask(#"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"#, "T")
    mask(#"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"#, "U")
    return text
  }
}
