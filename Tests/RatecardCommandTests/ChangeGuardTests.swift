import Foundation
import RatecardTestSupport
import Testing

/// Pairs of cards beside all that `ratecard diff --guards` says of them.
@Suite struct ChangeGuardTests {
  static let folder = Goldens.folder("ChangeGuards")

  /// A pair stands in one file: the old card, a line `--- new`, the new card.
  @Test(arguments: Goldens.names(in: folder, ending: "cards"))
  func saysWhatIsBroken(_ name: String) throws {
    let file = Self.folder.appendingPathComponent("\(name).cards")
    let cards = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "--- new\n")
    try #require(cards.count == 2)
    let folder = try TemporaryFolder()
    for (text, name) in zip(cards, ["old", "new"]) {
      try folder.write("ratecard: 1\nname: sample\n" + text, to: "\(name)/card.yaml")
    }
    let (old, new) = ("\(folder.path)/old", "\(folder.path)/new")
    let run = CommandRun(["diff", old, new, "--guards"])
    let seen = "exit \(run.code)\n--- output\n\(run.output)--- errors\n\(run.errors)"
      .replacingOccurrences(of: folder.path + "/", with: "")
    let golden = Self.folder.appendingPathComponent("\(name).txt")
    let difference = try Goldens.difference(seen, from: golden)
    #expect(difference == nil, "\(difference ?? "")")
    // Without the option the same cards are only compared, and lint says nothing of them.
    #expect(CommandRun(["diff", old, new]).code == 0)
    #expect(!CommandRun(["lint", new]).output.contains("[RC08"))
  }
}
