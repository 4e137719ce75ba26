import Foundation
import RunStore
import Testing

/// `migrations/README.md` is what people work from, so everything in it is tried.
@Suite("The schema's manual")
struct SchemaManualTests {
  @Test("every table and view stands in it, with exactly its columns")
  func columns() throws {
    let folder = try TemporaryFolder()
    try Store(path: folder.path()).close()
    let real = try folder.sqlite3(
      """
      SELECT m.name || ': ' || group_concat(c.name, ' ') FROM sqlite_master AS m, pragma_table_info(m.name) AS c
      WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name ORDER BY m.name
      """)
    let documented = try manual().tables.map { "\($0.name): \($0.columns.joined(separator: " "))" }.sorted()
    #expect(documented == real.split(separator: "\n").map(String.init))
    #expect(documented.count == 13)
  }

  @Test("every column has a comment with its meaning in .schema")
  func comments() throws {
    let folder = try TemporaryFolder()
    try Store(path: folder.path()).close()
    let schema = try folder.sqlite3(".schema")
    for table in try manual().tables {
      let start = try #require(schema.range(of: "CREATE \(table.isView ? "VIEW" : "TABLE") \(table.name) "))
      let end = try #require(schema.range(of: ";\n", range: start.lowerBound..<schema.endIndex))
      let lines = schema[start.lowerBound..<end.upperBound].split(separator: "\n")
      #expect(lines[1].contains("-- "), "\(table.name)")
      for column in table.columns {
        let defined = lines.contains { line in
          let words = line.split(whereSeparator: { " ,".contains($0) })
          // SQLite puts a later version's column behind the definition of the one in front of it.
          if !table.isView, line.contains(", \(column) "), line.contains(" /* ") { return true }
          let defines = table.isView ? line.contains("AS \(column)") : words.first == Substring(column)
          return defines && (line.contains("-- ") || table.isView && line.contains(" AS \(column),"))
        }
        #expect(defined, "\(table.name).\(column)")
      }
    }
  }

  @Test("its queries run in the sqlite3 program and find what they say they find")
  func queries() throws {
    let folder = try filledStore()
    let blocks = try manual().blocks("sql")
    #expect(blocks.count >= 8)
    for block in blocks {
      let result = try runProgram("sqlite3", ["-bail", "-readonly", "keepstep.db"], input: block, in: folder.url)
      #expect(result.status == 0 && result.errors.isEmpty, "\(block)\n\(result.errors)")
      #expect(!result.output.isEmpty, "\(block)")
    }
  }

  @Test("its queries but one, which says so, and its digests' Python serve a store of version 1")
  func version1() throws {
    let folder = try TemporaryFolder.withVersion1()
    let blocks = try manual().blocks("sql").filter { !$0.contains("accuracy") }
    #expect(try blocks.count == manual().blocks("sql").count - 1)
    for block in blocks {
      let result = try runProgram("sqlite3", ["-bail", "-readonly", "keepstep.db"], input: block, in: folder.url)
      #expect(result.status == 0 && result.errors.isEmpty && !result.output.isEmpty, "\(block)\n\(result.errors)")
    }
    let digests = try #require(try manual().blocks("python").last)
    let result = try runProgram(try pythonWithNumpy(folder), ["-c", digests], in: folder.url)
    #expect(result.status == 0 && result.output == "all digests hold\n", "\(result.errors)")
  }

  @Test("its shell commands run")
  func shell() throws {
    let folder = try filledStore()
    let blocks = try manual().blocks("sh")
    #expect(blocks.count >= 2)
    for block in blocks {
      let result = try runProgram("sh", ["-e", "-c", block], in: folder.url)
      #expect(result.status == 0 && result.errors.isEmpty, "\(block)\n\(result.errors)")
    }
    #expect(try StoreReader(path: folder.path("copy.db")).check().findings == [])
    let losses = try String(contentsOfFile: folder.path("losses.csv"), encoding: .utf8)
    #expect(losses.hasPrefix("step,loss") && losses.split(separator: "\n").count == 41)
  }

