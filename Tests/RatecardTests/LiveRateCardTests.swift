import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardValues
import Synchronization
import Testing

/// The live card sees every way of changing a folder, and keeps the last good card.
///
/// Nothing sleeps: tests wait for what the card reports, with a limit that only a failure reaches.
@Suite(.timeLimit(.minutes(20))) struct LiveRateCardTests {
  /// What the live card reports, for a test to wait for.
  final class Changes: Sendable {
    private let reported = Mutex<[LiveRateCard.Change]>([])

    func report(_ change: LiveRateCard.Change) { reported.withLock { $0.append(change) } }

    var all: [LiveRateCard.Change] { reported.withLock { $0 } }

    /// Waits until a report satisfies a condition; false when none does in time.
    func wait(seconds: Double = 30, until isWanted: (LiveRateCard.Change) -> Bool) -> Bool {
      let end = Date().addingTimeInterval(seconds)
      while Date() < end {
        if all.contains(where: isWanted) { return true }
        // Lets the watching thread run; what ends the wait is its report.
        sched_yield()
        usleep(1000)
      }
      return false
    }

    func waitForCredits(_ credits: Int) -> Bool {
      wait { change in
        guard case .loaded(let card, _) = change else { return false }
        return (try? card.price([:]))?.outcome == .priced(credits: Number(credits))
      }
    }

    func waitForRefusal() -> Bool {
      wait { change in if case .refused = change { true } else { false } }
    }

    func waitForFailure() -> Bool {
      wait { change in if case .unreadable = change { true } else { false } }
    }
  }

  static let header = "ratecard: 1\nname: live\n"

  static func costs(_ credits: Int) -> String { "costs: [{name: all, credits: \(credits)}]\n" }

  /// Without the kernel's word the poll alone must do, and the other way round.
  static let paces = [
    LiveRateCard.Pace(settleMilliseconds: 5, patienceMilliseconds: 50, pollMilliseconds: 100_000),
    LiveRateCard.Pace(settleMilliseconds: 5, patienceMilliseconds: 50, pollMilliseconds: 50),
  ]

  /// A folder with a card of one credit, and its live card.
  private func start(
    _ pace: LiveRateCard.Pace = paces[1], files: (Folder) throws -> Void = { _ in }
  ) throws -> (folder: Folder, live: LiveRateCard, changes: Changes) {
    let folder = try Folder()
    try folder.write(Self.header, to: "card/card.yaml")
    try folder.write(Self.costs(1), to: "card/costs.yaml")
    try files(folder)
    let changes = Changes()
    let live = try LiveRateCard(folder: folder.at("card"), pace: pace) { changes.report($0) }
    return (folder, live, changes)
  }

  private func credits(_ live: LiveRateCard) throws -> Quote.Outcome {
    try live.current.price([:]).outcome
  }

  @Test(arguments: paces)
  func seesAFileWrittenInPlace(_ pace: LiveRateCard.Pace) throws {
    let (folder, live, changes) = try start(pace)
    #expect(try credits(live) == .priced(credits: Number(1)))
    let handle = try #require(FileHandle(forWritingAtPath: folder.at("card/costs.yaml")))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(Self.costs(2).utf8))
    try handle.close()
    #expect(changes.waitForCredits(2))
    #expect(try credits(live) == .priced(credits: Number(2)))
    live.stop()
  }

  @Test(arguments: paces)
  func seesAFileRenamedOver(_ pace: LiveRateCard.Pace) throws {
    let (folder, live, changes) = try start(pace)
    try folder.write(Self.costs(2), to: "card/.costs.yaml.swp")
    try folder.rename("card/.costs.yaml.swp", to: "card/costs.yaml")
    #expect(changes.waitForCredits(2))
    live.stop()
  }

  @Test(arguments: paces)
  func seesFilesComeAndGo(_ pace: LiveRateCard.Pace) throws {
    let (folder, live, changes) = try start(pace)
    try folder.write("costs: [{name: x, when: {model: x}, credits: 9}]\n", to: "card/more.yaml")
    #expect(
      changes.wait { change in
        if case .loaded(let card, _) = change { card.model.costs.count == 2 } else { false }
      })
    try folder.remove("card/more.yaml")
    #expect(
      changes.wait { change in
        if case .loaded(let card, _) = change { card.model.costs.count == 1 } else { false }
      })
    live.stop()
  }

  @Test(arguments: paces)
  func seesANewFolderBelow(_ pace: LiveRateCard.Pace) throws {
    let (folder, live, changes) = try start(pace)
    try folder.write("costs: [{name: x, when: {model: x}, credits: 9}]\n", to: "card/a/b/more.yaml")
    #expect(
      changes.wait { change in
        if case .loaded(let card, _) = change { card.model.costs.count == 2 } else { false }
      })
    try folder.write("costs: [{name: x, when: {model: x}, credits: 8}]\n", to: "card/a/b/more.yaml")
    #expect(
      changes.wait { change in
        guard case .loaded(let card, _) = change else { return false }
        return (try? card.price(["model": "x"]))?.outcome == .priced(credits: Number(8))
      })
    live.stop()
  }

  /// A ConfigMap's update: a new folder is written, then one link is swapped.
  @Test(arguments: paces)
  func seesALinkSwappedAsKubernetesDoes(_ pace: LiveRateCard.Pace) throws {
    let (folder, live, changes) = try start(pace) { folder in
      try folder.remove("card/costs.yaml")
      try folder.write(Self.costs(1), to: "card/..1/costs.yaml")
      try folder.link("card/..data", to: "..1")
      try folder.link("card/costs.yaml", to: "..data/costs.yaml")
    }
    try folder.write(Self.costs(2), to: "card/..2/costs.yaml")
    try folder.link("card/..data_tmp", to: "..2")
    try folder.rename("card/..data_tmp", to: "card/..data")
    #expect(changes.waitForCredits(2))
    try folder.remove("card/..1")
    try folder.write(Self.costs(3), to: "card/..3/costs.yaml")
    try folder.link("card/..data_tmp", to: "..3")
    try folder.rename("card/..data_tmp", to: "card/..data")
    #expect(changes.waitForCredits(3))
    live.stop()
  }

  /// The folder itself is a link that is swapped, as releases are.
  @Test(arguments: paces)
  func seesTheFolderSwapped(_ pace: LiveRateCard.Pace) throws {
    let folder = try Folder()
    for release in 1...3 {
      try folder.write(Self.header, to: "releases/\(release)/card.yaml")
      try folder.write(Self.costs(release), to: "releases/\(release)/costs.yaml")
    }
    try folder.link("current", to: "releases/1")
    let changes = Changes()
    let live = try LiveRateCard(folder: folder.at("current"), pace: pace) { changes.report($0) }
    for release in 2...3 {
      try folder.link("next", to: "releases/\(release)")
      try folder.rename("next", to: "current")
      #expect(changes.waitForCredits(release))
    }
    live.stop()
  }

  @Test(arguments: paces)
  func outlivesItsFolder(_ pace: LiveRateCard.Pace) throws {
    let (folder, live, changes) = try start(pace)
    try folder.remove("card")
    #expect(changes.waitForFailure())
    #expect(try credits(live) == .priced(credits: Number(1)))
    #expect(live.lastFailure != nil)
    try folder.write(Self.header + Self.costs(2), to: "next/card.yaml")
    try folder.rename("next", to: "card")
    #expect(changes.waitForCredits(2))
    #expect(live.lastFailure == nil)
    // The watch is on the new folder now.
    try folder.write(Self.header + Self.costs(3), to: "card/card.yaml")
    #expect(changes.waitForCredits(3))
    live.stop()
  }

  @Test func keepsTheLastGoodCard() throws {
    let (folder, live, changes) = try start()
    let version = live.current.version
    try folder.write("costs: [{name: all, credit: 1}]\n", to: "card/costs.yaml")
    #expect(changes.waitForRefusal())
    #expect(live.current.version == version)
    guard case .refused(let report) = live.lastFailure else {
      Issue.record("the failure is kept")
      return
    }
    #expect(report.diagnostics.map(\.code) == [.unknownKey])
    // Back to what it was: good again.
    try folder.write(Self.costs(1), to: "card/costs.yaml")
    #expect(changes.waitForCredits(1))
    #expect(live.lastFailure == nil)
    live.stop()
  }

  @Test func reportsAFileThatCannotBeRead() throws {
    let (folder, live, changes) = try start()
    try folder.link("card/more.yaml", to: "nowhere")
    #expect(changes.waitForFailure())
    #expect(try credits(live) == .priced(credits: Number(1)))
    try folder.remove("card/more.yaml")
    try folder.write(Self.costs(2), to: "card/costs.yaml")
    #expect(changes.waitForCredits(2))
    live.stop()
  }

  /// What changes nothing that is read is not reported.
  @Test func isQuietAboutOtherFiles() throws {
    let (folder, live, changes) = try start(Self.paces[0])
    try folder.write("hello\n", to: "card/README.md")
    try folder.write(Self.costs(1), to: "card/costs.yaml")
    try folder.write(Self.costs(7), to: "card/_draft.yaml")
    try folder.write(Self.costs(2), to: "card/costs.yaml")
    #expect(changes.waitForCredits(2))
    live.stop()
    #expect(changes.all.count == 1)
  }

  @Test func reloadsWhenAsked() throws {
    let (folder, live, changes) = try start(Self.paces[0])
    live.stop()
    try folder.write(Self.costs(2), to: "card/costs.yaml")
    guard case .loaded = live.reload() else {
      Issue.record("the card is good")
      return
    }
    #expect(try credits(live) == .priced(credits: Number(2)))
    #expect(changes.all.count == 1)
  }

  @Test func saysWhyItCannotStart() throws {
    let folder = try Folder()
    #expect(throws: LiveRateCard.StartFailure.self) { try LiveRateCard(folder: folder.at("none")) }
    try folder.write("ratecard: 1\n", to: "card.yaml")
    do {
      _ = try LiveRateCard(folder: folder.path)
      Issue.record("a card without a name does not load")
    } catch {
      guard case .refused(let report) = error else {
        Issue.record("it is the card's mistake")
        return
      }
      #expect(report.hasErrors)
    }
  }

  /// Letting go of the live card ends its thread, from the callback too.
  @Test func endsWithItsOwner() throws {
    for _ in 0..<20 { _ = try start() }
    let folder = try Folder()
    try folder.write(Self.header + Self.costs(1), to: "card.yaml")
    let changes = Changes()
    let held = Mutex<LiveRateCard?>(nil)
    let live = try LiveRateCard(folder: folder.path, pace: Self.paces[1]) { change in
      changes.report(change)
      held.withLock { $0 = nil }
    }
    held.withLock { $0 = live }
    try folder.write(Self.header + Self.costs(2), to: "card.yaml")
    #expect(changes.waitForCredits(2))
  }

  /// Whoever reads while the card changes sees one card or the other, whole.
  @Test func readersSeeWholeCards() throws {
    let (folder, live, changes) = try start()
    let isDone = Mutex(false)
    let wrong = Mutex(0)
    let threads = (0..<2).map { _ in
      let thread = Thread {
        while !isDone.withLock({ $0 }) {
          let card = live.current
          let quote = try? card.price([:])
          let said = card.model.costs.first?.outcome
          guard case .priced(let credits)? = quote?.outcome, case .price(let price)? = said,
            price.credits == (try? Rational(credits))
          else {
            wrong.withLock { $0 += 1 }
            continue
          }
        }
      }
      thread.start()
      return thread
    }
    for credits in 2...20 {
      try folder.write(Self.costs(credits), to: "card/.next")
      try folder.rename("card/.next", to: "card/costs.yaml")
      if credits.isMultiple(of: 5) { #expect(changes.waitForCredits(credits)) }
    }
    isDone.withLock { $0 = true }
    for thread in threads { while !thread.isFinished { sched_yield() } }
    #expect(wrong.withLock { $0 } == 0)
    live.stop()
  }
}
