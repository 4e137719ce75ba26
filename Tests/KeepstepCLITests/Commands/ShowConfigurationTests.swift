import Foundation
import Testing

@Suite("keepstep show RUN --config")
struct ShowConfigurationTests {
  /// Trainings of all sorts: each option of `train` that shapes a run is set in one of them.
  static let trainings =
    [
      "train",
      "train --data flow.csv --inputs flow,rain --targets flow --shift 1 --window 4 --batch-size 2",
      "train --data gaps.csv --inputs flow --targets flow,rain --missing interpolate --delimiter semicolon"
        + " --decimal comma --no-embed-data --window 3 --loss huber --huber-delta 0.25",
      "train --data walks.npz --batch-first --inputs x,y --targets c --window 4 --loss mae",
      "train --data walks.npz --batch-first --inputs x --targets c --loss cross-entropy --classes 4 --window 3",
      "train --no-bias --clip-norm 0.5 --seed 18446744073709551615 --keep all --record-hidden-every 7",
      "train --biases one --schedule plateau --schedule-patience 0 --schedule-minimum 1e-5 --evaluate-every 2",
      "train --init first.safetensors --keep 2 --checkpoint-every 5",
      "train --schedule cosine --warmup-steps 9"
        + " --warmup-start 0.1",
    ] + CellExample.all.map { "train --hidden-size 11 --batch-size 2 \($0.options) \(CellExample.deep) \($0.rule)" }
    + ownTrainings.filter { line in
      let options = line.split(separator: " ").filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
      return known.isSuperset(of: options)
    }

  private static let known = (try? KnownOptions.of("train")) ?? []

  /// Of real series.
  private static let ownTrainings = [
    "train --data dated.csv --inputs flow --targets flow --shift 1 --window 3 --scale standard --validation 0.25"
      + " --test 0.2 --monitor validation_loss --early-stopping 50 --index day --series river",
    "train --data flow.csv --inputs flow --targets flow --shift 1 --window 3 --scale minmax",
    "train --data flow.csv --inputs flow --targets flow --shift 1 --window 3 --difference",
  ]

  private static func place() throws -> Workplace {
    let place = try WalkExample.place()
    try place.write(FlowExample.csv, to: "flow.csv")
    try place.write(
      "day;flow;rain\n" + (1...30).map { "\($0);\($0 % 7 == 0 ? "" : "\($0 % 5),25");\($0 % 3)\n" }.joined(),
      to: "gaps.csv")
    let days = (1...28).map { String(format: "2024-02-%02d", $0) }
    try place.write(
      "day,river,flow\n"
        + ["isar", "inn"].map { river in
          zip(days, 1...).map { "\($0),\(river),\($1 % 5).5\n" }.joined()
        }.joined(), to: "dated.csv")
    return place
  }

  private static func digests(_ run: String, in place: Workplace) throws -> [String] {
    try place.query(
      "SELECT step, digest, history_digest FROM checkpoints JOIN runs ON runs.id = run_id WHERE name = '\(run)' "
        + "ORDER BY step")
  }

  private static func rows(_ run: String, in place: Workplace) throws -> [String] {
    try place.query(
      "SELECT h.name, typeof(value), value FROM hyperparameters h JOIN runs ON runs.id = run_id WHERE runs.name = '\(run)'"
        + " AND h.name <> 'forked_from' ORDER BY h.name")
  }

