import Foundation
import Interchange
import Recurrent
import Testing

struct WeightFileTests {
  @Test func contentDecidesTheFormat() throws {
    try withFolder { folder in
      for format in [WeightFormat.safetensors, .npz] {
        for name in ["/w.npz", "/w.safetensors", "/w"] {
          try WeightFile.write(samples, metadata: [:], to: folder + name, format: format)
          #expect(try WeightFile.read(path: folder + name) == samples)
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["w", "w.npz", "w.safetensors"])
    }
  }

  @Test func whatIsNoFileOfWeightsIsNotRead() throws {
    try withFolder { (folder: String) throws in
      func message(_ name: String, _ content: Data?) throws -> String {
        let path = folder + "/" + name
        try content?.write(to: URL(fileURLWithPath: path))
        let error = try refusal { _ = try WeightFile.read(path: path) }
        try #require(error.message.hasPrefix("\(path): "))
        return String(error.message.dropFirst(path.count + 2))
      }
      #expect(try message("none.npz", nil) == "cannot be opened: No such file or directory")
      #expect(try message(".", nil) == "this is a folder")
      #expect(
        try message("w.csv", Data("name,row,column,value\n".utf8)) == "this is neither a .safetensors nor a .npz file")
      #expect(try message("w", Data()) == "this is neither a .safetensors nor a .npz file")
      #expect(try message("w.npz", Data("hello".utf8)).hasPrefix("the zip file cannot be read: "))
      #expect(try message("w.safetensors", Data("hello".utf8)).contains("this one has 5 bytes"))
      #expect(try message("w.npy", try NPY.encode(samples[0])) == "this is a single array (.npy), which has no name")
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      #expect(try message("pipe", nil) == "this is not a regular file")
    }
  }

  @Test func aSparseFileOfTerabytesIsNotRead() throws {
    try withFolder { folder in
      let path = folder + "/w.safetensors"
      try Data().write(to: URL(fileURLWithPath: path))
      try #require(truncate(path, 1 << 42) == 0)
      let error = try refusal { _ = try WeightFile.read(path: path) }
      #expect(error.message.hasPrefix("\(path): it asks for 4398046511104 bytes, at most "))
    }
  }

  @Test func aFileIsReplacedWholeAndKeepsItsPermissions() throws {
    try withFolder { folder in
      let path = folder + "/w.safetensors"
      try WeightFile.write(samples, metadata: [:], to: path)
      try #require(chmod(path, 0o640) == 0)
      try #require(symlink(path, folder + "/link.safetensors") == 0)
      try WeightFile.write([samples[1]], metadata: [:], to: folder + "/link.safetensors")
      #expect(try WeightFile.read(path: path) == [samples[1]])
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link.safetensors") == path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }
  }

  @Test func whatCannotBeWrittenLeavesNothingBehind() throws {
    try withFolder { folder in
      func error(_ path: String, _ tensors: [NamedTensor] = samples) throws -> InterchangeError {
        try refusal { try WeightFile.write(tensors, metadata: [:], to: path, format: .npz) }
      }
      #expect(try error(folder).message == "\(folder): this is a folder")
      // A pipe stands for /dev/null and /dev/stdout, which a test that fails would replace on the machine it runs on.
      try #require(mkfifo(folder + "/pipe", 0o600) == 0)
      #expect(try error(folder + "/pipe").message == "\(folder)/pipe: this is not a regular file")
      try FileManager.default.removeItem(atPath: folder + "/pipe")
      #expect(
        try error(folder + "/none/w.npz").message
          == "\(folder)/none/w.npz: cannot be written: folder \(folder)/none: No such file or directory")
      // A name of 300 bytes: the file beside it can be written, but not renamed.
      let long = folder + "/" + String(repeating: "w", count: 296) + ".npz"
      #expect(try error(long).message == "\(long): cannot be written: File name too long")
      let old = Data("old".utf8)
      try old.write(to: URL(fileURLWithPath: folder + "/w.npz"))
      let diverged = [NamedTensor(name: "t", shape: [1], values: [.nan])]
      #expect(try error(folder + "/w.npz", diverged).message.contains("nan is not a finite float32"))
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/w.npz")) == old)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["w.npz"])
    }
  }

  @Test func aReadOnlyFolderIsNamed() throws {
    try withFolder { folder in
      try #require(chmod(folder, 0o555) == 0)
      // Nothing is read-only to root, but the kernel's own files are.
      let readOnly = geteuid() == 0 ? "/sys" : folder
      let error = try refusal { try WeightFile.write(samples, metadata: [:], to: readOnly + "/w.npz") }
      #expect(error.message.hasPrefix("\(readOnly)/w.npz: cannot be written: folder \(readOnly): "))
      #expect(error.hint == "name a file in a folder that exists and that you may write to")
      try #require(chmod(folder, 0o755) == 0)
    }
  }

  @Test func anUnknownExtensionWritesNothing() throws {
    try withFolder { folder in
      let error = try refusal { try WeightFile.write(samples, metadata: [:], to: folder + "/w.pt") }
      #expect(error.message == "\(folder)/w.pt: the extension .pt is no known format")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func anONNXFileIsWrittenWithItsOptionsOnlyAndNotRead() throws {
    try withFolder { folder in
      let (path, weights) = (folder + "/w.onnx", sampleNetwork(sampleShapes[0]))
      let error = try refusal { try WeightFile.write(weights, metadata: [:], to: path) }
      #expect(error.message.contains("the tensors do not tell the network's nonlinearity"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      let options = ONNXOptions(nonlinearity: .relu)
      try WeightFile.write(weights, metadata: ["a": "b"], to: path, onnx: options)
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(data == (try ONNX.encode(weights, options: options, metadata: ["a": "b"])))
      let reading = try refusal { _ = try WeightFile.read(path: path) }
      #expect(reading.message == "\(path): this is neither a .safetensors nor a .npz file")
    }
  }

  @Test func whatIsWrittenPieceByPieceIsWholeOrAbsent() throws {
    try withFolder { folder in
      let path = folder + "/t.csv"
      let old = Data("old".utf8)
      try old.write(to: URL(fileURLWithPath: path))
      #expect(throws: CancellationError.self) {
        try AtomicFile.write(to: path) { append in
          try append(Data("half".utf8))
          throw CancellationError()
        }
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == old)
      try AtomicFile.write(to: path) { append in
        for piece in ["a", "", "bc"] { try append(Data(piece.utf8)) }
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("abc".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.csv"])
    }
  }
}
