import Foundation
import RatecardDiagnostics
import RatecardSyntax
import RatecardTestSupport
import Testing

/// Whatever the bytes are: nothing crashes, and every place lies in the file.
@Suite struct PropertyTests {
  private static let pieces: [String] = [
    "a", "b", ": ", ":", "\n", "\n  ", "\n    ", "- ", "-", "[", "]", "{", "}", ", ", ",", "\"",
    "'",
    "\\", "#", " #", "&a ", "*a", "*-mini", "!!str ", "!", "|\n", ">\n", "|", ">", "? ", "<<: *a",
    "%",
    "@", "`", "\t", "\n\t", "\r\n", "---\n", "...\n", "é", "日", "🎈", "~", "\u{FEFF}", "%YAML 1.3\n",
    "key: value\n", "\"text\" ", "[1, 2]", "{x: y}", "deny: no: way", "\u{85}", "\\x", "\\u12",
  ]

  private func check(_ bytes: [UInt8]) {
    var limits = Limits()
    limits.depth = 20
    limits.aliasExpansion = 200
    limits.mistakes = 20
    let probe = Probe(bytes, limits: limits)
    let size = Int32(bytes.count)
    func isInside(_ span: Span) -> Bool {
      0 <= span.start && span.start <= span.end && span.end <= size
    }
    for diagnostic in probe.diagnostics {
      let spans = [diagnostic.span] + diagnostic.notes.compactMap(\.span)
      #expect(spans.allSatisfy(isInside), "\(diagnostic) \(String(decoding: bytes, as: UTF8.self))")
      if let fix = diagnostic.fix { #expect(isInside(fix.span)) }
      #expect(!diagnostic.message.hasSuffix("."))
    }
    #expect(probe.tree != nil || !probe.diagnostics.isEmpty)
    for node in probe.nodes {
      #expect(isInside(node.span), "\(node.text)")
      #expect(node.entries.allSatisfy { $0.key.kind == .scalar && !$0.key.isMissing })
    }
    let rendered = TextRenderer().render(probe.diagnostics, files: [probe.file])
    #expect(rendered.isEmpty == probe.diagnostics.isEmpty)
    if probe.diagnostics.isEmpty {
      for node in probe.nodes where node.isPlain && !probe.source(node.span).contains("\n") {
        #expect(probe.source(node.span) == node.text)
      }
    }
  }

  @Test(arguments: 0..<8)
  func randomPieces(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    for _ in 0..<250 {
      let count = Int.random(in: 0..<30, using: &random)
      let text = (0..<count).compactMap { _ in Self.pieces.randomElement(using: &random) }.joined()
      check(Array(text.utf8))
    }
  }

  @Test(arguments: 0..<4)
  func randomBytes(_ seed: Int) {
    var random = SplitMix(seed: UInt64(1_000 + seed))
    for _ in 0..<200 {
      let count = Int.random(in: 0..<60, using: &random)
      check((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }

  @Test(arguments: Goldens.names(in: GoldenTests.folder, ending: "yaml"))
  func mutations(_ name: String) throws {
    let input = GoldenTests.folder.appendingPathComponent(name + ".yaml")
    let bytes = [UInt8](try Data(contentsOf: input))
    var random = SplitMix(seed: UInt64(bytes.count))
    for _ in 0..<40 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0...changed.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0 where place < changed.count: changed.remove(at: place)
        case 1 where place < changed.count:
          changed.removeSubrange(place..<min(changed.count, place + 8))
        default:
          changed.insert(
            contentsOf: (Self.pieces.randomElement(using: &random) ?? "").utf8, at: place)
        }
      }
      check(changed)
    }
  }
}
