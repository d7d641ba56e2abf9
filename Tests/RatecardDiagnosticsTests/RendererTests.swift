import Foundation
import RatecardDiagnostics
import RatecardJSON
import RatecardTestSupport
import Testing

/// The renderers over one set of findings, each against its whole output.
@Suite struct RendererTests {
  private static let folder = Goldens.folder("Goldens")

  private static func check(_ actual: String, _ name: String) throws {
    let difference = try Goldens.difference(actual, from: folder.appendingPathComponent(name))
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func text() throws {
    try Self.check(TextRenderer().render(Sample.all, files: Sample.files), "sample.txt")
  }

  @Test func textWithoutSource() throws {
    let renderer = TextRenderer(showsSource: false)
    try Self.check(renderer.render(Sample.all, files: Sample.files), "sample-piped.txt")
  }

  @Test func textInColour() throws {
    let renderer = TextRenderer(usesColour: true)
    let text = renderer.render(Sample.all, files: Sample.files)
    try Self.check(text.replacing("\u{1B}", with: "ESC"), "sample-colour.txt")
    let plain = text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    #expect(plain == TextRenderer().render(Sample.all, files: Sample.files))
  }

  @Test func json() throws {
    let text = JSONRenderer.render(Sample.all, files: Sample.files)
    try Self.check(text, "sample.json")
    _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
  }

  @Test func jsonOfNothing() {
    let text = JSONRenderer.render([], files: Sample.files)
    #expect(text == "{\"diagnostics\":[],\"summary\":{\"errors\":0,\"warnings\":0,\"files\":2}}\n")
  }

  @Test func github() throws {
    try Self.check(GitHubRenderer.render(Sample.all, files: Sample.files), "sample.github.txt")
  }

  @Test func sarif() throws {
    let text = SARIFRenderer.render(Sample.all, files: Sample.files, toolVersion: "1.0.0")
    try Self.check(text, "sample.sarif")
    try Self.check(
      SARIFRenderer.render([], files: Sample.files, toolVersion: "1.0.0"), "empty.sarif")
  }

  /// What the format demands beyond its schema: rules that results name, places inside the file.
  @Test func sarifRefersToItsRules() throws {
    let text = SARIFRenderer.render(Sample.all, files: Sample.files)
    let log = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == Sample.all.count)
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      #expect(["error", "warning", "note"].contains(result["level"] as? String))
      let location = try #require((result["locations"] as? [[String: Any]])?.first)
      let physical = try #require(location["physicalLocation"] as? [String: Any])
      let region = try #require(physical["region"] as? [String: Int])
      #expect(try #require(region["startLine"]) >= 1)
      #expect(try #require(region["startColumn"]) >= 1)
    }
  }
}
