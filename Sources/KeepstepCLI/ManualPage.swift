import Foundation
import Training

/// The manual page keepstep(1), made of what ArgumentParser knows of the commands, in the macros of man(7).
struct ManualPage {
  private var lines: [String] = []

  /// Of the command line whose root is `root`.
  ///
  /// - Parameter date: the page's, of which the day is shown.
  init(of root: CommandDescription, date: Date) {
    let name = root.commandName
    lines.append(
      ".TH \(name.uppercased()) 1 \"\(Self.day(date))\" \"Keepstep \(keepstepVersion)\" \"User Commands\"")
    section("NAME")
    lines.append("\(name) \\- \(Self.text(Self.withoutPoint(root.abstract ?? "")))")
    section("SYNOPSIS")
    lines += ["\\fB\(name)\\fR \\fIcommand\\fR [\\fIarguments\\fR] [\\fIoptions\\fR]", ".br"]
    lines.append("\\fB\(name) help\\fR [\\fIcommand\\fR]")
    section("DESCRIPTION")
    paragraphs(root.discussion ?? "")
    options(root.arguments ?? [])
    section("COMMANDS")
    for command in root.subcommands ?? [] where command.commandName != "help" { describe(command, of: name) }
    surroundings()
  }

  /// The page.
  var text: String { lines.map { $0 + "\n" }.joined() }

  // MARK: - Commands and options

  private mutating func describe(_ command: CommandDescription, of program: String) {
    let arguments = (command.arguments ?? []).filter { !Self.isEverywhere($0) }
    lines.append(".SS \"\(program) \(command.commandName)\"")
    let positional = arguments.filter { $0.kind == .positional }.map { argument in
      let name = "\\fI\(Self.text(argument.valueName ?? ""))\\fR\(argument.isRepeating ? " ..." : "")"
      return argument.isOptional ? "[\(name)]" : name
    }
    lines.append(
      (["\\fB\(program) \(command.commandName)\\fR"] + positional + ["[\\fIoptions\\fR]"]).joined(separator: " "))
    paragraphs(command.abstract ?? "", first: ".PP")
    paragraphs(command.discussion ?? "", first: ".PP")
    options(arguments)
  }

  /// `--help` and `--version` are told once, of the program.
  private static func isEverywhere(_ argument: CommandDescription.Argument) -> Bool {
    argument.key == "help" || argument.key == "version"
  }

  private mutating func options(_ arguments: [CommandDescription.Argument]) {
    var title: String?
    for (number, argument) in arguments.enumerated() {
      // A flag and the one that undoes it are told together.
      if number > 0, Self.undoes(argument, arguments[number - 1]) { continue }
      let opposite = arguments.dropFirst(number + 1).first.flatMap { Self.undoes($0, argument) ? $0 : nil }
      if let section = argument.sectionTitle, section != title {
        lines += [".PP", "\\fI\(Self.text(section))\\fR"]
        title = section
      }
      lines += [".TP", Self.head(of: argument, opposite)]
      paragraphs(Self.help(of: argument))
      if let discussion = argument.discussion { paragraphs(discussion, first: ".IP") }
    }
  }

  private static func undoes(_ flag: CommandDescription.Argument, _ other: CommandDescription.Argument) -> Bool {
    guard flag.kind == .flag, other.kind == .flag, let key = other.key else { return false }
    return flag.key == "no-\(key)"
  }

  private static func head(
    of argument: CommandDescription.Argument, _ opposite: CommandDescription.Argument?
  ) -> String {
    let value = "\\fI\(text(argument.valueName ?? ""))\\fR"
    guard argument.kind != .positional else { return value }
    let names = ((argument.names ?? []) + (opposite?.names ?? [])).map { "\\fB\(text($0.written))\\fR" }.joined(
      separator: ", ")
    return argument.kind == .option ? "\(names) \(value)" : names
  }

