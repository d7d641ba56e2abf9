import Foundation
import Testing

/// SwiftPM lets a module import whatever its dependencies depend on, and these tests do not.
struct LayeringTests {
  /// A module of Package.swift with what it may import.
  struct Module: CustomTestStringConvertible, Sendable {
    let name: String
    let dependencies: Set<String>
    var testDescription: String { name }

    /// Every module under Sources, as Package.swift declares it.
    static let all: [Module] = {
      let manifest = (try? Repository.text("Package.swift")) ?? ""
      let declared = manifest.matches(of: /module\(\s*"(\w+)"(?:,\s*\[([^\]]*)\])?/).map {
        Module(name: String($0.1), dependencies: names($0.2 ?? ""))
      }
      let programs = manifest.matches(
        of: /executableTarget\(\s*name: "([\w-]+)",\s*dependencies: \[([^\]]*)\]/
      ).map { Module(name: String($0.1), dependencies: names($0.2)) }
      return declared + programs
    }()

    private static func names(_ list: Substring) -> Set<String> {
      Set(list.matches(of: /"(\w+)"/).map { String($0.1) })
    }

    /// Its source files.
    var files: [String] { Repository.files(below: "Sources/\(name)", extensions: ["swift"]) }
  }

  /// Below the command line nothing may use Foundation, but the modules that read usage files.
  static let foundationUsers: Set<String> = [
    "RatecardReplay", "RatecardCommand", "ratecard-cli", "ratecard-bench",
  ]
  /// The only modules that know JSON, beside the one that is JSON.
  static let jsonUsers: Set<String> = [
    "RatecardDiagnostics", "RatecardReplay", "RatecardBilling", "RatecardWire", "RatecardService",
    "RatecardCommand", "ratecard-bench",
  ]

  @Test func everySourceBelongsToADeclaredModule() throws {
    let folders = try Repository.folders(in: "Sources").filter { $0 != "Sources/C" }
    #expect(Set(folders) == Set(Module.all.map { "Sources/\($0.name)" }))
  }

  @Test(arguments: Module.all)
  func importsOnlyWhatItDeclares(_ module: Module) throws {
    let libraries: Set<String> = [
      "CYAML", "CSodium", "CMalloc", "CTimer", "CBytes", "CZlib", "CCurl", "CSQLite", "CPostgreSQL",
      "CMicroHTTP",
    ]
    let ours = Set(Module.all.map(\.name)).union(libraries)
    for file in module.files {
      for name in try imports(file) where ours.contains(name) {
        #expect(
          module.dependencies.contains(name), "\(file) imports \(name), which lies above or aside")
      }
    }
  }

  @Test(arguments: Module.all)
  func keepsFoundationAndJSONToTheEdges(_ module: Module) throws {
    for file in module.files {
      let names = try imports(file)
      if !Self.foundationUsers.contains(module.name) {
        let foundation = names.filter { $0.hasPrefix("Foundation") }
        #expect(foundation.isEmpty, "\(file) imports \(foundation)")
      }
      if !Self.jsonUsers.contains(module.name) {
        #expect(!names.contains("RatecardJSON"), "\(file) reads or writes JSON")
      }
    }
  }

  /// The programs, and what they are made of.
  static let printers: Set<String> = ["RatecardCommand", "ratecard-cli", "ratecard-bench"]

  @Test(arguments: Module.all.filter { !printers.contains($0.name) })
  func writesNothingToStandardOutput(_ module: Module) throws {
    for file in module.files {
      let words = try code(file).matches(
        of: /\b(print|debugPrint|dump|puts|printf)\(|standardOutput|\bstdout\b|STDOUT_FILENO/)
      #expect(words.isEmpty, "\(file): \(words.map { $0.0 })")
    }
  }

  private func imports(_ file: String) throws -> [String] {
    try code(file).matches(of: /(?m)^\s*(?:@\w+(?:\([^)]*\))? )*(?:\w+ )?import (?:\w+ )?(\w+)/)
      .map { String($0.1) }
  }

  /// A file without its comments.
  private func code(_ file: String) throws -> String {
    try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
  }
}
