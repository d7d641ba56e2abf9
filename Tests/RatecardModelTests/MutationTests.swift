import Foundation
import RatecardDiagnostics
import RatecardTestSupport
import Testing

/// Cards that were right until something happened to them: whatever it was, checking ends, and a
/// card comes back exactly when there is no error.
@Suite struct MutationTests {
  static let text: String = {
    let url = Goldens.folder("Good").appendingPathComponent("everything.yaml")
    return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  }()

  /// Pieces of cards, put where they do not belong.
  static let pieces = [
    "any", "absent", "present", "*", "\\*", "[]", "{}", "[a, [b]]", "{a: {b: c}}", "null", "~", "",
    "-1", "0", "1e60", "1e-60", "99999999999999999999999999999999999999", "0.5", "24:00-24:00",
    "00:00-24:00", "9999-12-31", "1969-12-31", "USD", "1 USD", "1 USD per 0", "true", "\"\"",
    "{at_least: 5, below: 5}", "{not: {not: any}}", "{percent: 100}", "part_of: part", "é", "x: y",
  ]

  static func mutated(seed: UInt64) -> String {
    var generator = SplitMix(seed: seed)
    var lines = text.split(separator: "\n").map(String.init)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let line = generator.below(lines.count)
      let piece = pieces[generator.below(pieces.count)]
      switch generator.below(6) {
      case 0: lines.remove(at: line)
      case 1: lines.insert(lines[generator.below(lines.count)], at: line)
      case 2: lines.swapAt(line, generator.below(lines.count))
      case 3:
        guard let colon = lines[line].firstIndex(of: ":") else { continue }
        lines[line] = lines[line][...colon] + " " + piece
      default:
        let words = lines[line].split(
          omittingEmptySubsequences: false, whereSeparator: { " {}[],:".contains($0) })
        guard let word = words.filter({ !$0.isEmpty }).randomElement(using: &generator) else {
          continue
        }
        lines[line].replaceSubrange(word.startIndex..<word.endIndex, with: piece)
      }
    }
    return lines.joined(separator: "\n")
  }

  @Test(arguments: UInt64(1)...600)
  func checkingEnds(_ seed: UInt64) {
    let text = Self.mutated(seed: seed)
    let sample = Sample(text, addsHeader: false)
    let (card, diagnostics) = sample.check()
    let hasErrors = diagnostics.contains { $0.severity == .error }
    #expect((card == nil) == hasErrors, "\(text)\n\(sample.describe(diagnostics))")
    for diagnostic in diagnostics {
      #expect(!diagnostic.message.isEmpty && !diagnostic.message.hasSuffix("."))
      #expect(diagnostic.span.start <= diagnostic.span.end)
    }
  }
}
