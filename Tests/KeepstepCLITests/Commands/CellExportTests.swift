import Foundation
import Testing

@Suite("keepstep export and train --init of every cell")
struct CellExportTests {
  private static let sizes = "--hidden-size 9 --batch-size 2 --window 6"

  @Test("what is exported under either name trains on with the same bits", arguments: CellExample.all)
  func roundTrip(cell: CellExample) throws {
    let place = try Workplace()
    let options = "\(cell.options) \(CellExample.deep) \(Self.sizes)"
    try place.succeed("train --quiet --steps 30 --name first \(options)")
    try place.succeed("fork first@30 --quiet --name on --steps 35 --optimizer adamw --learning-rate 0.01")
    try place.succeed("train --quiet --steps 4 --name other --seed 5 \(options)")
    for file in ["k.safetensors", "k.npz", "t.safetensors", "t.npz"] {
      let names = file.hasPrefix("t") ? "torch" : "keepstep"
      for (run, start) in [("first", "0"), ("on", "30")] {
        try place.succeed("export \(run)@\(start) --quiet --names \(names) -o \(run)-\(file)")
      }
      // From step 0 all is as it was; from trained weights the first window's loss is that of the network they came from.
      try place.succeed("train --quiet --steps 4 --name \(file) --init first-\(file) \(options)")
      try place.succeed("train --quiet --steps 4 --name other-\(file) --init on-\(file) --seed 5 \(options)")
    }
    let digests =
      "SELECT DISTINCT step, digest, history_digest FROM checkpoints JOIN runs ON runs.id = run_id WHERE runs.name LIKE"
    #expect(try place.query("\(digests) '_.%' AND step IN (0, 4)").count == 2)
    #expect(try place.query("\(digests) 'other-%' AND step IN (0, 4)").count == 2)
    let steps = "SELECT step, loss, gradient_norm FROM steps JOIN runs ON runs.id = run_id WHERE step <= 4 AND name = "
    #expect(try place.query("\(steps)'first'") == place.query("\(steps)'t.npz'"))
    #expect(try place.query("\(steps)'other'") != place.query("\(steps)'other-t.npz'"))
    #expect(
      try place.query(
        "SELECT digest = (SELECT digest FROM checkpoints WHERE run_id = 1 AND step = 0) FROM checkpoints"
          + " JOIN runs ON runs.id = run_id WHERE step = 0 AND runs.name LIKE '_.%'") == ["1", "1", "1", "1"])
    try place.succeed("verify t.npz")
  }

  /// Names and shapes, in order, of one layer in one direction with H 9, I 1 and O 1.
  static let names = [
    (
      "tanh", "W_xh 1 9, W_hh 9 9, b_h 9, W_hq 9 1, b_q 1",
      "rnn.weight_ih_l0 9 1, rnn.weight_hh_l0 9 9, rnn.bias_ih_l0 9, rnn.bias_hh_l0 9, out.weight 1 9, out.bias 1"
    ),
    (
      "lstm", "W_xh 1 36, W_hh 9 36, b_h 36, W_hq 9 1, b_q 1",
      "rnn.weight_ih_l0 36 1, rnn.weight_hh_l0 36 9, rnn.bias_ih_l0 36, rnn.bias_hh_l0 36, out.weight 1 9, out.bias 1"
    ),
    (
      "projected", "W_xh 1 36, W_hh 7 36, b_h 36, W_hr 9 7, W_hq 7 1, b_q 1",
      "rnn.weight_ih_l0 36 1, rnn.weight_hh_l0 36 7, rnn.bias_ih_l0 36, rnn.bias_hh_l0 36, rnn.weight_hr_l0 7 9,"
        + " out.weight 1 7, out.bias 1"
    ),
    (
      "gru", "W_xh 1 27, W_hh 9 27, b_h 18, b_xn 9, b_hn 9, W_hq 9 1, b_q 1",
      "rnn.weight_ih_l0 27 1, rnn.weight_hh_l0 27 9, rnn.bias_ih_l0 27, rnn.bias_hh_l0 27, out.weight 1 9, out.bias 1"
    ),
  ]

  @Test("the CSV and JSON files name and shape the tensors as the manual and PyTorch do", arguments: names)
  func texts(cell: String, keepstep: String, torch: String) throws {
    let place = try Workplace()
    let example = try #require(CellExample.all.first { $0.name == cell })
    try place.succeed("train --quiet --steps 2 \(example.options) \(Self.sizes)")
    for (names, expected) in [("keepstep", keepstep), ("torch", torch)] {
      try place.succeed("export 1@2 --quiet --names \(names) -o w.csv")
      try place.succeed("export 1@2 --quiet --names \(names) -o w.json")
      let tensors = expected.components(separatedBy: ", ").map { $0.split(separator: " ").map(String.init) }
      let rows = String(decoding: try place.data("w.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      var order: [String] = []
      for row in rows where order.last != row[0] { order.append(row[0]) }
      let expectedOrder = tensors.map { $0[0] }
      // Keepstep's own are in the order of the alphabet.
      #expect(order == (names == "torch" ? expectedOrder : expectedOrder.sorted()))

      let parsed = try JSONSerialization.jsonObject(with: try place.data("w.json")) as? [String: [String: Any]]
      let file = try #require(parsed?["tensors"] as? [String: [String: Any]])
      #expect(file.count == tensors.count)
      for tensor in tensors {
        let shape = tensor.dropFirst().compactMap { Int($0) }
        #expect(file[tensor[0]]?["shape"] as? [Int] == shape)
        #expect(rows.filter { $0[0] == tensor[0] }.count == shape.reduce(1, *))
      }
    }
  }
}
