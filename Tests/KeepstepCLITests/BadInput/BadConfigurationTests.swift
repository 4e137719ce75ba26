import Foundation
import Testing

@Suite("Bad configuration files")
struct BadConfigurationTests {
  /// A file, and what is said of it.
  struct Example: CustomTestStringConvertible, Sendable {
    let text: String
    let words: [String]
    let status: Int32
    var line = "train --config run.yaml"

    init(_ text: String, _ words: String..., status: Int32 = 64, line: String = "train --config run.yaml") {
      (self.text, self.words, self.status, self.line) = (text, words, status, line)
    }

    var testDescription: String { text.prefix(60).debugDescription }
  }

  static let examples = [
    // Unknown keys.
    Example("hiden-size: 3\n", "run.yaml, line 1: \"hiden-size\" is no option of train; did you mean hidden-size?"),
    Example("# x\n\nhidden_size: 3\n", "run.yaml, line 3: \"hidden_size\"", "did you mean hidden-size?"),
    Example("activation: relu\n", "run.yaml, line 1: \"activation\" is no option of train"),
    Example("config: other.yaml\n", "run.yaml, line 1: \"config\" is no option of train"),
    Example("help: true\n", "run.yaml, line 1: \"help\" is no option of train"),
    Example("--steps: 3\n", "run.yaml, line 1: \"--steps\"", "did you mean steps?"),
    Example("<<: 3\n", "run.yaml, line 1: \"<<\" is no option of train"),
    // Wrong types.
    Example("steps: 3\nhidden-size: many\n", "run.yaml, line 2: The value 'many' is invalid for '--hidden-size"),
    Example("hidden-size: 1.5\n", "run.yaml, line 1: The value '1.5' is invalid for '--hidden-size"),
    Example("hidden-size: true\n", "run.yaml, line 1: The value 'true' is invalid for '--hidden-size"),
    Example("hidden-size: [1, 2]\n", "run.yaml, line 1: hidden-size is a list, \"1, 2\"; it takes one value"),
    Example("hidden-size: {a: 1}\n", "run.yaml, line 1: \"hidden-size\" is a mapping", status: 1),
    Example("hidden-size:\n", "run.yaml, line 1: \"hidden-size\" has no value", status: 1),
    Example("learning-rate: 0,02\n", "run.yaml, line 1: The value '0,02' is invalid for '--learning-rate"),
    Example("cell: tree\n", "run.yaml, line 1: The value 'tree' is invalid for '--cell", "'rnn', 'lstm' or 'gru'"),
    Example("bidirectional: 3\n", "run.yaml, line 1: bidirectional is \"3\"; it must be true or false"),
    Example("no-bias: [true]\n", "run.yaml, line 1: no-bias is a list; it must be true or false"),
    Example("inputs: [a, \"b,c\"]\n", "run.yaml, line 1: inputs names \"b,c\", and a comma separates two names"),
    Example("name: [a, b]\n", "run.yaml, line 1: name is a list, \"a, b\"; it takes one value"),
    // Values that the options refuse.
    Example("\nhidden-size: 0\n", "run.yaml, line 2: --hidden-size is 0; it must be at least 1"),
    Example("dropout: 1.5\n", "run.yaml, line 1: --dropout is 1.5; it must be a probability"),
    Example("hidden-size: 8\nproj-size: 9\ncell: lstm\n", "run.yaml, lines 1 and 2: --proj-size is 9", "which is 8"),
    Example("momentum: 0.5\n", "run.yaml, line 1: --momentum is 0.5, and adam has no momentum to choose", status: 1),
    Example("hidden-size: 9999999999\n", "hidden size 9999999999", "GB", status: 1),
    Example("data: none.csv\ninputs: a\ntargets: b\n", "none.csv", status: 1),
    Example("bias: true\nno-bias: true\n", "run.yaml, line 2: no-bias and bias of line 1 are one option"),
    // No file of options.
    Example("- steps\n", "run.yaml: this is a list, and not a mapping of options", status: 1),
    Example("steps 3\n", "run.yaml: this is the text \"steps 3\"", status: 1),
    Example("steps: 3\nseed: 1\nsteps: 4\n", "run.yaml", "\"steps\"", status: 1),
    Example("steps: \"3\n", "run.yaml, line", "this is not YAML", status: 1),
    Example("a: &a [1]\nb: *a\n", "run.yaml, line 1: \"&a\" looks like an anchor or an alias", "\\x26", status: 1),
    Example(
      String(repeating: "# much\n", count: 10_000), "run.yaml: a configuration file has at most 65536", status: 1),
    // The command line's part.
    Example(
      "steps: 3\n", "none.yaml: cannot be read: No such file or directory", status: 1,
      line: "train --config none.yaml"),
    Example("steps: 3\n", "/: cannot be read: Is a directory", status: 1, line: "train --config /"),
    Example("steps: 3\n", "--config", line: "train --config"),
    Example("steps: 3\n", "'--config'", line: "resume 1 --config run.yaml"),
    Example("cell: lstm\n", "run.yaml, line 1: \"cell\" is no option of fork", line: "fork 1 --config run.yaml"),
  ]

  @Test("are refused with the file, the line, the key and the value, and no store is made", arguments: examples)
  func refused(example: Example) throws {
    let place = try Workplace()
    try place.write(example.text, to: "run.yaml")
    try place.expect(Refusal(example.line, words: example.words, status: example.status))
    #expect(try place.files == ["run.yaml"])
  }
}
