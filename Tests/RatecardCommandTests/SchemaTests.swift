import Foundation
import RatecardJSON
import RatecardTestSupport
import Testing

/// The schema against an independent validator: Python's `jsonschema`.
@Suite struct SchemaTests {
  static let folder = Goldens.folder("Schema")

  /// The cases of a file: a name in the first line of each.
  static func cases(_ name: String) throws -> [(name: String, yaml: String)] {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      .components(separatedBy: "\n---\n").map { part in
        let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(lines[0]), lines.count > 1 ? String(lines[1]) : "")
      }
  }

  /// The cards of the repository, which all load.
  static func cards() throws -> [(name: String, yaml: String)] {
    try ["pricing", "Tests/Cards", "Tests/RatecardCommandTests/Cards/shop", "Examples"].flatMap {
      root in
      let files = FileManager.default.enumerator(atPath: CommandRun.repository + "/" + root)
      return try (files?.allObjects as? [String] ?? []).filter {
        $0.hasSuffix(".yaml") && !$0.contains("/_") && !$0.contains("refused/")
      }.sorted().map { path in
        let full = CommandRun.repository + "/" + root + "/" + path
        return (root + "/" + path, try String(contentsOfFile: full, encoding: .utf8))
      }
    }
  }

  @Test func takesGoodCards() throws {
    let cases = try Self.cases("good.txt") + Self.cards()
    #expect(cases.count > 20)
    for (name, findings) in try Validator.findings(in: cases) {
      #expect(findings.isEmpty, "\(name): \(findings.joined(separator: "\n"))")
    }
  }

  @Test func flagsMistakes() throws {
    let cases = try Self.cases("bad.txt")
    #expect(cases.count > 50)
    for (name, findings) in try Validator.findings(in: cases) {
      #expect(!findings.isEmpty, "\(name)")
    }
  }

  /// What the schema calls bad, the loader calls bad too, so that editor and lint never disagree
  /// in that direction.
  @Test func mistakesDoNotLoad() throws {
    for (name, yaml) in try Self.cases("bad.txt") {
      let folder = try TemporaryFolder()
      try folder.write(yaml, to: "case.yaml")
      if !yaml.hasPrefix("ratecard:") {
        try folder.write("ratecard: 1\nname: case\n", to: "header.yaml")
      }
      #expect(CommandRun(["lint", folder.path]).code == 1, "\(name)")
    }
  }

  /// Every key has its words for a person who completes it.
  @Test func everyKeyIsDescribed() throws {
    let schema = try JSONValue(parsing: CommandRun(["schema"]).output)
    func visit(_ value: JSONValue, _ path: String) {
      for member in value.members ?? [] {
        guard member.name == "properties", let properties = member.value.members else {
          visit(member.value, path + "/" + member.name)
          continue
        }
        for property in properties where property.value != .bool(false) {
          let target = property.value["$ref"]?.string.flatMap {
            schema["$defs"]?[String($0.dropFirst("#/$defs/".count))]
          }
          let isDescribed = property.value["description"] != nil || target?["description"] != nil
          #expect(isDescribed, "\(path)/\(property.name)")
          visit(property.value, path + "/" + property.name)
        }
      }
      for (index, item) in (value.items ?? []).enumerated() { visit(item, "\(path)/\(index)") }
    }
    visit(schema, "")
  }
}

/// Debian's Python with `jsonschema` and `PyYAML`.
enum Validator {
  private struct Failure: Error, CustomStringConvertible { let description: String }

  /// What the validator finds in each YAML text.
  static func findings(
    in cases: [(name: String, yaml: String)]
  ) throws -> [(name: String, findings: [String])] {
    let folder = try TemporaryFolder()
    try folder.write(CommandRun(["schema"]).output, to: "schema.json")
    let input = JSONValue.array(cases.map { .array([.string($0.name), .string($0.yaml)]) })
    let script = SchemaTests.folder.appendingPathComponent("validate.py").path
    let output = try run(
      "/usr/bin/python3", [script, folder.path + "/schema.json"],
      input: Array(input.text().utf8))
    let found = try JSONValue(parsing: output)
    return cases.map { name, _ in
      (name, (found[name]?.items ?? ["not validated"]).compactMap(\.string))
    }
  }

  private static func run(
    _ program: String, _ arguments: [String], input: [UInt8]
  ) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let folder = try TemporaryFolder()
    try Data(input).write(to: URL(fileURLWithPath: folder.path + "/input"))
    process.standardInput = FileHandle(forReadingAtPath: folder.path + "/input")
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    let said = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: String(decoding: said, as: UTF8.self))
    }
    return Array(bytes)
  }
}
