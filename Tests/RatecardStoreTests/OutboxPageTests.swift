import Foundation
import RatecardStore
import RatecardValues
import Testing

@testable import RatecardStore

/// The outbox as a person looks at it, and what they change.
struct OutboxPageTests {
  /// Six events of two customers, of which two are dead, two letters and two notices.
  private func filled(_ place: Place) throws -> Store {
    let store = try place.open()
    _ = try store.commit((0..<6).map { .usage(usage("e\($0)", "c\($0 % 2)", "1", second: $0)) })
    let held = try store.claim(limit: 9, owner: "one", now: at(10), until: at(20))
    _ = try store.commit([
      .shipment(
        Shipment(
          sequence: held[1].sequence, owner: "one", result: .dead(reason: "no such customer"))),
      .shipment(
        Shipment(
          sequence: held[2].sequence, owner: "one", result: .dead(reason: "too old"), code: .held,
          way: .held)),
      .shipment(
        Shipment(
          sequence: held[3].sequence, owner: "one",
          result: .failed(reason: "status 503", retryAt: at(90)))),
      .deadLetter(deadLetter("l0")), .deadLetter(deadLetter("l1", code: "denied")),
      .notice(Notice(customer: "c0", text: "t", cause: "1", at: at(1), postedAs: "n0")),
      .notice(Notice(customer: "c1", text: "t", cause: "2", at: at(2), postedAs: "n1")),
      .notice(Notice(customer: "c1", text: "t", cause: "3", at: at(3))),
    ])
    return store
  }

  @Test(arguments: Engine.available, [1, 2, 3, 9, 100])
  func goesThroughEverythingOnce(_ engine: Engine, _ limit: Int) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try filled(place)
    var ids: [String] = []
    var next: OutboxPlace? = .start
    while let after = next {
      // As it is handed out and comes back.
      let page = try store.outboxPage(
        after: try #require(OutboxPlace(after.description)), limit: limit)
      #expect(page.entries.count <= limit)
      ids += page.entries.map(\.id)
      next = page.next
    }
    #expect(ids == ["e0", "e1", "e2", "e3", "e4", "e5", "l0", "l1", "n0", "n1"])
    #expect(try store.outboxPage(limit: 0).entries.isEmpty)
  }

  @Test(arguments: Engine.available)
  func filters(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try filled(place)
    func ids(_ filter: OutboxFilter) throws -> [String] {
      try store.outboxPage(filter, limit: 100).entries.map(\.id)
    }
    #expect(try ids(.init(state: .dead)) == ["e1", "e2", "l0", "l1"])
    #expect(try ids(.init(state: .waiting)) == ["e0", "e3", "e4", "e5", "n0", "n1"])
    #expect(try ids(.init(code: "held")) == ["e2"])
    #expect(try ids(.init(code: "refused")) == ["e1"])
    #expect(try ids(.init(code: "not_taken")) == ["e3"])
    #expect(try ids(.init(code: "denied")) == ["l1"])
    #expect(try ids(.init(customer: "c1")) == ["e1", "e3", "e5", "n1"])
    #expect(try ids(.init(state: .dead, customer: "c1")) == ["e1"])
    #expect(try ids(.init(code: "held", customer: "c1")) == [])
    let summary = try store.outboxSummary()
    #expect(summary.depth == 4 && summary.dead == 2 && summary.deadLetters == 2)
    #expect(summary.notices == 2 && summary.deadNotices == 0)
  }

  @Test(arguments: Engine.available)
  func aReasonIsCutInAListAndWholeElsewhere(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    let reason = String(repeating: "é", count: 5_000)
    _ = try store.commit([.usage(usage("e"))])
    let held = try store.claim(limit: 1, owner: "one", now: at(10), until: at(20))
    _ = try store.commit([
      .shipment(
        Shipment(sequence: held[0].sequence, owner: "one", result: .dead(reason: reason)))
    ])
    #expect(try store.outboxPage(limit: 1).entries[0].reason == String(reason.prefix(300)))
    #expect(try store.outboxEvent("e")?.state == .dead(reason: reason))
  }

