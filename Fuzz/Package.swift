// swift-tools-version: 6.1
import PackageDescription

// The fuzz targets as one static library, which fuzz.sh links with clang's libFuzzer. A package of its own, as libFuzzer
// brings a `main` along and wants all that it watches instrumented, which `swift build` of Keepstep must not be.
let package = Package(
  name: "KeepstepFuzz",
  platforms: [.macOS(.v15)],
  products: [.library(name: "KeepstepFuzz", type: .static, targets: ["KeepstepFuzz"])],
  dependencies: [
    .package(name: "Keepstep", path: ".."),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .target(
      name: "KeepstepFuzz",
      dependencies: [
        .product(name: "Keepstep", package: "Keepstep"), .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: ".", exclude: ["Corpus", "Tests", "README.md", "fuzz.sh"], sources: ["Entry", "Targets"])
  ],
  swiftLanguageModes: [.v6]
)
