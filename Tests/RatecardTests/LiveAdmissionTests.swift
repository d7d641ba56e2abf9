import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import RatecardValues
import Synchronization
import Testing

/// What a live card does around a swap: what a card must pass before, what is found afterwards, and
/// how files that are still being written are waited for.
@Suite(.timeLimit(.minutes(5))) struct LiveAdmissionTests {
  private typealias Changes = LiveRateCardTests.Changes

  private static func card(_ credits: Int, _ rest: String = "") -> String {
    LiveRateCardTests.header + LiveRateCardTests.costs(credits) + rest
  }

  private static func finding(_ severity: Severity) -> Diagnostic {
    Diagnostic(
      .testFails, "the card is dear", at: Span(file: FileID(0), start: 0, end: 1),
      severity: severity)
  }

  /// Refuses cards that charge more than two credits, and says something of those that charge two.
  private static let cheap = LiveRateCard.Admission { card in
    guard case .priced(let credits)? = try? card.price([:]).outcome, credits >= Number(2) else {
      return Report(files: card.files, diagnostics: [])
    }
    return Report(
      files: card.files, diagnostics: [finding(credits > Number(2) ? .error : .warning)])
  }

  @Test func whatIsNotAdmittedIsRefused() throws {
    let folder = try Folder()
    try folder.write(Self.card(1), to: "card/card.yaml")
    let changes = Changes()
    let live = try LiveRateCard(
      folder: folder.at("card"), admission: Self.cheap, pace: LiveRateCardTests.paces[1]
    ) { changes.report($0) }
    defer { live.stop() }
    try folder.write(Self.card(3), to: "card/card.yaml")
    #expect(changes.waitForRefusal())
    #expect(try live.current.price([:]).outcome == .priced(credits: Number(1)))
    guard case .refused(let report)? = live.lastFailure else {
      Issue.record("the refusal is kept")
      return
    }
    #expect(report.diagnostics.map(\.message) == ["the card is dear"])
    try folder.write(Self.card(2), to: "card/card.yaml")
    #expect(
      changes.wait { change in
        guard case .loaded(_, let report) = change else { return false }
        return report.diagnostics == [Self.finding(.warning)]
      })
    #expect(live.lastFailure == nil)
  }

  @Test func theFirstCardMustBeAdmittedToo() throws {
    let folder = try Folder()
    try folder.write(Self.card(3), to: "card/card.yaml")
    do {
      _ = try LiveRateCard(folder: folder.at("card"), admission: Self.cheap)
      Issue.record("it is too dear")
    } catch {
      guard case .refused(let report) = error else {
        Issue.record("it can be read")
        return
      }
      #expect(report.hasErrors)
    }
  }

  /// Lint's other findings follow, and keep no card from answering.
  @Test func otherFindingsFollow() throws {
    let unused = "plans: {pro: {}}\n"
    let folder = try Folder()
    try folder.write(Self.card(1, unused), to: "card/card.yaml")
    let changes = Changes()
    let live = try LiveRateCard(
      folder: folder.at("card"), lintsAfterwards: true, pace: LiveRateCardTests.paces[1]
    ) { changes.report($0) }
    defer { live.stop() }
    func waitForFindings(_ wanted: Int) -> Bool {
      changes.wait { change in
        guard case .found(let card, let report) = change, !report.diagnostics.isEmpty else {
          return false
        }
        let all = RateCard.load(files: card.files, proving: .all(at: nil)).report.diagnostics
        return (try? card.price([:]))?.outcome == .priced(credits: Number(wanted))
          && report.diagnostics == all
      }
    }
    #expect(waitForFindings(1))
    try folder.write(Self.card(2, unused), to: "card/card.yaml")
    #expect(waitForFindings(2))
    // Each was told of after it answered.
    let order = changes.all.map { change in
      switch change {
      case .loaded: "loaded"
      case .found: "found"
      default: "failed"
      }
    }
    #expect(order == ["found", "loaded", "found"])
  }

  @Test func aSwapIsFollowedByAFasterForm() throws {
    let folder = try Folder()
    try folder.write(Self.card(1), to: "card/card.yaml")
    let changes = Changes()
    let live = try LiveRateCard(folder: folder.at("card"), pace: LiveRateCardTests.paces[1]) {
      changes.report($0)
    }
    defer { live.stop() }
    try folder.write(Self.card(2), to: "card/card.yaml")
    #expect(changes.waitForCredits(2))
    let end = Date().addingTimeInterval(30)
    while live.generation < 2, Date() < end { usleep(1000) }
    #expect(live.generation == 2)
    #expect(try live.current.price([:]).outcome == .priced(credits: Number(2)))
    #expect(changes.all.count == 1)
  }

  /// A file that is open for writing is waited for; once it is closed nothing is.
  @Test func aHalfWrittenFileIsNotReported() throws {
    let folder = try Folder()
    try folder.write(Self.card(1), to: "card/card.yaml")
    let changes = Changes()
    let pace = LiveRateCard.Pace(
      settleMilliseconds: 20_000, patienceMilliseconds: 40_000, pollMilliseconds: 100_000)
    let live = try LiveRateCard(folder: folder.at("card"), pace: pace) { changes.report($0) }
    defer { live.stop() }
    let text = Data(Self.card(2).utf8)
    let handle = try #require(FileHandle(forWritingAtPath: folder.at("card/card.yaml")))
    try handle.truncate(atOffset: 0)
    for part in [text.prefix(text.count / 2), text.suffix(from: text.count / 2)] {
      // Long enough for the watch to see it, though nothing depends on that.
      #expect(!changes.wait(seconds: 0.05) { _ in true })
      try handle.write(contentsOf: part)
    }
    try handle.close()
    let closed = Date()
    #expect(changes.waitForCredits(2))
    #expect(Date().timeIntervalSince(closed) < 10)
    #expect(changes.all.count == 1)
  }

  /// What is no good may be the first half of what is: it is reported once the folder rests.
  @Test func aBrokenFileIsReportedWhenItRests() throws {
    let folder = try Folder()
    try folder.write(Self.card(1), to: "card/card.yaml")
    let changes = Changes()
    let pace = LiveRateCard.Pace(
      settleMilliseconds: 20_000, patienceMilliseconds: 40_000, pollMilliseconds: 100_000)
    let live = try LiveRateCard(folder: folder.at("card"), pace: pace) { changes.report($0) }
    defer { live.stop() }
    try folder.write("ratecard: 1\n", to: "card/card.yaml")
    #expect(!changes.wait(seconds: 0.05) { _ in true })
    try folder.write(Self.card(2), to: "card/card.yaml")
    #expect(changes.waitForCredits(2))
    #expect(changes.all.count == 1)
  }
}
