import Foundation
import Testing

@Suite("Runs and checkpoints that are not there")
struct BadRunTests {
  static let refusals =
    ["show", "resume", "fork", "verify", "steps", "checkpoints", "predict", "rm"].map {
      Refusal("\($0) nobody", "there is no run \"nobody\" in keepstep.db", "2 b", "1 a")
    } + [
      Refusal("export nobody -o w.npz", "there is no run \"nobody\""),
      Refusal("plot nobody -o p.svg", "there is no run \"nobody\""), Refusal("show 3", "there is no run \"3\""),
      Refusal("show aaaaaaaa", "\"aaaaaaaa\" fits 2 runs of keepstep.db", "1 a (", "2 b ("),
      Refusal("resume a@17", "run 1 of keepstep.db has no checkpoint of step 17", "0, 50"),
      Refusal("fork a@17", "no checkpoint of step 17"), Refusal("verify a@17", "no checkpoint of step 17"),
      Refusal("predict a@17", "no checkpoint of step 17"), Refusal("export a@17 -o w.npz", "no checkpoint of step 17"),
      Refusal("resume a@first", "\"first\" names no checkpoint"),
      Refusal("export a@-1 -o w.npz", "\"-1\" names no checkpoint"),
      Refusal("verify a --to 99", "step 99", "0 to 50"), Refusal("verify a@50 --to 20", "step 20"),
      Refusal("resume a --steps 10", "--steps is 10", "50"), Refusal("fork a@50 --steps 10", "--steps is 10", "50"),
      Refusal("train --name b", "keepstep.db has a run named \"b\" already, run 2"),
      Refusal("fork a --name b", "keepstep.db has a run named \"b\" already, run 2"),
      Refusal("runs --where nonsense", "the filter \"nonsense\"", "no such column"),
      Refusal("runs --where 1);DROP/**/TABLE/**/runs;--", "the filter", "closes a parenthesis"),
      Refusal("resume a --steps 60 --data keepstep.db", "run a was trained on the sine task, not on keepstep.db"),
      Refusal("predict a wide", "runs a and wide predict different rows or columns"),
      Refusal("fork a --data none.csv --inputs x --targets y", "none.csv: no such file"),
      Refusal("export a -o w.txt", "w.txt", ".txt", ".npz"), Refusal("plot a -o p.gif", "p.gif", ".gif", ".png"),
      Refusal("export a -o none/w.npz", "none/w.npz", "No such file"),
      Refusal("plot a -o none/p.svg", "none/p.svg", "no folder"),
      Refusal("predict a -o none/p.csv", "none/p.csv", "No such file"),
      Refusal("export a -o folder.npz", "folder.npz"), Refusal("plot a -o folder.svg", "folder.svg"),
    ]

  @Test("are refused, with what there is", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try Workplace()
    try place.succeed("train --steps 50 --name a")
    try place.succeed("train --steps 50 --name b --hidden-size 4")
    if refusal.line.contains("wide") { try place.succeed("train --steps 50 --name wide --window 12") }
    if refusal.line.contains("aaaa") { try place.sqlite3("UPDATE runs SET uuid = 'aaaaaaaa' || substr(uuid, 9)") }
    for folder in ["folder.npz", "folder.svg"] {
      try FileManager.default.createDirectory(at: place.url(folder), withIntermediateDirectories: false)
    }
    try place.expect(refusal)
  }
}
