import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import RatecardValues
import Testing

/// What a service asks of a new card before it lets the card answer.
@Suite struct GuardedLoadTests {
  private static func text(_ credits: Int, _ rest: String = "") -> String {
    "costs: [{name: all, credits: \(credits)}]\n"
      + "guards: [{name: no leaps, changes: {at_most: 3x}}]\n" + rest
  }

  private static func load(
    _ text: String, _ proofs: RateCard.Proofs = .none, path: String = "new.yaml"
  ) -> LoadResult {
    RateCard.load(files: Sample(text, path: path).files, proving: proofs)
  }

  @Test func aCardIsHeldAgainstTheOneBefore() throws {
    let old = try #require(Self.load(Self.text(10), path: "old.yaml").card)
    #expect(Self.load(Self.text(30), .guards(since: old)).card != nil)
    #expect(Self.load(Self.text(31), .guards()).card != nil)
    let refused = Self.load(Self.text(31), .guards(since: old))
    #expect(refused.card == nil)
    let finding = try #require(refused.report.diagnostics.first)
    #expect(finding.code == .guardFails)
    #expect(finding.message.contains("a request that cost 10 costs 31, more than 3x"))
    let places = finding.notes.map { note in
      note.span.map { refused.report.files[Int($0.file.index)].path }
    }
    #expect(places == ["new.yaml", "old.yaml"])
  }

  @Test func theSameIsAskedOfCardsThatLoaded() throws {
    let old = try #require(Self.load(Self.text(10)).card)
    let new = try #require(Self.load(Self.text(31)).card)
    #expect(new.brokenChanges(since: old).hasErrors)
    // The guard is the new card's: it holds on the way back.
    #expect(!old.brokenChanges(since: new).hasErrors)
    #expect(new.brokenChanges(since: new).diagnostics.isEmpty)
  }

  @Test func otherGuardsAreProvedToo() throws {
    let old = try #require(Self.load(Self.text(10)).card)
    let text = Self.text(20).replacing("changes: {at_most: 3x}", with: "credits: {at_most: 15}")
    #expect(Self.load(text).card != nil)
    #expect(Self.load(text, .guards(since: old)).card == nil)
  }

  @Test func aLiveCardRefusesWhatBreaksItsGuards() throws {
    let folder = try Folder()
    func write(_ credits: Int) throws {
      try folder.write("ratecard: 1\nname: live\n" + Self.text(credits), to: "card/card.yaml")
    }
    try write(1)
    let guarded = try LiveRateCard(folder: folder.at("card"), admission: .init(provesGuards: true))
    let unguarded = try LiveRateCard(folder: folder.at("card"))
    defer {
      guarded.stop()
      unguarded.stop()
    }
    func credits(_ live: LiveRateCard) throws -> Quote.Outcome {
      live.reload()
      return try live.current.price([:]).outcome
    }
    try write(4)
    #expect(try credits(guarded) == .priced(credits: Number(1)))
    #expect(try credits(unguarded) == .priced(credits: Number(4)))
    guard case .refused(let report)? = guarded.lastFailure else {
      Issue.record("a card that breaks its guards is refused")
      return
    }
    #expect(report.diagnostics.map(\.code) == [.guardFails])
    // In two steps it gets there: each is held against the card that answers.
    try write(3)
    #expect(try credits(guarded) == .priced(credits: Number(3)))
    try write(4)
    #expect(try credits(guarded) == .priced(credits: Number(4)))
  }
}
