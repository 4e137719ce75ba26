import Foundation
import Testing

/// The snippets of docs/python.md run as they stand there.
@Suite("docs/python.md")
struct PythonManualTests {
  /// What stands under a heading: its snippets in order, and what Python needs for them.
  struct Section: CustomTestStringConvertible, Sendable {
    var title: String
    var snippets: [(language: String, text: String)] = []

    var testDescription: String { title }

    /// The packages that its Python imports, of those that Python does not bring along.
    var packages: [String] {
      let lines = snippets.filter { $0.language == "python" }.flatMap { $0.text.split(separator: "\n") }
      return ["numpy", "pandas", "torch", "safetensors"].filter { name in
        lines.contains { $0.hasPrefix("import \(name)") || $0.hasPrefix("from \(name)") }
      }
    }
  }

  /// The first is what stands before all headings: what the others begin with.
  static let sections: [Section] = {
    let url = Repository.root.appendingPathComponent("docs/python.md")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    var sections = [Section(title: "beginning")]
    var open: (language: String, lines: [Substring])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let (language, lines) = open {
        if line == "```" {
          sections[sections.count - 1].snippets.append((language, lines.joined(separator: "\n") + "\n"))
          open = nil
        } else {
          open = (language, lines + [line])
        }
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), [])
      } else if line.hasPrefix("## ") {
        sections.append(Section(title: String(line.dropFirst(3))))
      }
    }
    return sections
  }()

  /// `$KEEPSTEP_PYTHON`, that of `make golden`, or the system's.
  private static func python() throws -> URL {
    if let path = ProcessInfo.processInfo.environment["KEEPSTEP_PYTHON"], !path.isEmpty {
      return URL(fileURLWithPath: path)
    }
    let own = Repository.root.appendingPathComponent(".venv/bin/python")
    return FileManager.default.isExecutableFile(atPath: own.path)
      ? own : try Binary.system("python3", package: "python3")
  }

  private static func run(_ snippet: (language: String, text: String), in place: Workplace) throws -> Outcome {
    let folder = try Binary.keepstep.deletingLastPathComponent().path
    var environment = Workplace.environment
    environment["PATH"] = "\(folder):\(environment["PATH"] ?? "")"
    let (program, arguments) =
      snippet.language == "python"
      ? (try python(), ["-c", snippet.text])
      : (try Binary.system("bash", package: "bash"), ["-euo", "pipefail", "-c", snippet.text])
    return try RunningProgram(program, arguments, in: place.folder, environment: environment).wait()
  }

  @Test("runs, section by section, where Python has the packages", arguments: sections)
  func runs(section: Section) throws {
    let place = try Workplace()
    for name in section.packages {
      guard try Self.run(("python", "import \(name)"), in: place).status == 0 else {
        print("docs/python.md, \"\(section.title)\": skipped, as \(try Self.python().path) has no \(name)")
        return
      }
    }
    let beginning = try #require(Self.sections.first)
    for snippet in (section.title == beginning.title ? [] : beginning.snippets) + section.snippets {
      let outcome = try Self.run(snippet, in: place)
      #expect(outcome.status == 0, "\(snippet.text)\n\(outcome.errors)")
    }
  }

  @Test("has a section for each: pandas, numpy and PyTorch")
  func complete() {
    let packages = Self.sections.map(\.packages)
    #expect(
      packages.contains(["pandas"]) && packages.contains(["numpy"]) && packages.contains(["torch", "safetensors"]))
    let languages = Set(Self.sections.flatMap { $0.snippets.map(\.language) })
    #expect(languages == ["sh", "python"], "every fence is run")
  }
}
