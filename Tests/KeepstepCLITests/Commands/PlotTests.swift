import Foundation
import Testing

@Suite("keepstep plot")
struct PlotTests {
  static let cases = [
    ("loss.svg", "flow", "Training loss of flow"),
    ("both.svg", "flow other", "Training loss"),
    ("linear.svg", "flow --axis linear", "Training loss of flow"),
    ("predictions.svg", "flow --kind predictions", "flow: targets and predictions of flow"),
    ("hidden.svg", "flow --kind hidden", "Hidden states of flow, stream 1 of 2"),
    ("second.svg", "flow --kind hidden --stream 2", "Hidden states of flow, stream 2 of 2"),
    ("weights.svg", "flow --kind weights", "Weights of flow after step 20"),
    ("weights.pdf", "flow@6 --kind weights", "Weights of flow after step 6"),
    ("loss.png", "flow", "Training loss of flow"),
    ("loss.pdf", "flow other", "Training loss"),
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
      let words = ["predictions.svg": "prediction", "weights.svg": "W_hh", "hidden.svg": "unit", "second.svg": "unit"]
      #expect(text.contains(words[file] ?? "mean squared error"))
    } else {
      #expect(picture.starts(with: file.hasSuffix("pdf") ? Array("%PDF".utf8) : [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A]))
    }
    #expect(try place.succeed("plot \(arguments) -o again.\(file.suffix(3)) --quiet").errors == "")
  }

  @Test("draws the data's last rows and the forecast after them, with the dates carried on")
  func forecast() throws {
    let place = try Workplace()
    let months = (0..<24).map { "202\($0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1),\($0 % 6)\n" }
    try place.write("month,flow\n" + months.joined(), to: "flow.csv")
    try place.succeed(
      "train --data flow.csv --index month --inputs flow --targets flow --shift 1 --window 4 --steps 20 --name flow")
    let outcome = try place.succeed("plot flow --kind forecast --horizon 6 --rows 8 -o forecast.svg")
    #expect(outcome.errors == "forecast.svg: Forecast of flow\n")
    let text = String(decoding: try place.data("forecast.svg"), as: UTF8.self)
    for label in ["flow", "forecast", "month", "2021-05", "2022-0"] { #expect(text.contains(label), "\(label)") }
    #expect(try place.succeed("plot flow --kind forecast").output.contains("Forecast of flow"))
    try place.succeed("report flow -o report.html")
    #expect(String(decoding: try place.data("report.html"), as: UTF8.self).contains("aria-label=\"Forecast of flow\""))
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

  @Test("marks evaluations, checkpoints and the best one on a loss curve")
  func marks() throws {
    let place = try FlowExample.place()
    try place.succeed("plot flow -o loss.svg")
    let text = String(decoding: try place.data("loss.svg"), as: UTF8.self)
    for label in ["loss of each step", "mean at evaluations", "checkpoint", "best"] {
      #expect(text.contains("<text>\(label)</text>"), "\(label)")
    }
  }

  @Test("into the terminal without -o: no colours where there is none, and not wider than COLUMNS says")
  func terminal() throws {
    let place = try FlowExample.place()
    for (columns, kind) in [(40, "loss"), (80, "loss"), (200, "predictions"), (60, "hidden"), (80, "weights")] {
      let outcome = try place.keepstep(
        "plot flow --kind \(kind)", environment: ["COLUMNS": "\(columns)", "LINES": "30"])
      #expect(outcome.status == 0 && outcome.errors == "")
      #expect(outcome.lines.allSatisfy { $0.count <= columns })
      #expect(!outcome.output.contains("\u{1B}"))
      #expect(outcome.output.unicodeScalars.contains { !$0.isASCII })
      if kind == "loss" { #expect(outcome.lines.count <= 29 && outcome.output.contains("◎ best")) }
      let plain = try place.keepstep("plot flow --kind \(kind)", environment: ["LC_ALL": "C"])
      #expect(plain.output.unicodeScalars.allSatisfy { $0.isASCII }, "\(plain.output)")
    }
  }

  @Test("with colours on a terminal, unless NO_COLOR is set")
  func colors() throws {
    let place = try FlowExample.place()
    let command = "'\(try Binary.keepstep.path)' plot flow --kind weights"
    let colored = try place.run("script", package: "bsdutils", ["-qec", command, "/dev/null"])
    #expect(colored.status == 0 && colored.output.contains("\u{1B}[48;5;"))
    let plain = try place.run("script", package: "bsdutils", ["-qec", "NO_COLOR=1 \(command)", "/dev/null"])
    #expect(plain.status == 0 && !plain.output.contains("\u{1B}"))
  }
}
