import Interchange
import Testing

struct WeightFormatTests {
  @Test func extensionsAreKnownInAnyCase() throws {
    #expect(try WeightFormat(path: "a/b.c.safetensors") == .safetensors)
    #expect(try WeightFormat(path: "W.NPZ") == .npz)
    #expect(try WeightFormat(path: "/w.Csv") == .csv)
    #expect(try WeightFormat(path: "w.json") == .json)
    #expect(try WeightFormat(path: "w.ONNX") == .onnx)
  }

  @Test(arguments: [
    ("w.pt", "w.pt: the extension .pt is no known format"), ("w", "w: the file name has no extension"),
    ("dir.npz/w", "dir.npz/w: the file name has no extension"), ("", ": the file name has no extension"),
  ])
  func othersAreRefused(_ path: String, _ message: String) throws {
    let error = try refusal { _ = try WeightFormat(path: path) }
    #expect(error.message == message)
    #expect(error.hint == "end the name in one of .safetensors, .npz, .onnx, .csv, .json")
  }
}
