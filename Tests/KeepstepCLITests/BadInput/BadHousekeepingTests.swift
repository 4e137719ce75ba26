import Foundation
import Testing

@Suite("Bad input to compare, tag, note, pin, gc, predict and runs")
struct BadHousekeepingTests {
  static let refusals =
    [
      "compare flow other", "tag flow x", "note flow x", "pin flow@12", "gc --yes", "predict flow",
      "export-runs -o out", "export flow --top 1 -o w.npz",
    ].flatMap { line in
      // No store, another program's file, an option that is none.
      [
        Refusal("\(line) --store none.db", "there is no store at none.db"),
        Refusal("\(line) --store flow.csv", "flow.csv is not a SQLite database"),
        Refusal("\(line) --bogus", "'--bogus'", status: 64),
      ]
    } + [
      Refusal("compare", "<run[@checkpoint]>", status: 64),
      Refusal("compare flow", "two runs or more", status: 64),
      Refusal("compare flow nobody", "there is no run \"nobody\""),
      Refusal("compare flow other@13", "has no checkpoint of step 13"),
      Refusal("compare flow other --points 0", "--points is 0; it must be at least 1", status: 64),
      Refusal("compare flow other --points many", "'many'", "--points", status: 64),
      Refusal("compare flow other --format xml", "'xml'", "jsonl", status: 64),
      Refusal("compare flow other --data none.csv", "none.csv: no such file"),
      Refusal("compare flow other --data narrow.csv", "narrow.csv", "\"rain\""),
      Refusal("tag", "<run>", status: 64), Refusal("tag nobody x", "there is no run \"nobody\""),
      Refusal("tag flow@12 x", "flow@12", status: 64), Refusal("tag flow --remove", "--remove", status: 64),
      Refusal("tag flow x --remove", "has no tag \"x\""),
      Refusal("note", "<run>", status: 64), Refusal("note nobody x", "there is no run \"nobody\""),
      Refusal("note flow@12 x", "flow@12", status: 64), Refusal("note flow x --remove", "--remove", status: 64),
      Refusal("note flow a b", "'b'", status: 64),
      Refusal("pin", "<checkpoint>", status: 64), Refusal("pin flow", "flow@best", status: 64),
      Refusal("pin flow@13", "has no checkpoint of step 13", "0, 6, 12"),
      Refusal("pin flow@1.5", "\"1.5\" names no checkpoint"), Refusal("pin nobody@1", "there is no run \"nobody\""),
      Refusal("gc", "Remove ", "no terminal", "--yes"), Refusal("gc --keep -1 --yes", "--keep -1", status: 64),
      Refusal("gc --keep some --yes", "'some'", "--keep", status: 64),
      Refusal("gc flow@12 --yes", "flow@12", status: 64), Refusal("gc nobody --yes", "there is no run \"nobody\""),
      Refusal("predict flow -o p.xlsx", "p.xlsx", ".xlsx", ".jsonl", "--format"),
      Refusal("predict flow --format npz", "--format npz", "-o predictions.npz", status: 64),
      Refusal("predict flow --format arrow", "'arrow'", "jsonl", "npz", status: 64),
      Refusal("predict flow -o none/p.npz", "none/p.npz", "No such file"),
      Refusal("predict named -o p.npz", "two columns \"target_b\"", "write CSV"),
      Refusal("predict named --format json", "two columns \"target_b\"", "write CSV"),
      Refusal("predict named -o p.jsonl", "two columns \"target_b\"", "write CSV"),
      Refusal("runs --where id=?", "the filter \"id=?\"", "parameter", "write the value itself"),
      Refusal("runs --where id=:id", "parameter"), Refusal("runs --where id=@id --tag x", "parameter"),
      Refusal("runs --where id=$id", "parameter"), Refusal("query SELECT/**/?", "parameter", "write the value itself"),
      Refusal("runs --where 1;SELECT/**/1", "the filter"), Refusal("runs --columns ,", "--columns", status: 64),
      Refusal("runs --format jsnol", "'jsnol'", "jsonl", status: 64),
    ]

  @Test("is refused by name and value, and nothing changes", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try FlowExample.place()
    try place.succeed("fork flow@12 --quiet --name other --steps 20")
    try place.write("flow\n1\n2\n", to: "narrow.csv")
    if refusal.line.contains("named") {
      try place.write("target_b,b\n" + (1...12).map { "\($0),\($0)\n" }.joined(), to: "rows.csv")
      try place.succeed(
        "train --quiet --steps 1 --data rows.csv --inputs target_b,b --targets b --window 3 --name named")
    }
    try place.expect(refusal)
  }

  @Test("a hard link is no second name for a store", arguments: ["runs", "train --steps 1", "resume flow", "check"])
  func hardLink(command: String) throws {
    let place = try FlowExample.place()
    try FileManager.default.linkItem(at: place.url("keepstep.db"), to: place.url("link.db"))
    for store in ["link.db", "keepstep.db"] {
      try place.expect(Refusal("\(command) --store \(store)", "\(store) is one of 2 names of one file (hard links)"))
    }
    try FileManager.default.removeItem(at: place.url("link.db"))
    try FileManager.default.createSymbolicLink(
      atPath: place.url("link.db").path, withDestinationPath: place.url("keepstep.db").path)
    try place.succeed("\(command) --store link.db")
  }
}
