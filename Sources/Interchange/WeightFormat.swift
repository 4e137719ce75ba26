import Foundation

/// The kinds of files that weights are written to; a raw value is the extension of such a file.
public enum WeightFormat: String, CaseIterable, Sendable {
  /// Named tensors behind a JSON header, <https://huggingface.co/docs/safetensors>. Written and read.
  case safetensors
  /// NumPy's zip of arrays, what `numpy.load` opens. Written and read.
  case npz
  /// A graph that onnxruntime and other engines run, <https://onnx.ai>. Written only.
  case onnx
  /// A line a value, for spreadsheets. Written only.
  case csv
  /// Nested lists, for everything else. Written only.
  case json

  /// The format that the extension of `path` names, in upper or lower case.
  ///
  /// - throws: `InterchangeError` for another extension or none; it lists the known ones.
  public init(path: String) throws {
    let suffix = (path as NSString).pathExtension.lowercased()
    guard let format = WeightFormat(rawValue: suffix) else {
      let problem = suffix.isEmpty ? "the file name has no extension" : "the extension .\(suffix) is no known format"
      throw InterchangeError(
        message: "\(path): \(problem)",
        hint: "end the name in one of \(WeightFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: ", "))")
    }
    self = format
  }
}
