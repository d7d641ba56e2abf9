import Foundation
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import Testing

/// Files, sections and entries may stand anywhere: the card is the same but for its places.
@Suite struct OrderTests {
  /// A section of `Cards/good/everything`: its key, and the lines of each of its entries.
  struct Section {
    let key: String
    var entries: [String]
  }

  /// The sections of a card that is written with one entry after another at two spaces.
  static let sections: [Section] = {
    let url = Goldens.folder("Good").appendingPathComponent("everything.yaml")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    var sections: [Section] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if !line.hasPrefix(" ") {
        sections.append(Section(key: String(line), entries: []))
      } else if line.hasPrefix("   ") {
        let last = sections.count - 1
        sections[last].entries[sections[last].entries.count - 1] += "\n" + line
      } else {
        sections[sections.count - 1].entries.append(String(line))
      }
    }
    return sections
  }()

  /// The sections that stand once in a card, so that their entries stay together.
  static let single = ["ratecard", "name", "credit", "meter"]

  static func shuffled(seed: UInt64) -> Sample {
    var generator = SplitMix(seed: seed)
    let count = Int.random(in: 1...4, using: &generator)
    var texts = Array(repeating: [String](), count: count)
    for section in sections.shuffled(using: &generator) {
      let entries = section.entries.shuffled(using: &generator)
      let isSingle = single.contains { section.key.hasPrefix($0 + ":") }
      var byFile: [Int: [String]] = [:]
      let home = Int.random(in: 0..<count, using: &generator)
      for entry in entries {
        byFile[isSingle ? home : Int.random(in: 0..<count, using: &generator), default: []]
          .append(entry)
      }
      if entries.isEmpty { byFile[home] = [] }
      for (file, entries) in byFile {
        texts[file].append(([section.key] + entries).joined(separator: "\n"))
      }
    }
    return Sample(
      files: texts.enumerated().map {
        SourceFile(
          path: "\($0.offset).yaml", bytes: Array($0.element.joined(separator: "\n").utf8))
      })
  }

  static func said(_ card: Card) -> String {
    var card = card
    card.tests.sort { $0.name < $1.name }
    card.guards.sort { $0.name < $1.name }
    return withoutPlaces(card)
  }

  @Test func everythingIsRight() throws {
    let text = Self.sections.map { ([$0.key] + $0.entries).joined(separator: "\n") }
      .joined(separator: "\n")
    let sample = Sample(text)
    let (card, diagnostics) = sample.check()
    #expect(diagnostics.isEmpty, "\(sample.describe(diagnostics))")
    #expect(card != nil)
  }

  @Test(arguments: UInt64(1)...40)
  func shuffledCardSaysTheSame(_ seed: UInt64) throws {
    let text = Self.sections.map { ([$0.key] + $0.entries).joined(separator: "\n") }
      .joined(separator: "\n")
    let original = try #require(Sample(text).check().card)
    let sample = Self.shuffled(seed: seed)
    let (card, diagnostics) = sample.check()
    #expect(diagnostics.isEmpty, "\(sample.describe(diagnostics))")
    #expect(try Self.said(#require(card)) == Self.said(original))
  }
}
