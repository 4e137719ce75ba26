import Foundation
import Testing

@Suite("CSV for spreadsheets")
struct SpreadsheetCellTests {
  /// What is in the store, and the cell that `--format csv` makes of it.
  static let cells = [
    ("=1+1", "'=1+1"), ("+1+1", "'+1+1"), ("-1+1", "'-1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t'=1"),
    ("\r=1", "\"'\r'=1\""), ("＝1+1", "'＝1+1"), (" =1", " '=1"), ("a;=1", "\"a;'=1\""), ("a\n=1", "\"a\n'=1\""),
    ("\"=1\"", "\"\"\"'=1\"\"\""), ("=a,b", "\"'=a,b\""),
    // Numbers, and signs within a text, are no formulas.
    ("-1.5", "-1.5"), ("+3e-4", "+3e-4"), ("a-b=c", "a-b=c"), ("a@b", "a@b"), ("run-1", "run-1"), ("it's", "it's"),
  ]

  @Test("texts that a spreadsheet would run get an apostrophe", arguments: cells)
  func defusesTexts(text: String, cell: String) throws {
    let place = try Workplace()
    try place.succeed("train --steps 1")
    let sql = "SELECT '\(text.replacingOccurrences(of: "'", with: "''"))' AS text"
    #expect(try place.keepstep(["query", sql, "--format", "csv"]).output == "text\n\(cell)\n")
  }

  @Test("numbers stay numbers")
  func keepsNumbers() throws {
    let place = try Workplace()
    try place.succeed("train --steps 1")
    let outcome = try place.keepstep(["query", "SELECT -1.5 AS \"=a\", -2 AS b", "--format", "csv"])
    #expect(outcome.output == "'=a,b\n-1.5,-2\n")
  }

  @Test("names, columns and predictions of a stranger's data are defused, and read back under their own names")
  func defusesColumns() throws {
    let place = try Workplace()
    let rows = (1...12).map { "\($0),\(-$0)" }.joined(separator: "\n")
    try place.write("=cmd,@b\n\(rows)\n", to: "data.csv")
    let columns = ["--data", "data.csv", "--inputs", "=cmd", "--targets", "@b"]
    let training = try place.keepstep(["train", "--steps", "1", "--window", "3", "--name", "=run"] + columns)
    #expect(training.status == 0, "\(training.errors)")
    #expect(try place.keepstep(["runs", "--format", "csv"]).rows.first?["name"] == "'=run")
    let predictions = try place.keepstep(["predict", "=run", "--format", "csv"])
    #expect(predictions.lines.first == "row,'=cmd,'@b,predicted_@b", "\(predictions.errors)")
    #expect(predictions.lines.dropFirst().first?.hasPrefix("0,1.0,-1.0,") == true)
  }

  @Test("a table for people shows control characters, and does not send them to the terminal")
  func showsControlCharacters() throws {
    let place = try Workplace()
    try place.succeed("train --steps 1")
    let outcome = try place.keepstep(["query", "SELECT char(27) || '[2J' || char(10) || 'x' AS text"])
    #expect(outcome.output == "text\n\\u{1B}[2J x\n", "\(outcome.output)")
  }
}
