import Foundation
import Testing

@Suite("keepstep export and train --init")
struct ExportTests {
  static let cases = ["safetensors", "npz"].flatMap { ending in ["keepstep", "torch", "mlx"].map { (ending, $0) } }

  @Test("what is exported comes back through --init, to the bit", arguments: cases)
  func roundTrip(ending: String, names: String) throws {
    let place = try FlowExample.place()
    let file = "w.\(ending)"
    let outcome = try place.succeed("export flow@18 -o \(file) --names \(names)")
    #expect(outcome.output == "" && outcome.errors == "\(file): \(names == "torch" ? 6 : 5) tensors of flow, step 18\n")
    try place.succeed(
      "train --steps 0 --name copy --hidden-size 8 --data flow.csv --inputs flow,rain --targets flow"
        + " --window 4 --init \(file)")
    let weights = "SELECT W_xh, W_hh, b_h, W_hq, b_q FROM weights WHERE run_id = "
    #expect(try place.query(weights + "2 AND step = 0") == place.query(weights + "1 AND step = 18"))
    #expect(try place.query("SELECT value FROM hyperparameters WHERE run_id = 2 AND name = 'init'") == [file])
  }

  @Test("without a checkpoint the best one is written, quietly if asked")
  func best() throws {
    let place = try FlowExample.place()
    #expect(try place.succeed("export flow -o a.npz").errors == "a.npz: 5 tensors of flow, step 20\n")
    #expect(try place.succeed("export flow@best -o b.npz --quiet").errors == "")
    #expect(try place.data("a.npz") == place.data("b.npz"))
  }

  @Test("CSV: a line a value, and the decimals give the bits back")
  func csv() throws {
    let place = try FlowExample.place()
    try place.succeed("export flow@18 -o w.csv -q")
    let lines = String(decoding: try place.data("w.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "name,row,column,value")
    #expect(lines.count == 1 + 2 * 8 + 8 * 8 + 8 + 8 + 1)
    let values = lines.filter { $0.hasPrefix("W_hh,") }.compactMap { Float($0.split(separator: ",")[3]) }
    let hexadecimal = values.map { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { $0.map { String(format: "%02x", $0) }.joined() }
    }
    #expect([hexadecimal.joined()] == (try place.query("SELECT W_hh FROM weights WHERE run_id = 1 AND step = 18")))
  }

  @Test("JSON: shapes, values, and where they came from")
  func json() throws {
    let place = try FlowExample.place()
    try place.succeed("export flow@18 -o w.json -q")
    let parsed = try JSONSerialization.jsonObject(with: try place.data("w.json")) as? [String: [String: Any]]
    let file = try #require(parsed)
    #expect(file["metadata"]?["run"] as? String == "flow" && file["metadata"]?["step"] as? String == "18")
    let digest = try place.query("SELECT digest FROM checkpoints WHERE run_id = 1 AND step = 18")[0]
    #expect(file["metadata"]?["digest"] as? String == digest)
    let tensor = try #require(file["tensors"]?["W_xh"] as? [String: Any])
    #expect(tensor["shape"] as? [Int] == [2, 8])
  }
}
