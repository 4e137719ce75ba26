import Foundation

/// libFuzzer's way in (llvm.org/docs/LibFuzzer.html). Its own `main` runs in this program, so the target is named by the
/// environment: KEEPSTEP_FUZZ_TARGET.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  target.run(bytes.map { Data(bytes: $0, count: size) } ?? Data())
  return 0
}

private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["KEEPSTEP_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    fatalError("KEEPSTEP_FUZZ_TARGET is \"\(name)\", none of \(FuzzTarget.allCases.map(\.rawValue))")
  }
  return target
}()
