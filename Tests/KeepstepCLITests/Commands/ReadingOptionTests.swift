import Foundation
import Testing

@Suite("keepstep train: how data are read")
struct ReadingOptionTests {
  private static let options =
    "--inputs flow,rain --targets flow --shift 1 --window 4 --batch-size 2 --hidden-size 8 --steps 24"
    + " --checkpoint-every 6 --learning-rate 0.01 --seed 7 --quiet"

  /// The flow example's file, written otherwise.
  private static func place(_ name: String, _ text: String) throws -> Workplace {
    let place = try FlowExample.place()
    try place.write(text, to: name)
    return place
  }

  /// Whether run 2 has the data and the bits of the flow example.
  private static func expectEqual(_ place: Workplace) throws {
    let digests = "SELECT count(DISTINCT digest), count(DISTINCT history_digest) FROM checkpoints WHERE step = 24"
    #expect(try place.query(digests) == ["1,1"])
    #expect(try place.query("SELECT count(*), count(DISTINCT dataset_id) FROM runs") == ["2,1"])
  }

  @Test("semicolons and decimal commas are found by themselves, or named")
  func europeanFile() throws {
    let text = FlowExample.csv.replacingOccurrences(of: ",", with: ";").replacingOccurrences(of: ".", with: ",")
    for extra in ["", " --delimiter semicolon --decimal comma"] {
      let place = try Self.place("fluss.csv", text)
      try place.succeed("train --data fluss.csv \(Self.options)\(extra)")
      try Self.expectEqual(place)
      #expect(try place.keepstep("train --data fluss.csv --delimiter pipe \(Self.options)").status == 1)
    }
  }

  @Test("a file packed by gzip, and one that comes from standard input")
  func otherSources() throws {
    for line in ["gzip -k flow.csv && KEEPSTEP train --data flow.csv.gz", "cat flow.csv | KEEPSTEP train --data -"] {
      let place = try FlowExample.place()
      let script = line.replacingOccurrences(of: "KEEPSTEP", with: "'\(try Binary.keepstep.path)'") + " \(Self.options)"
      let outcome = try place.run("sh", package: "dash", ["-c", script])
      #expect(outcome.status == 0, "\(outcome.errors)")
      try Self.expectEqual(place)
      try place.succeed("resume 2 --steps 30 --quiet")
      try place.succeed("verify 2")
    }
    #expect(try FlowExample.place().keepstep("train --data - --no-embed-data \(Self.options)").status == 64)
  }

  @Test("gaps are refused by name, filled, or left out; a resume that reads the file does the same")
  func missing() throws {
    let gappy = FlowExample.csv.replacingOccurrences(of: "\n5,0.972,", with: "\n5,NA,")
      .replacingOccurrences(of: "\n9,0.457,", with: "\n9,,")
    let place = try Self.place("gaps.csv", gappy)
    let refused = try place.keepstep("train --data gaps.csv \(Self.options)")
    #expect(refused.status == 1 && refused.errors.contains("--missing interpolate fills gaps"), "\(refused.errors)")
    #expect(refused.errors.contains("row 6") && refused.errors.contains("row 10"), "\(refused.errors)")
    #expect(try place.query("SELECT count(*) FROM runs") == ["1"])
    for (choice, rows) in [("interpolate", 26), ("drop", 24)] {
      try place.succeed("train --data gaps.csv --missing \(choice) --no-embed-data --name \(choice) \(Self.options)")
      #expect(
        try place.query(
          "SELECT rows, value FROM runs JOIN datasets ON datasets.id = dataset_id JOIN hyperparameters ON run_id = runs.id"
            + " WHERE runs.name = '\(choice)' AND hyperparameters.name = 'missing'") == ["\(rows),\(choice)"])
      try place.succeed("resume \(choice) --steps 30 --quiet")
      #expect(try place.succeed("verify \(choice)").output.hasPrefix("exact: "))
    }
    let filled = try place.succeed("predict interpolate --format csv").rows
    #expect(filled.count == 26 && filled[4]["flow"].flatMap(Double.init).map { abs($0 - 0.918) < 1e-6 } == true)
    for options in ["--missing guess", "--delimiter x", "--decimal dot"] {
      #expect(try place.keepstep("train --data gaps.csv \(options) \(Self.options)").status == 64, "\(options)")
    }
  }
}
