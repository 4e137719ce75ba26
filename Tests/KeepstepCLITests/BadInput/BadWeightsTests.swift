import Foundation
import Testing

@Suite("Bad weights")
struct BadWeightsTests {
  static let refusals = [
    Refusal("train --init none.npz", "none.npz", "No such file"),
    Refusal("train --init folder.npz", "folder.npz"),
    Refusal("train --init small.safetensors", "\"W_xh\"", "[1, 4]", "[1, 32]"),
    Refusal("train --init small.npz --hidden-size 5", "\"W_xh\"", "[1, 4]", "[1, 5]"),
    Refusal("train --init torch.npz", "[1, 4]", "[1, 32]"),
    Refusal("train --init small.npz --hidden-size 4 --no-bias", "b_h"),
    Refusal("train --init cut.safetensors --hidden-size 4", "cut.safetensors", "byte 116", "113"),
    Refusal("train --init header.safetensors", "header.safetensors", "\(1 << 60)", "2"),
    Refusal("train --init shape.safetensors", "shape.safetensors", "W_hh", "4294967296"),
    Refusal("train --init offsets.safetensors", "offsets.safetensors", "W_hh"),
    Refusal("train --init text.npz", "text.npz", "zip"),
    Refusal("train --init cut.npz --hidden-size 4", "cut.npz"),
    Refusal("train --init small.csv", "small.csv", ".csv"),
    Refusal("train --init empty.safetensors", "empty.safetensors", "0 bytes"),
  ]

  @Test("is refused by file, tensor and both values", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try Workplace()
    try place.succeed("train --steps 2 --hidden-size 4 --name small")
    for file in ["small.safetensors", "small.npz", "small.csv"] { try place.succeed("export small -q -o \(file)") }
    try place.succeed("export small -q -o torch.npz --names torch")
    try FileManager.default.createDirectory(at: place.url("folder.npz"), withIntermediateDirectories: false)
    try place.data("small.safetensors").dropLast(3).write(to: place.url("cut.safetensors"))
    // Further back than the zip file's comment, which holds no weights.
    let archive = try place.data("small.npz")
    try archive.prefix(archive.count / 2).write(to: place.url("cut.npz"))
    try place.write("hello, this is no zip", to: "text.npz")
    try place.write("", to: "empty.safetensors")
    try Self.forge("header.safetensors", length: 1 << 60, header: "{}", in: place)
    // The product of the dimensions wraps around to 16 bytes.
    try Self.forge(
      "shape.safetensors", header: entry(shape: "[4294967296,4294967297]", offsets: "[0,16]"), values: 16, in: place)
    try Self.forge("offsets.safetensors", header: entry(shape: "[2,2]", offsets: "[0,16]"), values: 8, in: place)
    try place.expect(refusal)
  }

  private func entry(shape: String, offsets: String) -> String {
    #"{"W_hh":{"dtype":"F32","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  private static func forge(
    _ name: String, length: UInt64? = nil, header: String, values: Int = 0, in place: Workplace
  ) throws {
    let length = length ?? UInt64(header.utf8.count)
    var bytes = withUnsafeBytes(of: length.littleEndian) { Data($0) }
    bytes.append(Data(header.utf8))
    bytes.append(Data(count: values))
    try bytes.write(to: place.url(name))
  }
}