  private static func help(of argument: CommandDescription.Argument) -> String {
    var help = argument.abstract ?? ""
    if let values = argument.allValues, !values.isEmpty { help += " Values: \(values.joined(separator: ", "))." }
    if let value = argument.defaultValue, !help.contains("(default:") { help += " (default: \(value))" }
    return help
  }

  // MARK: - What stands around them

  private mutating func surroundings() {
    section("EXIT STATUS")
    for (status, meaning) in Self.statuses { item(status, meaning) }
    section("ENVIRONMENT")
    for (name, meaning) in Self.environment { item(name, meaning) }
    section("FILES")
    item("keepstep.db", "The store, one SQLite file in the working folder, where nothing names another.")
    item("keepstep.db-wal, keepstep.db-shm, keepstep.db-lock", "Beside it: SQLite's own, and the locks of trainers.")
    section("EXAMPLES")
    for (number, (words, command)) in Self.examples.enumerated() {
      if number > 0 { lines.append(".PP") }
      lines += [Self.text(words), ".PP", ".nf", Self.text(command), ".fi"]
    }
    section("SEE ALSO")
    lines.append("\\fBsqlite3\\fR(1), \\fBgnuplot\\fR(1)")
  }

  private static let statuses = [
    ("0", "Success."), ("1", "Any failure but wrong usage; `verify` and `check` when they find something."),
    ("64", "Wrong usage."),
    ("130, 143", "Stopped by SIGINT or SIGTERM, with a checkpoint written."),
  ]

  private static let environment = [
    ("KEEPSTEP_STORE", "The store, where --store does not name one."),
    ("KEEPSTEP_ALLOW_NETWORK_FILESYSTEM", "1 is --allow-network-filesystem for every command."),
    ("KEEPSTEP_ISA", "scalar, avx2, avx512 or neon: forces an instruction set; all give the same bits."),
    ("KEEPSTEP_GNUPLOT", "The gnuplot that draws, a path or a name in PATH."),
    ("SOURCE_DATE_EPOCH", "The date of what --generate-manual prints, in seconds since 1970."),
  ]

  private static let examples = [
    ("Train, look, and go on after a stop:", "keepstep train --name first\nkeepstep show first\nkeepstep resume first"),
    (
      "Learn to forecast the next row of a column, from a file of options:",
      "keepstep train --config run.yaml --data flow.csv --inputs flow --targets flow --shift 1"
    ),
    ("Prove that a run is what its record says:", "keepstep verify first"),
  ]

  // MARK: - roff

  private mutating func section(_ name: String) { lines.append(".SH \(name)") }

  private mutating func item(_ name: String, _ meaning: String) {
    lines += [".TP", "\\fB\(Self.text(name))\\fR"]
    paragraphs(meaning)
  }

  /// Empty lines part paragraphs; other line ends stay.
  private mutating func paragraphs(_ text: String, first: String? = nil) {
    guard !text.isEmpty else { return }
    for (number, paragraph) in text.split(separator: "\n\n").enumerated() {
      if let macro = number > 0 ? (first ?? ".PP") : first { lines.append(macro) }
      for (number, line) in paragraph.split(separator: "\n").enumerated() {
        if number > 0 { lines.append(".br") }
        lines.append(Self.text(String(line)))
      }
    }
  }

  /// Text as roff takes it: no line is a request, and what stands in backquotes is bold.
  private static func text(_ text: String) -> String {
    let parts = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .split(separator: "`", omittingEmptySubsequences: false)
    let marked = parts.enumerated().map { number, part in
      number.isMultiple(of: 2) || number == parts.count - 1 ? String(part) : "\\fB\(part)\\fR"
    }
    return marked.joined().split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&\($0)" : String($0) }.joined(separator: "\n")
  }

  private static func withoutPoint(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

  private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

  /// Today, or what packagers who want the same page on any day set (reproducible-builds.org/specs/source-date-epoch).
  static var date: Date {
    ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap { Int64($0) }
      .map { Date(timeIntervalSince1970: Double(max(0, min($0, 253_402_300_799)))) } ?? Date()
  }
}