  @Test("its Python runs with numpy, and finds the weights and digests that were written")
  func python() throws {
    let folder = try filledStore()
    let blocks = try manual().blocks("python")
    #expect(blocks.count >= 2)
    let python = try pythonWithNumpy(folder)
    for block in blocks {
      let result = try runProgram(python, ["-c", block], in: folder.url)
      #expect(result.status == 0 && result.errors.isEmpty, "\(block)\n\(result.errors)")
    }
    let expected = try #require(sampleTensors(41).first { $0.name == "W_hh" })
    let check = """
      ours = numpy.array([int(x) for x in sys.argv[1].split()], numpy.uint32).view("<f4").reshape(3, 3)
      assert (W_hh.view(numpy.uint32) == ours.view(numpy.uint32)).all() and H.shape == (8, 1, 3) and losses.shape == (40, 2)
      """
    let bits = expected.values.map { "\($0.bitPattern)" }.joined(separator: " ")
    let result = try runProgram(python, ["-c", "import sys\n" + blocks[0] + "\n" + check, bits], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test(
    "its Python finds a flipped bit of a weight and of a loss, and a changed accuracy",
    arguments: [
      "UPDATE tensors SET data = CAST(x'ff' || substr(data, 2) AS BLOB) WHERE checkpoint_id = 2 AND name = 'W_hh'",
      "UPDATE steps SET loss = loss * 1.0000001 WHERE run_id = 1 AND step = 15",
      "UPDATE steps SET accuracy = 0.5 WHERE run_id = 2 AND step = 45",
      "UPDATE evaluations SET accuracy = NULL WHERE run_id = 2 AND step = 50",
    ])
  func pythonFindsDamage(sql: String) throws {
    let folder = try filledStore()
    try folder.sqlite3(sql)
    let result = try runProgram(
      try pythonWithNumpy(folder), ["-c", try #require(try manual().blocks("python").last)], in: folder.url)
    #expect(result.status != 0 && result.errors.contains("is damaged"))
  }

  /// A store with a finished run, its fork with class targets, and tensors in parts; a trainer is at work in it.
  private func filledStore() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store, sampleRun(dataset: sampleDataset()))
    for number in 1...4 { try trainer.train(10, monitor: 1 / Double(number)) }
    let parent = try #require(try trainer.checkpoints.last)
    var new = sampleRun(name: "fork", firstStep: 40, parent: parent.id)
    new.hyperparameters["learning_rate"] = .real(0.01)
    var fork = try SampleTrainer(try Store(path: folder.path(), partBytes: 8), new)
    fork.hasClassTargets = true
    try fork.train(10, .final)
    return folder
  }

  /// Debian's own Python, or whichever comes first, that has numpy.
  private func pythonWithNumpy(_ folder: TemporaryFolder) throws -> String {
    let found = try ["/usr/bin/python3", "python3"].first {
      try runProgram($0, ["-c", "import numpy"], in: folder.url).status == 0
    }
    return try #require(found, "no Python with numpy: install python3-numpy")
  }

  private func manual() throws -> Manual {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("migrations/README.md")
    return Manual(text: try String(contentsOf: url, encoding: .utf8))
  }
}

/// The manual's fences and tables.
private struct Manual {
  struct Table {
    var name: String
    var columns: [String]
    var isView: Bool
  }

  let text: String

  /// What stands in the fences of a language.
  func blocks(_ language: String) -> [String] {
    var blocks: [String] = []
    var current: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```\(language)" {
        current = []
      } else if line == "```", let lines = current {
        blocks.append(lines.joined(separator: "\n"))
        current = nil
      } else {
        current?.append(line)
      }
    }
    return blocks
  }

  /// The tables under the headings like "### `runs`", each column in backticks in a line's first cell.
  var tables: [Table] {
    var tables: [Table] = []
    var isView = false
    var isInside = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## ") {
        isView = line == "## Views"
        isInside = isView || line == "## Tables"
      } else if isInside, line.hasPrefix("### `") {
        tables.append(Table(name: String(line.dropFirst(5).dropLast()), columns: [], isView: isView))
      } else if isInside, line.hasPrefix("| "), let cell = line.split(separator: "|").first, !tables.isEmpty {
        let names = cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        tables[tables.count - 1].columns += names
      }
    }
    return tables
  }
}
