import Foundation
import Testing

@Suite("Pictures, reports and watching that cannot be")
struct BadPictureTests {
  static let refusals = [
    Refusal("plot a --kind pie", "pie", "'loss', 'predictions', 'forecast', 'hidden' or 'weights'", status: 64),
    Refusal("plot a --horizon 3", "--horizon belongs to --kind forecast", "loss", status: 64),
    Refusal("plot a --kind forecast --horizon 0", "--horizon is 0", "at least 1", status: 64),
    Refusal("plot a --kind forecast --horizon x", "x", status: 64), Refusal("plot a --kind forecast", "run a"),
    Refusal("plot a b --kind forecast", "draws one run at a time", "2", status: 64),
    Refusal("plot a --axis cubic", "cubic", "'log' and 'linear'", status: 64),
    Refusal("plot a --kind weights --axis linear", "--axis belongs to --kind loss", "weights", status: 64),
    Refusal("plot a --rows 3", "--rows belongs to --kind predictions", "loss", status: 64),
    Refusal("plot a --stream 2", "--stream belongs to --kind hidden", "loss", status: 64),
    Refusal("plot a --kind hidden --stream 0", "--stream is 0", "at least 1", status: 64),
    Refusal("plot a --kind hidden --stream x", "x", status: 64),
    Refusal("plot a --kind hidden --stream 2", "--stream is 2", "have 1 stream"),
    Refusal("plot bare --kind hidden", "run bare has no hidden states to draw"),
    Refusal("plot a b --kind weights", "draws one run at a time", "2", status: 64),
    Refusal("plot a b --kind hidden", "draws one run at a time", "2", status: 64),
    Refusal("plot a@17 --kind weights", "has no checkpoint of step 17"),
    Refusal("plot a --kind weights -o w.jpg", "w.jpg", ".jpg", ".svg, .png, .pdf"),
    Refusal("plot a -o none/p.pdf", "none/p.pdf", "no folder"),
    Refusal("plot nobody --kind hidden", "there is no run \"nobody\""), Refusal("plot", status: 64),
    Refusal("report a", status: 64), Refusal("report nobody -o r.html", "there is no run \"nobody\""),
    Refusal("report a -o r.pdf", "r.pdf", ".html", status: 64), Refusal("report a -o r", "\"r\"", ".html", status: 64),
    Refusal("report a -o none/r.html", "none/r.html", "no folder"), Refusal("report a -o folder.html", "folder.html"),
    Refusal("report a b -o r.html", "b", status: 64),
    Refusal("watch nobody", "there is no run \"nobody\""), Refusal("watch", status: 64),
    Refusal("watch a@50", "watch is about whole runs", "a@50", status: 64),
    Refusal("watch a --interval 0", "--interval is 0", "0.1", "3600", status: 64),
    Refusal("watch a --interval nan", "--interval", status: 64), Refusal("watch a --interval x", "x", status: 64),
    Refusal("watch a --store none.db", "none.db"), Refusal("report a -o r.html --store none.db", "none.db"),
  ]

  @Test("are refused, with what there is", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try Workplace()
    try place.succeed("train --steps 50 --name a")
    try place.succeed("train --steps 50 --name b --hidden-size 4")
    try place.succeed("train --steps 5 --name bare --record-hidden-every 0")
    try FileManager.default.createDirectory(at: place.url("folder.html"), withIntermediateDirectories: false)
    try place.expect(refusal)
  }
}
