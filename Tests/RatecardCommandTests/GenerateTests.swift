import Foundation
import RatecardTestSupport
import Testing

/// Proposed tests are tests: they load, pass, and are not proposed again.
@Suite struct GenerateTests {
  /// Cards beside what is proposed for them.
  static let cards =
    ["pricing"]
    + ["absence", "bands", "parts", "replaces", "stages", "tiers", "weights", "windows"].map {
      "Tests/Cards/\($0)"
    }

  @Test(arguments: cards)
  func proposesWhatIsExpected(_ path: String) throws {
    let run = CommandRun(["test", "\(CommandRun.repository)/\(path)", "--generate"])
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let golden = Goldens.folder("Proposals").appendingPathComponent("\(name).yaml")
    let difference = try Goldens.difference(run.output, from: golden)
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test(
    arguments: cards + [
      "Tests/RatecardCommandTests/Cards/shop", "Tests/RatecardCommandTests/Cards/odd",
    ])
  func proposalsBelongToTheCard(_ path: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: "\(CommandRun.repository)/\(path)", toPath: folder.path + "/card")
    try Self.check(folder)
    // Everything that can be reached is reached then.
    let coverage = CommandRun(["test", folder.path + "/card", "--coverage"])
    #expect(!coverage.output.contains("no test"), "\(coverage.output)")
  }

  /// Random cards of everything there is.
  @Test(arguments: 0..<8)
  func proposalsBelongToRandomCards(_ batch: Int) throws {
    var loaded = 0
    for seed in 0..<5 {
      let folder = try TemporaryFolder()
      let text = RandomCard(seed: UInt64(batch * 5 + seed)).text
      try folder.write(text, to: "card/card.yaml")
      guard CommandRun(["lint", folder.path + "/card", "--no-proofs"]).code == 0 else { continue }
      loaded += 1
      try Self.check(folder, text)
    }
    #expect(loaded > 0)
  }

  /// Appends what is proposed for the card of a folder.
  private static func check(_ folder: TemporaryFolder, _ text: String = "") throws {
    let card = folder.path + "/card"
    let before = CommandRun(["lint", card])
    let plain = CommandRun(["lint", card, "--no-proofs"])
    let proposed = CommandRun(["test", card, "--generate"])
    #expect(proposed.code == 0, "\(proposed.errors)\n\(text)")
    #expect(CommandRun(["test", card, "--generate"]).output == proposed.output)
    guard !proposed.output.isEmpty else { return }
    try folder.write(proposed.output, to: "card/proposed.yaml")
    let proved = CommandRun(["lint", card])
    #expect(proved.code == before.code, "\(proved.output)\n\(text)")
    let checked = CommandRun(["lint", card, "--no-proofs"])
    #expect(checked.output == plain.output, "\(checked.output)\n\(text)")
    let test = CommandRun(["test", card])
    #expect(test.code == 0, "\(test.output)\(test.errors)\n\(text)")
    let again = CommandRun(["test", card, "--generate"])
    #expect(again.output.isEmpty, "\(again.output)\n\(text)")
  }
}
