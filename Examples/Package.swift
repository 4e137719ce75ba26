// swift-tools-version: 6.1
import PackageDescription

// A program of one's own on Keepstep's library. In your package, the repository's URL stands in place of the path.
let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Keepstep", path: "..")],
  targets: [
    .executableTarget(name: "Sunspots", dependencies: [.product(name: "Keepstep", package: "Keepstep")]),
    .testTarget(name: "SunspotsTests", dependencies: ["Sunspots"]),
  ],
  swiftLanguageModes: [.v6]
)
