// swift-tools-version: 6.1
import PackageDescription

// An arrow of the house is a dependency here, so the compiler keeps the walls; see "The map" in README.md.
let package = Package(
  name: "Keepstep",
  platforms: [.macOS(.v15)],
  products: [
    .library(
      name: "Keepstep",
      targets: [
        "Recurrent", "Sequences", "ArrayFiles", "ConfigurationFiles", "RunStore", "Training", "Interchange", "Figures",
      ]),
    .executable(name: "keepstep", targets: ["KeepstepCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The arithmetic: one C source, compiled for each instruction set.
    .target(name: "CKernels"),
    // libarchive reads and writes the zip files that .npz is made of.
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
    // zlib unpacks .gz files, and unlike libarchive's gzip refuses a wrong checksum.
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    // Our own sine and cosine.
    .target(name: "Trigonometry"),
    .target(name: "Recurrent", dependencies: ["CKernels", "Trigonometry"]),
    // NumPy's files of arrays, for weights and for data.
    .target(name: "ArrayFiles", dependencies: ["CArchive"]),
    // Options in YAML.
    .target(
      name: "ConfigurationFiles", dependencies: ["ArrayFiles", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "Sequences",
      dependencies: [
        "ArrayFiles", "CZlib", "Trigonometry", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // SQLite's switches that only C can turn.
    .target(name: "CSQLiteDefences", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(
      name: "RunStore",
      dependencies: [
        "CSQLiteDefences",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [
        .embedInCode("../../migrations/0001_initial.sql"), .embedInCode("../../migrations/0002_accuracy.sql"),
      ]),
    .target(name: "Interchange", dependencies: ["Recurrent", "ArrayFiles"]),
    .target(name: "Training", dependencies: ["Recurrent", "Sequences", "RunStore"]),
    // Pictures, drawn by gnuplot.
    .target(name: "Figures"),
    .executableTarget(
      name: "KeepstepCLI",
      dependencies: [
        "Training", "Interchange", "Figures", "ConfigurationFiles",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
    .testTarget(
      name: "RecurrentTests", dependencies: ["Recurrent"],
      exclude: ["Golden/generate.py", "Golden/generator", "Golden/README.md"],
      resources: [
        .copy("Golden/golden.json"), .copy("Golden/cells.json"), .copy("Golden/optimizers.json"),
        .copy("Golden/schedules.json"),
      ]),
    .testTarget(name: "ArrayFilesTests", dependencies: ["ArrayFiles"]),
    .testTarget(name: "ConfigurationFilesTests", dependencies: ["ConfigurationFiles"]),
    .testTarget(
      name: "SequencesTests",
      dependencies: ["Sequences", "ArrayFiles", .product(name: "Crypto", package: "swift-crypto")]),
    .testTarget(
      name: "RunStoreTests", dependencies: ["RunStore", .product(name: "GRDB", package: "GRDB.swift")],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "InterchangeTests", dependencies: ["Interchange", "Recurrent"], resources: [.copy("Fixtures")]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures"]),
    .testTarget(name: "TrainingTests", dependencies: ["Training"]),
    // Reads the fuzzers' corpora again; the fuzzers themselves are a package of their own, see Fuzz/README.md.
    .testTarget(
      name: "FuzzCorpusTests",
      dependencies: ["Training", "Interchange", "ConfigurationFiles", .product(name: "GRDB", package: "GRDB.swift")],
      path: "Fuzz", exclude: ["Entry", "Package.swift", "README.md", "fuzz.sh"], sources: ["Targets", "Tests"],
      resources: [.copy("Corpus")]),
    .testTarget(name: "KeepstepCLITests", dependencies: ["KeepstepCLI"], exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)
