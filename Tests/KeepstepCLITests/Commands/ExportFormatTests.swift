import Foundation
import Testing

@Suite("keepstep export: ONNX, names, metadata and --top")
struct ExportFormatTests {
  @Test("an .onnx file has the network, where it came from, and its columns")
  func onnx() throws {
    let place = try FlowExample.place()
    #expect(try place.succeed("export flow@18 -o w.onnx").errors == "w.onnx: 5 tensors of flow, step 18\n")
    let data = try place.data("w.onnx")
    let digest = try place.query("SELECT digest FROM checkpoints WHERE run_id = 1 AND step = 18")[0]
    // Texts stand in a protobuf as they are; Tests/InterchangeTests look at all of the file.
    for text in [
      "RNN", "Tanh", "h_0", "h_n", "digest", digest, "run", "flow", "step", "18", "keepstep_version", "inputs",
      #"["flow","rain"]"#, "targets", #"["flow"]"#,
    ] {
      #expect(data.range(of: Data(text.utf8)) != nil, "\(text)")
    }
    #expect(data.range(of: Data("Transpose".utf8)) == nil && data.range(of: Data("Relu".utf8)) == nil)
  }

  @Test("an .onnx file knows relu, and the order of axes that the run has")
  func onnxOptions() throws {
    let place = try WalkExample.place()
    try place.succeed(
      "train --data walks.npz --batch-first --inputs x --targets x --nonlinearity relu --window 4 --steps 2")
    try place.succeed("export 1@2 -o w.onnx -q")
    let data = try place.data("w.onnx")
    for text in ["Relu", "Transpose"] { #expect(data.range(of: Data(text.utf8)) != nil, "\(text)") }
  }

  @Test(
    "a safetensors file tells in its header where it came from",
    arguments: [("keepstep", "keepstep"), ("torch", "pt"), ("mlx", "mlx")])
  func metadata(names: String, format: String) throws {
    let place = try FlowExample.place()
    try place.succeed("export flow@18 -o w.safetensors -q --names \(names)")
    let data = try place.data("w.safetensors")
    let count = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(count)) as? [String: [String: Any]]
    let found = try #require(header?["__metadata__"] as? [String: String])
    let row = try place.query("SELECT uuid, digest FROM runs JOIN checkpoints ON run_id = runs.id WHERE step = 18")[0]
    let version = try place.succeed("--version").output.trimmingCharacters(in: .whitespacesAndNewlines)
    let (uuid, digest) = (String(row.prefix { $0 != "," }), String(row.suffix(64)))
    #expect(
      found == [
        "format": format, "run": "flow", "run_uuid": uuid, "step": "18", "digest": digest,
        "keepstep_version": version, "inputs": #"["flow","rain"]"#, "targets": #"["flow"]"#,
      ])
  }

  @Test("--top writes the best checkpoints, the best first, each as the one that its step names")
  func top() throws {
    let place = try FlowExample.place()
    try place.succeed(
      "train --name many --steps 40 --checkpoint-every 10 --evaluate-every 5 --keep all --seed 2 --hidden-size 3")
    let ranked = try place.query(
      "SELECT step FROM checkpoints WHERE run_id = 2 AND monitor_value IS NOT NULL ORDER BY monitor_value, step")
    try #require(ranked.count >= 4)
    let outcome = try place.succeed("export many --top 3 -o w.npz")
    let lines = (1...3).map { "w-\($0).npz: 5 tensors of many, step \(ranked[$0 - 1])\n" }
    #expect(outcome.output == "" && outcome.errors == lines.joined())
    for (index, step) in ranked.prefix(3).enumerated() {
      try place.succeed("export many@\(step) -q -o one.npz")
      #expect(try place.data("w-\(index + 1).npz") == place.data("one.npz"))
    }
    #expect(try place.data("w-1.npz") != place.data("w-2.npz"))
    #expect(try place.files.filter { $0.hasPrefix("w") } == ["w-1.npz", "w-2.npz", "w-3.npz"])
  }

  @Test("--top writes all files or none, and over none that is there")
  func topOrNone() throws {
    let place = try FlowExample.place()
    try place.succeed("train --name many --steps 40 --checkpoint-every 10 --evaluate-every 5 --keep all")
    try place.write("mine", to: "w-3.npz")
    try place.expect(Refusal("export many --top 3 -o w.npz", "w-3.npz: there is such a file already"))
    #expect(try place.files.filter { $0.hasPrefix("w") } == ["w-3.npz"])
    // The second best is damaged: the best alone is not written.
    let second = try place.query(
      "SELECT id FROM checkpoints WHERE run_id = 2 AND monitor_value IS NOT NULL ORDER BY monitor_value, step")[1]
    try place.sqlite3("UPDATE tensors SET data = zeroblob(length(data)) WHERE checkpoint_id = \(second)")
    try place.expect(Refusal("export many --top 2 -o v.npz", "is damaged"))
  }

  static let refusals = [
    Refusal("export flow --top 3 -o w.npz", "run flow keeps 1 checkpoint with a monitored value", "asks for 3"),
    Refusal("export flow --top 0 -o w.npz", "--top is 0; it must be at least 1", status: 64),
    Refusal("export flow --top -2 -o w.npz", "--top is -2", status: 64),
    Refusal("export flow --top many -o w.npz", "'many'", "--top", status: 64),
    Refusal("export flow@18 --top 2 -o w.npz", "--top", "@18", status: 64),
    Refusal("export flow --names jax -o w.npz", "'jax'", "keepstep", "torch", "mlx", status: 64),
    Refusal("export flow --names torch -o w.onnx", "--names", "graph", status: 64),
    Refusal("export flow -o none/w.onnx", "none/w.onnx", "No such file"),
    Refusal("export deep --names mlx -o w.npz", "MLX's LSTM has no projection", "32", "4"),
    Refusal("train --init w.onnx", "w.onnx: this is neither a .safetensors nor a .npz file"),
  ]

  @Test("what can't be written is refused, and nothing is left", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try FlowExample.place()
    if refusal.line.contains("deep") {
      try place.succeed("train --name deep --steps 1 --cell lstm --proj-size 4")
    }
    if refusal.line.contains("--init") { try place.succeed("export flow -q -o w.onnx") }
    try place.expect(refusal)
  }
}
