import Foundation
import Testing

@Suite("keepstep report")
struct ReportTests {
  @Test("one page with all pictures, the hyperparameters, the segments and the commands that repeat the run")
  func page() throws {
    let place = try FlowExample.place()
    let outcome = try place.succeed("report flow -o report.html")
    #expect(outcome.output == "" && outcome.errors == "report.html: flow\n")
    let html = String(decoding: try place.data("report.html"), as: UTF8.self)
    #expect(html.components(separatedBy: "<svg ").count == 9, "four pictures, each wide and narrow")
    for text in [
      "<h1>flow</h1>", "aria-label=\"Training loss of flow\"", "aria-label=\"flow: targets and predictions of flow\"",
      "aria-label=\"Hidden states of flow, stream 1 of 2\"", "aria-label=\"Weights of flow after step 20\"",
      "<dt>learning_rate</dt><dd>0.01</dd>", "<td>finished</td>", "keepstep verify flow", "RNN, 8 hidden units",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    let files = try place.files
    #expect(files == ["flow.csv", "keepstep.db", "keepstep.db-lock", "report.html"], "\(files)")
    #expect(try place.succeed("report flow@6 -o again.htm --quiet").errors == "")
    #expect(String(decoding: try place.data("again.htm"), as: UTF8.self).contains("Weights of flow after step 6"))
  }

  @Test("a stranger's name is no markup and no command")
  func hostileName() throws {
    let place = try FlowExample.place()
    let name = "</title><script>alert('\"1')</script>$(touch run)"
    try place.sqlite3("UPDATE runs SET name = '\(name.replacing("'", with: "''"))', note = '<b>note</b>'")
    try place.succeed("report 1 -o report.html")
    let html = String(decoding: try place.data("report.html"), as: UTF8.self)
    #expect(!html.contains("<script") && !html.contains("<b>"))
    #expect(html.contains("&lt;/title&gt;&lt;script&gt;alert(&#39;&quot;1&#39;)&lt;/script&gt;$(touch run)"))
    #expect(html.contains("keepstep verify &#39;&lt;/title&gt;"), "quoted for a shell, too")
  }

  @Test("says why a picture is not there")
  func missingPictures() throws {
    let place = try Workplace()
    try place.succeed("train --steps 20 --record-hidden-every 0 --evaluate-every 0 --name bare")
    try place.succeed("report bare -o bare.html")
    let html = String(decoding: try place.data("bare.html"), as: UTF8.self)
    #expect(html.contains("Hidden states: run bare has no hidden states to draw."))
    try place.succeed("train --steps 0 --name untrained")
    try place.succeed("report untrained -o untrained.html")
    let none = String(decoding: try place.data("untrained.html"), as: UTF8.self)
    #expect(none.contains("Losses: run untrained has no steps to draw."))
    #expect(none.contains("aria-label=\"Weights of untrained after step 0\""))
  }

  @Test("writes nothing without gnuplot, and says how to install it")
  func withoutGnuplot() throws {
    let place = try FlowExample.place()
    try place.expect(
      Refusal(
        "report flow -o report.html", "KEEPSTEP_GNUPLOT is /none/gnuplot", "gnuplot-nox",
        environment: ["KEEPSTEP_GNUPLOT": "/none/gnuplot"]))
  }
}
