import Foundation
import Testing

@Suite("keepstep train: what the network is made of")
struct ModelOptionTests {
  @Test("every option of the model is recorded", arguments: CellExample.all)
  func recorded(cell: CellExample) throws {
    let place = try Workplace()
    try place.succeed("train --quiet --steps 3 --hidden-size 11 --batch-size 2 \(cell.options) \(CellExample.deep)")
    let names = ["bidirectional", "cell", "dropout", "hidden_size", "nonlinearity", "num_layers", "proj_size"]
    let rows = try place.query("SELECT name, value FROM hyperparameters ORDER BY name").filter { row in
      names.contains { row.hasPrefix("\($0),") }
    }
    let kind = cell.options.split(separator: " ")[1]
    #expect(
      rows == [
        "bidirectional,1", "cell,\(kind)", "dropout,0.3", "hidden_size,11",
        "nonlinearity,\(cell.name == "relu" ? "relu" : "tanh")", "num_layers,2", "proj_size,\(cell.projection ?? 0)",
      ])
    #expect(try place.succeed("runs --format csv").rows[0]["cell"] == String(kind))
    try place.succeed("verify last")
  }

  @Test("the tensors have the manual's names and shapes", arguments: CellExample.all, [1, 2])
  func tensors(cell: CellExample, directions: Int) throws {
    let place = try Workplace()
    let (H, P, G) = (11, cell.projection ?? 11, cell.gates)
    let bidirectional = directions == 2 ? "--bidirectional" : ""
    try place.succeed(
      "train --quiet --steps 0 --hidden-size \(H) --num-layers 3 --batch-size 2 \(bidirectional) \(cell.options)")
    var (weights, states) = (["W_hq [\(directions * P),1]", "b_q [1]"], [String]())
    for (layer, inputs) in [("", 1), ("_l1", directions * P), ("_l2", directions * P)] {
      for suffix in ["", "_reverse"].prefix(directions).map({ layer + $0 }) {
        weights += ["W_xh\(suffix) [\(inputs),\(G * H)]", "W_hh\(suffix) [\(P),\(G * H)]"]
        weights +=
          G == 3
          ? ["b_h\(suffix) [\(2 * H)]", "b_xn\(suffix) [\(H)]", "b_hn\(suffix) [\(H)]"] : ["b_h\(suffix) [\(G * H)]"]
        if P != H { weights.append("W_hr\(suffix) [\(H),\(P)]") }
        states.append("H\(suffix) [2,\(P)]")
        if G == 4 { states.append("C\(suffix) [2,\(H)]") }
      }
    }
    func stored(_ kind: String) throws -> [String] {
      try place.sqlite3("SELECT name || ' ' || shape FROM tensors WHERE kind = '\(kind)'")
        .split(separator: "\n").map(String.init).sorted()
    }
    #expect(try stored("weight") == weights.sorted())
    #expect(try stored("hidden") == states.sorted())
    let moments = weights.flatMap { weight in
      let parts = weight.split(separator: " ")
      return ["\(parts[0]).m \(parts[1])", "\(parts[0]).v \(parts[1])"]
    }
    #expect(try stored("optimizer") == moments.sorted())
  }

  @Test("--no-bias leaves out the biases of every cell but the output layer's", arguments: CellExample.all)
  func noBias(cell: CellExample) throws {
    let place = try Workplace()
    try place.succeed("train --quiet --steps 3 --hidden-size 11 --no-bias \(cell.options) \(CellExample.deep)")
    #expect(
      try place.query("SELECT DISTINCT name FROM tensors WHERE name LIKE 'b%' AND kind = 'weight'") == ["b_q"])
    try place.succeed("verify last")
  }

  @Test("dropout is at work in training, off in predictions, and none behind the last layer")
  func dropout() throws {
    let place = try Workplace()
    let train = "train --quiet --optimizer sgd --learning-rate 1e-30 --steps 1 --num-layers 2"
    for (name, options) in [("a", "--dropout 0"), ("b", "--dropout 0.5"), ("c", "--dropout 0.5 --seed 2")] {
      try place.succeed("\(train) --name \(name) \(options)")
    }
    #expect(try place.query("SELECT count(DISTINCT loss) FROM steps") == ["3"])
    // The weights are the seed's still: without dropout both give the same outputs.
    #expect(try place.succeed("predict a@0").output == place.succeed("predict b@0").output)
    let single = "train --quiet --steps 9 --cell lstm"
    try place.succeed("\(single) --name d")
    try place.succeed("\(single) --name e --dropout 0.5")
    #expect(
      try place.query("SELECT count(DISTINCT history_digest) FROM checkpoints WHERE step = 9") == ["1"])
  }
}
