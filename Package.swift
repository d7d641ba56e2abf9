// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library module under `Sources`, with the modules it may import: arrows point downward only.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// A program that tests run.
func testProgram(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: settings)
}

let package = Package(
  name: "ratecard",
  products: [
    .library(name: "Ratecard", targets: ["Ratecard", "RatecardReplay"]),
    .executable(name: "ratecard", targets: ["ratecard-cli"]),
  ],
  traits: [
    .trait(
      name: "PostgreSQL",
      description: "Keeps a store in PostgreSQL too; building it takes libpq's headers.")
  ],
  targets: [
    .systemLibrary(
      name: "CYAML", path: "Sources/C/CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CSodium", path: "Sources/C/CSodium", pkgConfig: "libsodium",
      providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(
      name: "CSQLite", path: "Sources/C/CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CPostgreSQL", path: "Sources/C/CPostgreSQL", pkgConfig: "libpq",
      providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CMicroHTTP", path: "Sources/C/CMicroHTTP", pkgConfig: "libmicrohttpd",
      providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(
      name: "CCurl", path: "Sources/C/CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/C/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMalloc", path: "Sources/C/CMalloc"),
    .systemLibrary(name: "CTimer", path: "Sources/C/CTimer"),
    .systemLibrary(name: "CBytes", path: "Sources/C/CBytes"),
    module("RatecardValues"),
    module("RatecardJSON"),
    module("RatecardDiagnostics", ["RatecardJSON"]),
    module("RatecardSyntax", ["CYAML", "RatecardDiagnostics"]),
    module("RatecardModel", ["RatecardValues", "RatecardDiagnostics", "RatecardSyntax"]),
    module("RatecardEngine", ["RatecardValues"]),
    module(
      "RatecardCompiler",
      ["RatecardValues", "RatecardDiagnostics", "RatecardModel", "RatecardEngine"]),
    module(
      "RatecardAnalysis",
      [
        "RatecardValues", "RatecardDiagnostics", "RatecardModel", "RatecardEngine",
        "RatecardCompiler",
      ]),
    module(
      "Ratecard",
      [
        "CSodium", "RatecardValues", "RatecardDiagnostics", "RatecardSyntax", "RatecardModel",
        "RatecardEngine", "RatecardCompiler", "RatecardAnalysis",
      ]),
    module(
      "RatecardExport",
      [
        "Ratecard", "RatecardCompiler", "RatecardModel", "RatecardDiagnostics", "RatecardValues",
      ]),
    module(
      "RatecardStore",
      [
        "CSQLite", "RatecardValues",
        .target(name: "CPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
      ]),
    module(
      "RatecardReplay",
      [
        "CBytes", "CZlib", "Ratecard", "RatecardValues", "RatecardJSON", "RatecardDiagnostics",
        "RatecardModel", "RatecardEngine", "RatecardCompiler", "RatecardAnalysis",
      ]),
    module(
      "RatecardBilling",
      [
        "CCurl", "CSodium", "Ratecard", "RatecardStore", "RatecardModel", "RatecardSyntax",
        "RatecardDiagnostics", "RatecardValues", "RatecardJSON",
      ]),
    module("RatecardWire", ["Ratecard", "RatecardModel", "RatecardValues", "RatecardJSON"]),
    module(
      "RatecardService",
      [
        "CMalloc", "CMicroHTTP", "CSodium", "CTimer", "Ratecard", "RatecardReplay",
        "RatecardWire", "RatecardStore", "RatecardBilling", "RatecardModel",
        "RatecardDiagnostics", "RatecardValues", "RatecardJSON",
      ]),
    module(
      "RatecardCommand",
      [
        "Ratecard", "RatecardAnalysis", "RatecardReplay", "RatecardExport", "RatecardWire",
        "RatecardService", "RatecardStore", "RatecardBilling", "RatecardValues", "RatecardJSON",
        "RatecardDiagnostics",
        "RatecardModel",
      ]),
    .target(
      name: "RatecardTwin", dependencies: ["RatecardValues", "RatecardModel"],
      path: "Tests/RatecardTwin", swiftSettings: settings),
    tests(
      "RatecardDiagnosticsTests", ["RatecardDiagnostics", "RatecardJSON", "RatecardTestSupport"],
      exclude: ["Goldens", "validate-sarif.py"]),
    tests(
      "RatecardSyntaxTests", ["RatecardSyntax", "RatecardDiagnostics", "RatecardTestSupport"],
      exclude: ["Goldens"]),
    tests(
      "RatecardTwinTests",
      [
        "RatecardTwin", "Ratecard", "RatecardExport", "RatecardValues", "RatecardDiagnostics",
        "RatecardSyntax", "RatecardModel",
      ]),
    tests(
      "RatecardModelTests",
      [
        "RatecardModel", "RatecardDiagnostics", "RatecardSyntax", "RatecardValues",
        "RatecardTestSupport",
      ], exclude: ["Cards", "Good"]),
    .target(
      name: "RatecardTestSupport", dependencies: ["RatecardDiagnostics"],
      path: "Tests/RatecardTestSupport", swiftSettings: settings),
    .target(
      name: "RatecardWorkloads", dependencies: ["RatecardTestSupport"],
      path: "Tests/RatecardWorkloads", swiftSettings: settings),
    tests("RatecardEngineTests", ["RatecardEngine", "RatecardValues", "RatecardTestSupport"]),
    tests(
      "RatecardCompilerTests",
      [
        "Ratecard", "RatecardCompiler", "RatecardModel", "RatecardSyntax", "RatecardDiagnostics",
        "RatecardValues", "RatecardTestSupport", "RatecardWorkloads",
      ], exclude: ["precedence.cases"]),
    tests(
      "RatecardAnalysisTests",
      [
        "RatecardAnalysis", "Ratecard", "RatecardCompiler", "RatecardModel", "RatecardSyntax",
        "RatecardDiagnostics", "RatecardValues", "RatecardTestSupport", "RatecardWorkloads",
      ], exclude: ["Findings"]),
    testProgram("RatecardStoreVictim", ["RatecardStore", "RatecardValues", "RatecardTestSupport"]),
    tests(
      "RatecardStoreTests",
      ["RatecardStore", "RatecardValues", "RatecardTestSupport", "RatecardStoreVictim"],
      exclude: ["kill-at.c"]),
    tests("RatecardValuesTests", ["RatecardValues", "RatecardTestSupport"]),
    tests("RatecardJSONTests", ["RatecardJSON", "RatecardTestSupport"]),
    tests(
      "RatecardTests",
      [
        "Ratecard", "RatecardDiagnostics", "RatecardModel", "RatecardValues",
        "RatecardTestSupport",
      ]),
    tests(
      "RepositoryTests",
      [
        "ratecard-cli", "Ratecard", "RatecardModel", "RatecardDiagnostics", "RatecardValues",
        "RatecardTestSupport",
      ], exclude: ["puzzle-cases.json"]),
    tests(
      "RatecardServiceTests",
      [
        "ratecard-cli", "RatecardService", "RatecardBilling", "RatecardStore", "Ratecard",
        "RatecardValues", "RatecardDiagnostics", "RatecardJSON", "RatecardTestSupport",
      ]),
    tests(
      "RatecardBillingTests",
      [
        "RatecardBilling", "RatecardStore", "Ratecard", "RatecardModel", "RatecardDiagnostics",
        "RatecardValues", "RatecardJSON", "RatecardTestSupport",
      ]),
    tests(
      "RatecardReplayTests",
      [
        "RatecardReplay", "Ratecard", "RatecardModel", "RatecardValues", "RatecardDiagnostics",
        "RatecardJSON", "RatecardTestSupport",
      ], exclude: ["Backtest/csv_rows.py"]),
    tests(
      "RatecardCommandTests",
      [
        "RatecardCommand", "RatecardReplay", "Ratecard", "RatecardWire", "RatecardModel",
        "RatecardStore", "RatecardValues", "RatecardDiagnostics", "RatecardJSON",
        "RatecardTestSupport",
      ],
      exclude: ["Cards", "ChangeGuards", "Differences", "Proposals", "Sessions", "Schema"]),
    .executableTarget(
      name: "ratecard-cli", dependencies: ["RatecardCommand"], swiftSettings: settings),
    .executableTarget(
      name: "ratecard-bench",
      dependencies: [
        "CMalloc", "RatecardWorkloads", "RatecardTestSupport", "RatecardJSON", "Ratecard",
        "RatecardReplay",
        "RatecardDiagnostics", "RatecardValues", "RatecardModel", "RatecardCompiler",
        "RatecardStore",
      ],
      swiftSettings: settings),
  ]
)

// Fuzz targets need a sanitizer that a plain build has not: `Scripts/fuzz` asks for them.
if Context.environment["RATECARD_FUZZ"] == "1" {
  func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
      name: name, dependencies: dependencies, path: "Tests/Fuzz/\(name)", exclude: ["Seeds"],
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
  }
  package.targets += [
    fuzzer("FuzzYAML", ["RatecardSyntax", "RatecardDiagnostics"]),
    fuzzer("FuzzCard", ["Ratecard", "RatecardDiagnostics", "RatecardValues"]),
    fuzzer(
      "FuzzRequest",
      ["RatecardCommand", "RatecardWire", "Ratecard", "RatecardDiagnostics", "RatecardValues"]),
    fuzzer(
      "FuzzWebhook",
      ["RatecardBilling", "RatecardStore", "Ratecard", "RatecardDiagnostics", "RatecardValues"]),
  ]
}
