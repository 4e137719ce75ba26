import Foundation
import Testing

@Suite("keepstep train --config")
struct ConfigurationTests {
  /// The training of `FlowExample`, as a file.
  private static let flow = """
    # the flow of the river
    data: flow.csv
    inputs: [flow, rain]
    targets: flow
    shift: 1
    window: 4
    batch-size: 2
    hidden-size: 8
    steps: 24
    checkpoint-every: 6
    learning-rate: 0.01
    seed: 7
    """

  private static func digest(_ run: String, in place: Workplace) throws -> [String] {
    try place.query(
      "SELECT digest, history_digest FROM checkpoints JOIN runs ON runs.id = run_id WHERE name = '\(run)' "
        + "ORDER BY step DESC LIMIT 1")
  }

  @Test("has the options' names, and the run is the same to the bit")
  func same() throws {
    let place = try FlowExample.place()
    try place.write(Self.flow, to: "run.yaml")
    let outcome = try place.succeed("train --config run.yaml --name again")
    #expect(outcome.output == "run 2 (again), finished at step 24, loss 0.23383, best 0.25157 at step 20\n")
    #expect(try Self.digest("again", in: place) == Self.digest("flow", in: place))
  }

  @Test("is read from standard input, through a pipe too")
  func piped() throws {
    let place = try FlowExample.place()
    try place.write(Self.flow, to: "run.yaml")
    let keepstep = try Binary.keepstep.path
    let script = """
      '\(keepstep)' train -q --name a --config - < run.yaml
      cat run.yaml | '\(keepstep)' train -q --name b --config=/dev/stdin
      '\(keepstep)' train -q --name c --config <(cat run.yaml)
      """
    let outcome = try place.run("bash", package: "bash", ["-euc", script])
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    for name in ["a", "b", "c"] { #expect(try Self.digest(name, in: place) == Self.digest("flow", in: place)) }
  }

  @Test("options win, wherever they stand and however they are written")
  func optionsWin() throws {
    let place = try Workplace()
    try place.write(
      "steps: 3\nhidden-size: 5\nbidirectional: yes\nno-bias: true\nnesterov: true\noptimizer: sgd\nmomentum: 0.5\n"
        + "name: file\nquiet: true\n", to: "run.yaml")
    try place.succeed("train --config run.yaml")
    try place.succeed("train --name line --steps=4 --no-bidirectional --config run.yaml --bias --no-nesterov")
    let names = "'hidden_size', 'bidirectional', 'bias', 'nesterov', 'momentum'"
    let rows = try place.query(
      "SELECT run_id, name, value FROM hyperparameters WHERE name IN (\(names)) ORDER BY run_id, name")
    #expect(
      rows == [
        "1,bias,0", "1,bidirectional,1", "1,hidden_size,5", "1,momentum,0.5", "1,nesterov,1",
        "2,bias,1", "2,bidirectional,0", "2,hidden_size,5", "2,momentum,0.5", "2,nesterov,0",
      ])
    #expect(try place.query("SELECT name, steps_planned FROM runs") == ["file,3", "line,4"])
  }

  @Test("an option that wins is not looked at in the file, and another's value may look like an option")
  func values() throws {
    let place = try Workplace()
    try place.write("steps: many\nname: --config\n", to: "run.yaml")
    try place.succeed("train -q --steps 2 --config run.yaml")
    #expect(try place.query("SELECT name, steps_planned FROM runs") == ["'--config,2"])
  }

  @Test("an empty file, and one of comments, set nothing", arguments: ["", "# nothing\n"])
  func empty(text: String) throws {
    let place = try Workplace()
    try place.write(text, to: "run.yaml")
    let outcome = try place.succeed("train -q --config run.yaml")
    #expect(outcome.output == "run 1 (run-1), finished at step 300, loss 0.00144, best 0.00019211 at step 210\n")
  }

  @Test("fork reads one, too")
  func fork() throws {
    let place = try Workplace()
    try place.succeed("train -q --steps 30")
    try place.write("name: gentler\nsteps: 40\nlearning-rate: 0.002\n", to: "fork.yaml")
    try place.succeed("fork 1@20 -q --config fork.yaml")
    try place.succeed("fork 1@20 -q --name same --steps 40 --learning-rate 0.002")
    #expect(try Self.digest("gentler", in: place) == Self.digest("same", in: place))
  }

  @Test("--help is answered whatever the file says")
  func help() throws {
    let outcome = try Workplace().succeed("train --config none.yaml --help")
    #expect(outcome.output.contains("--config <file>"))
  }
}