  @Test(arguments: Engine.available)
  func aDeadEventChangesItsCustomerAndNothingElseDoes(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try filled(place)
    func correction(_ id: String, _ second: Int = 50) -> Correction {
      Correction(id: id, at: at(second), source: "http", from: "{}", to: "{}")
    }
    #expect(
      try store.commit([
        .reassign(customer: "new", correction("e0")),
        .reassign(customer: "c1", correction("e1")),
        .reassign(customer: "new", correction("nobody")),
      ]) == [.conflict, .conflict, .missing])
    #expect(try store.corrections(of: "e0").isEmpty)
    #expect(try store.commit([.reassign(customer: "new", correction("e1"))]) == [.done])
    let event = try #require(try store.outboxEvent("e1"))
    #expect(event.event.customer == "new" && event.state == .waiting(until: at(50)))
    #expect(try store.customer("c1")?.pending == number("2"))
    #expect(try store.customer("new")?.pending == number("1"))
    #expect(try store.corrections(of: "e1") == [correction("e1")])
    // The client, which knows nothing of that, reports it again.
    let again = usage("e1", "c1", "1", second: 1)
    guard case .repeated(let stored) = try store.commit([.usage(again)])[0] else {
      Issue.record("it was recorded before")
      return
    }
    #expect(stored.customer == "new")
  }

  @Test(arguments: Engine.available)
  func anEventThatMayBeAtTheProviderKeepsItsCustomer(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    _ = try store.commit([.usage(usage("e"))])
    _ = try store.claim(limit: 1, owner: "killed", now: at(1), until: at(2))
    let held = try store.claim(limit: 1, owner: "one", now: at(3), until: at(9))
    #expect(held[0].isFateUnknown)
    _ = try store.commit([
      .shipment(Shipment(sequence: held[0].sequence, owner: "one", result: .dead(reason: "no")))
    ])
    let correction = Correction(id: "e", at: at(9), source: "http", from: "{}", to: "{}")
    #expect(try store.commit([.reassign(customer: "new", correction)]) == [.conflict])
    #expect(try store.customer("new")?.pending ?? .zero == .zero)
  }

  @Test(arguments: Engine.available)
  func aCorrectionIsKeptWhereTheUsageIsRecorded(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    _ = try store.commit([.deadLetter(deadLetter("e")), .usage(usage("taken"))])
    let correction = Correction(
      id: "e", at: at(5), source: "http", from: #"{"model":"o9"}"#, to: #"{"model":"o1"}"#)
    var other = correction
    other.id = "taken"
    let outcomes = try store.commit([
      .correct(usage("e"), correction), .correct(usage("taken", content: 2), other),
    ])
    #expect(outcomes == [.recorded(usage("e")), .conflict])
    #expect(try store.deadLetter("e") == nil)
    #expect(try store.corrections(of: "e") == [correction])
    #expect(try store.corrections(of: "taken").isEmpty)
  }

  @Test(arguments: Engine.available)
  func aNoticeIsLeasedToOnePosterAndKeptOnceForACause(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    let other = try place.open()
    let notice = Notice(customer: "c", text: "low", cause: "w", at: at(1), postedAs: "n")
    #expect(try store.commit([.notice(notice), .notice(notice)]) == [.done, .seenBefore])
    let first = try store.claimPostings(limit: 9, owner: "one", now: at(2), until: at(9))
    #expect(first.map(\.id) == ["n"] && first[0].notice.text == "low" && first[0].attempts == 0)
    #expect(try other.claimPostings(limit: 9, owner: "two", now: at(3), until: at(9)).isEmpty)
    func settle(_ result: Shipment.Result, _ owner: String = "one") -> Change {
      .posting(
        Shipment(
          sequence: first[0].sequence, owner: owner, result: result, code: .undelivered))
    }
    #expect(
      try store.commit([
        settle(.failed(reason: "503", retryAt: at(20)), "two"),
        settle(.failed(reason: "503", retryAt: at(20))),
      ]) == [.missing, .done])
    #expect(try store.posting("n")?.state == .waiting(until: at(20)))
    _ = try other.claimPostings(limit: 9, owner: "one", now: at(20), until: at(30))
    #expect(try store.commit([settle(.dead(reason: "gone"))]) == [.done])
    #expect(try store.posting("n")?.state == .dead(reason: "gone"))
    #expect(try store.outboxSummary().deadNotices == 1)
    // It is kept as long as it is to be posted.
    _ = try store.prune(Pruning(noticesBefore: at(99)))
    #expect(try store.notices(of: "c").count == 1)
    #expect(try store.commit([.retry(id: "n", at: at(40))]) == [.done])
    #expect(try store.posting("n")?.since == at(40))
    #expect(
      try store.commit([settle(.shipped(at: at(9))), settle(.shipped(at: at(9)))]) == [
        .done, .missing,
      ])
    _ = try store.prune(Pruning(noticesBefore: at(99)))
    #expect(try store.notices(of: "c").isEmpty)
  }

  @Test(arguments: Engine.available)
  func whatBeganAReasonBecomesAWay(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let old = try place.open(version: 3)
    _ = try old.commit((0..<4).map { .usage(usage("e\($0)", "c", "1")) })
    try place.raw { connection in
      for (sequence, change) in [
        (1, "failure = 'ledger debit: status 503', due = 5"),
        (2, "failure = 'held: it is from yesterday', due = NULL"),
        (3, "failure = 'held: status 400', due = NULL"),
        (4, "failure = 'status 400', due = NULL"),
      ] {
        try connection.execute("UPDATE ratecard_outbox SET \(change) WHERE sequence = \(sequence)")
      }
    }
    let events = try place.open().outbox()
    #expect(events.map(\.way) == [.ledger, .held, .held, .meter])
    #expect(events.map(\.code) == [.notTaken, .held, .refused, .refused])
    #expect(
      events.map(\.lastFailure) == [
        "status 503", "it is from yesterday", "status 400", "status 400",
      ])
  }

  @Test func tellsThatAnotherProgramWrote() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    let store = try place.open(serving: true)
    _ = try place.open().commit([.usage(usage("early"))])
    #expect(try store.wasWrittenElsewhere())
    _ = try store.commit([.usage(usage("own"))])
    try store.checkpoint()
    #expect(try !store.wasWrittenElsewhere())
    let other = try place.open()
    _ = try other.commit([.usage(usage("other"))])
    #expect(try store.wasWrittenElsewhere())
    #expect(try !store.wasWrittenElsewhere())
  }

  @Test func aStoreThatMustExistIsNotMade() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    #expect(throws: StoreFailure.self) { try Store.open(place.address, mustExist: true) }
    #expect(!FileManager.default.fileExists(atPath: place.file.path))
    _ = try place.open()
    _ = try Store.open(place.address, mustExist: true)
  }
}
