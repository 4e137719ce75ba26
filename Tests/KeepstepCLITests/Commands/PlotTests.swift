import Foundation
import Testing

@Suite("keepstep plot")
struct PlotTests {
  static let cases = [
    ("loss.svg", "flow", "Training loss of flow"),
    ("both.svg", "flow other", "Training loss"),
    ("predictions.svg", "flow --kind predictions", "flow: targets and predictions of flow"),
    ("loss.png", "flow", "Training loss of flow"),
    (
      "predictions.png", "flow other@last --kind predictions --rows 9",
      "flow: targets and predictions of flow, other@last"
    ),
  ]

  @Test("draws a picture of the kind that its name says", arguments: cases)
  func draws(file: String, arguments: String, title: String) throws {
    let place = try FlowExample.place()
    try place.succeed("fork flow@12 --name other --learning-rate 0.5")
    let outcome = try place.succeed("plot \(arguments) -o \(file)")
    #expect(outcome.output == "" && outcome.errors == "\(file): \(title)\n")
    let picture = try place.data(file)
    if file.hasSuffix("svg") {
      let text = String(decoding: picture, as: UTF8.self)
      #expect(text.contains("<svg") && text.contains("</svg>") && text.contains(title))
      #expect(text.contains(file.hasPrefix("predictions") ? "prediction" : "mean squared error"))
    } else {
      #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
      #expect(picture.suffix(8).starts(with: Data("IEND".utf8)))
    }
    #expect(try place.succeed("plot \(arguments) -o again.\(file.suffix(3)) --quiet").errors == "")
  }

  @Test("the seed's picture: the last window, targets red and predictions blue")
  func seed() throws {
    let place = try Workplace()
    try place.succeed("train")
    try place.succeed("plot last --kind predictions -o seed.svg")
    let text = String(decoding: try place.data("seed.svg"), as: UTF8.self).lowercased()
    #expect(text.contains("rgb(214,  39,  40)"))
    #expect(text.contains("rgb( 31, 111, 180)"))
    #expect(text.contains("radians"))
  }
}
