import Foundation
import Testing

/// Every input of the fuzzers' corpora once more: what they reach, and what once ended the process.
///
/// The code under test is compiled into this module, from Fuzz/Targets.
@Suite(.serialized) struct FuzzCorpusTests {
  @Test(arguments: FuzzTarget.allCases) func corpusIsReadOrRefused(_ target: FuzzTarget) throws {
    let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/\(target.rawValue)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(!names.isEmpty)
    for name in names { target.run(try Data(contentsOf: folder.appendingPathComponent(name))) }
  }
}
