import Foundation
import RatecardTestSupport
import Testing

/// Pairs of cards beside all that `ratecard diff` says of them.
@Suite struct DiffTests {
  static let folder = Goldens.folder("Differences")

  /// A pair stands in one file: the old card, a line `--- new`, the new card.
  @Test(arguments: Goldens.names(in: folder, ending: "cards"))
  func saysWhatIsExpected(_ name: String) throws {
    let file = Self.folder.appendingPathComponent("\(name).cards")
    let cards = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "--- new\n")
    try #require(cards.count == 2)
    let folders = try (TemporaryFolder(), TemporaryFolder())
    for (text, folder) in [(cards[0], folders.0), (cards[1], folders.1)] {
      let header = text.contains("ratecard:") ? "" : "ratecard: 1\nname: sample\n"
      try folder.write(header + text, to: "card.yaml")
    }
    let run = CommandRun(["diff", folders.0.path, folders.1.path])
    #expect(run.errors.isEmpty, "\(run.errors)")
    #expect(run.code == 0)
    let golden = Self.folder.appendingPathComponent("\(name).txt")
    let difference = try Goldens.difference(run.output, from: golden)
    #expect(difference == nil, "\(difference ?? "")")
  }
}