  @Test("prints a file that repeats the run to the bit, on any number of threads", arguments: trainings)
  func repeats(training: String) throws {
    let place = try Self.place()
    try place.succeed("train -q --steps 1 --store other.db")
    try place.succeed("export 1 -q --store other.db -o first.safetensors")
    try place.succeed("\(training) -q --steps 40 --name run --threads 1")
    let outcome = try place.succeed("show run --config")
    #expect(outcome.errors == "" && outcome.output.hasPrefix("# run 1 (run); repeated to the bit by: keepstep train"))
    try place.write(outcome.output, to: "run.yaml")
    try place.succeed("train -q --name again --config run.yaml --threads 2")
    #expect(try Self.rows("again", in: place) == Self.rows("run", in: place))
    #expect(try Self.digests("again", in: place) == Self.digests("run", in: place))
    #expect(
      try place.query("SELECT count(DISTINCT seed || ' ' || steps_planned || ' ' || ifnull(dataset_id, 0)) FROM runs")
        == ["1"])
    // The file of the repeated run is the same but for the run's name.
    let again = try place.succeed("show again --config").lines.dropFirst()
    #expect(Array(again) == Array(outcome.lines.dropFirst()))
  }

  @Test("has every option of train that shapes a run")
  func everyOption() throws {
    let place = try Self.place()
    try place.succeed("train -q --steps 1 --store other.db")
    try place.succeed("export 1 -q --store other.db -o first.safetensors")
    var shown: Set<String> = []
    for (number, training) in Self.trainings.enumerated() {
      try place.succeed("\(training) -q --steps 3 --name run-\(number)")
      let lines = try place.succeed("show last --config").lines.filter { !$0.hasPrefix("#") }
      shown.formUnion(lines.compactMap { $0.split(separator: ":").first.map(String.init) })
    }
    // What says where a run is kept, how it is called and how it is computed changes no bit of it.
    let others = ["store", "allow-network-filesystem", "name", "threads", "quiet", "config", "help", "version"]
    let options = Self.known.subtracting(others).filter { option in
      !(option.hasPrefix("no-") && Self.known.contains(String(option.dropFirst(3))))
    }
    #expect(options.count > 35 && options.subtracting(shown).isEmpty, "set in no training above, or not shown")
    #expect(shown.subtracting(options).isEmpty)
  }

  @Test(
    "of a fork prints what fork takes, and no more than it needs",
    arguments: [
      ("--steps 45", ["steps: 45", "seed: 1"]),
      ("--steps 45 --seed 9 --learning-rate 0.002", ["steps: 45", "seed: 9", "learning-rate: 0.002"]),
      ("--steps 45 --clip-norm 0", ["steps: 45", "seed: 1", "clip-norm: 0"]),
      ("--steps 45 --schedule plateau --schedule-patience 1", []),
      ("--steps 45 --optimizer sgd --weight-decay 0.5", []),
      ("--steps 45 --window 3", ["window: 3", "steps: 45", "seed: 1"]),
      ("--steps 45 --inputs flow,rain --targets rain", []),
    ])
  func forks(options: String, lines: [String]) throws {
    let place = try Self.place()
    try place.succeed(
      "train -q --name run --steps 30 --checkpoint-every 10 --data flow.csv --inputs flow,rain --targets flow --window 4"
        + " --weight-decay 0.5 --clip-norm 2")
    try place.succeed("fork run@20 -q --name twig \(options)")
    let outcome = try place.succeed("show twig --config")
    #expect(outcome.output.hasPrefix("# run 2 (twig); repeated to the bit by: keepstep fork 1@20 --config FILE\n"))
    if !lines.isEmpty { #expect(outcome.lines.filter { !$0.hasPrefix("#") } == lines) }
    try place.write(outcome.output, to: "twig.yaml")
    try place.succeed("fork 1@20 -q --name again --config twig.yaml")
    #expect(try Self.rows("again", in: place) == Self.rows("twig", in: place))
    #expect(try Self.digests("again", in: place) == Self.digests("twig", in: place))
  }

  @Test("of a fork whose parent is gone says so")
  func orphan() throws {
    let place = try Workplace()
    try place.succeed("train -q --name run --steps 20")
    try place.succeed("fork run -q --name twig --steps 30")
    try place.succeed("rm run --yes")
    try place.expect(Refusal("show twig --config", "run 2 (twig) is a fork of", "@20", "keepstep verify 2"))
  }

  @Test("of a run that no options repeat names the value")
  func beyondOptions() throws {
    let place = try Self.versionOne()
    try place.sqlite3("UPDATE hyperparameters SET value = 1e-6 WHERE name = 'epsilon' AND run_id = 1")
    try place.expect(Refusal("show 1 --config", "no options repeat it: its epsilon is 1e-06, and theirs 1e-08"))
  }

  private static func versionOne() throws -> Workplace {
    let place = try Workplace()
    try FileManager.default.copyItem(
      at: Repository.root.appendingPathComponent("Tests/RunStoreTests/Fixtures/version-1.db"),
      to: place.url("keepstep.db"))
    return place
  }

  @Test("is YAML and nothing else")
  func format() throws {
    let place = try Workplace()
    try place.succeed("train -q --steps 20")
    try place.expect(Refusal("show 1 --config --format json", "--format asks for json", status: 64))
  }

  @Test("of runs of version 1 is there, too", arguments: ["river", "gentle"])
  func versionOne(run: String) throws {
    let output = try Self.versionOne().succeed("show \(run) --config").output
    #expect(output.contains("steps: ") && output.contains("seed: "))
  }
}
