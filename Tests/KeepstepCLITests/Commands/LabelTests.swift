import Foundation
import Testing

@Suite("keepstep tag, note, pin")
struct LabelTests {
  @Test("tags are put on, listed, shown, selected by, and taken off")
  func tags() throws {
    let place = try FlowExample.place()
    try place.succeed("train --steps 0 --name zero")
    #expect(try place.succeed("tag flow first baseline").output == "baseline\nfirst\n")
    #expect(try place.succeed("tag flow baseline").output == "baseline\nfirst\n", "twice is once")
    #expect(try place.succeed("tag zero baseline").output == "baseline\n")
    #expect(try place.query("SELECT run_id, tag FROM tags ORDER BY 1, 2") == ["1,baseline", "1,first", "2,baseline"])
    #expect(try place.succeed("show flow").lines.contains { $0.hasPrefix("tags ") && $0.hasSuffix(" baseline first") })
    func listed(_ options: String) throws -> [String?] {
      try place.succeed("runs --format csv \(options)").rows.map { $0["name"] }
    }
    #expect(try listed("--tag baseline") == ["flow", "zero"])
    #expect(try listed("--tag baseline --tag first") == ["flow"])
    #expect(try listed("--tag second") == [])
    #expect(try place.succeed("tag flow first --remove").output == "baseline\n")
    #expect(try place.succeed("tag zero").output == "baseline\n")
    try place.succeed("check")
  }

  @Test("what is no tag, or none of the run's, changes nothing")
  func badTags() throws {
    let place = try FlowExample.place()
    try place.succeed("tag flow kept")
    let missing = try place.keepstep("tag flow kept nothere --remove")
    #expect(missing.status == 1 && missing.errors.contains("run 1 of keepstep.db has no tag \"nothere\""))
    #expect(missing.errors.contains("hint: its tags are: kept"))
    let blank = try place.keepstep(["tag", "flow", "good", " "])
    #expect(blank.status == 1 && blank.errors.contains("\" \" is no tag"), "\(blank.errors)")
    let control = try place.keepstep(["tag", "flow", "a\u{1B}[2J"])
    #expect(control.status == 1 && !control.errors.contains("\u{1B}"))
    #expect(try place.keepstep("tag flow@12 x").status == 64)
    #expect(try place.keepstep("tag flow --remove").status == 64)
    let unknown = try place.keepstep("tag flwo x")
    #expect(unknown.status == 1 && unknown.errors.contains("there is no run \"flwo\""))
    #expect(try place.query("SELECT tag FROM tags") == ["kept"])
  }

  @Test("a note is written, replaced, printed, removed")
  func notes() throws {
    let place = try FlowExample.place()
    #expect(try place.succeed("note flow").output == "")
    #expect(try place.keepstep(["note", "flow", "the first, with rain"]).output == "")
    #expect(try place.succeed("note flow").output == "the first, with rain\n")
    #expect(try place.keepstep(["note", "last", "another"]).status == 0)
    #expect(try place.query("SELECT note FROM runs") == ["another"])
    #expect(try place.succeed("runs --columns id,note").lines == ["id  note", " 1  another"])
    try place.succeed("note flow --remove")
    #expect(try place.query("SELECT note IS NULL FROM runs") == ["1"])
    #expect(try place.keepstep("note flow text --remove").status == 64)
    #expect(try place.keepstep("note flow@best text").status == 64)
  }

  @Test("a pinned checkpoint stays when the run makes room, and goes when it is not pinned any more")
  func pins() throws {
    let place = try Workplace()
    let options = "--window 4 --hidden-size 3 --checkpoint-every 10 --evaluate-every 0 --keep 1"
    try place.succeed("train --quiet --name run --steps 20 \(options)")
    #expect(try place.succeed("pin run@10").output == "pinned step 10 of run 1 (run)\n")
    try place.succeed("resume run --steps 60 --quiet")
    #expect(try place.query("SELECT step, pinned FROM checkpoints") == ["0,0", "10,1", "50,0", "60,0"])
    #expect(try place.succeed("pin run@10 --remove").output == "unpinned step 10 of run 1 (run)\n")
    try place.succeed("resume run --steps 70 --quiet")
    #expect(try place.query("SELECT step FROM checkpoints") == ["0", "60", "70"])
    #expect(try place.keepstep("pin run").status == 64)
    let missing = try place.keepstep("pin run@33")
    #expect(missing.status == 1 && missing.errors.contains("33"))
    try place.succeed("check")
  }
}
