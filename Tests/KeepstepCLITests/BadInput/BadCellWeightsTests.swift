import Foundation
import Testing

@Suite("Weights of another network")
struct BadCellWeightsTests {
  private static let sizes = "--hidden-size 9 --num-layers 2 --bidirectional"
  /// One of those whose tensors are alike.
  private static let cells = CellExample.all.filter { $0.name != "relu" }

  @Test("a file of another cell is refused with the options that it asks for", arguments: cells)
  func otherCells(cell: CellExample) throws {
    let place = try Workplace()
    try place.succeed("train --quiet --steps 1 --name w \(cell.options) \(Self.sizes)")
    for names in ["keepstep", "torch"] { try place.succeed("export w --quiet --names \(names) -o \(names).npz") }
    let projection = cell.projection.map { " --proj-size \($0)" } ?? ""
    let kind = cell.options.split(separator: " ")[1]
    let asked = "`--cell \(kind) --hidden-size 9 --num-layers 2 --bidirectional\(projection)` with 1 input and 1 output"
    for other in Self.cells where other.name != cell.name {
      for names in ["keepstep", "torch"] {
        try place.expect(
          Refusal("train --init \(names).npz \(other.options) \(Self.sizes)", "\(names).npz: cannot load ", asked))
      }
    }
    for options in ["--hidden-size 9 --num-layers 2", "--hidden-size 9 --num-layers 3 --bidirectional"] {
      try place.expect(Refusal("train --init keepstep.npz \(cell.options) \(options)", "cannot load ", asked))
    }
    try place.expect(
      Refusal("train --init torch.npz \(cell.options) \(Self.sizes) --no-bias", "cannot load ", "b_h", asked))
  }

  @Test("a file of weights under PyTorch's names with more than one network is refused", arguments: ["lstm", "gru"])
  func damaged(cell: String) throws {
    let place = try Workplace()
    try place.succeed("train --quiet --steps 1 --name w --hidden-size 5 --cell \(cell)")
    try place.succeed("export w --quiet --names torch -o whole.npz")
    // An entry of the zip file's directory under another name, of the same length.
    var bytes = try place.data("whole.npz")
    while let range = bytes.range(of: Data("rnn.bias_hh_l0".utf8)) {
      bytes.replaceSubrange(range, with: Data("rnn.bias_hh_l7".utf8))
    }
    try bytes.write(to: place.url("renamed.npz"))
    try place.expect(Refusal("train --init renamed.npz --hidden-size 5 --cell \(cell)", "renamed.npz", "bias_hh_l"))
  }
}
