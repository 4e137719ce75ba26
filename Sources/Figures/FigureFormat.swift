import Foundation

/// A kind of picture file, told by the file's extension.
public enum FigureFormat: String, Sendable, CaseIterable {
  /// Scalable vector graphics.
  case svg
  /// Portable network graphics.
  case png
  /// Portable document format, of one page.
  case pdf

  /// The format that a path's extension names, in whatever case.
  ///
  /// - Throws: `FigureError` that lists the formats, when it names none of them.
  public init(path: String) throws {
    let file = URL(fileURLWithPath: path)
    guard let format = FigureFormat(rawValue: file.pathExtension.lowercased()) else {
      let known = FigureFormat.allCases.map { "." + $0.rawValue }.joined(separator: ", ")
      let found = file.pathExtension.isEmpty ? "no extension" : "the extension .\(file.pathExtension)"
      throw FigureError(
        "cannot draw \(path): it has \(found), and pictures are written as \(known)",
        hint: "name the picture like \(file.deletingPathExtension().lastPathComponent).svg")
    }
    self = format
  }

  /// gnuplot's driver for the format.
  var driver: String {
    switch self {
    case .svg: "svg"
    case .png: "pngcairo"
    case .pdf: "pdfcairo"
    }
  }

  /// The clause `size` of gnuplot's terminal for so many pixels: PDF counts inches, of 96 pixels.
  func size(width: Int, height: Int) -> String {
    switch self {
    case .svg, .png: "size \(width),\(height)"
    case .pdf: "size \(Double(width) / 96)in,\(Double(height) / 96)in"
    }
  }

  /// The size of the axes' texts in the driver's unit, 15 pixels: SVG counts pixels, PNG and PDF points.
  var fontSize: Int {
    switch self {
    case .svg: 15
    case .png, .pdf: 11
    }
  }

  /// The size of the title in the driver's unit, 19 pixels.
  var titleSize: Int {
    switch self {
    case .svg: 19
    case .png, .pdf: 14
    }
  }
}
