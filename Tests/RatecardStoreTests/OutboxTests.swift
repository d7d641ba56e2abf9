import RatecardStore
import RatecardValues
import Testing

@testable import RatecardStore

struct OutboxTests {
  private func filled(_ place: Place, _ count: Int) throws -> Store {
    let store = try place.open()
    _ = try store.commit((0..<count).map { .usage(usage("e\($0)", "c", "1", second: $0)) })
    return store
  }

  @Test(arguments: Engine.available)
  func leasesAnEventToOneShipper(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try filled(place, 5)
    let other = try place.open()
    let first = try store.claim(limit: 2, owner: "one", now: at(10), until: at(20))
    let second = try other.claim(limit: 9, owner: "two", now: at(11), until: at(20))
    #expect(first.map(\.event.id) == ["e0", "e1"])
    #expect(second.map(\.event.id) == ["e2", "e3", "e4"])
    #expect(first[0].event == usage("e0", "c", "1", second: 0))
    #expect(first[0].attempts == 1 && first[0].owner == "one" && !first[0].isFateUnknown)
    #expect(try store.claim(limit: 9, owner: "three", now: at(19), until: at(30)).isEmpty)
    // The lease ends by itself.
    let late = try store.claim(limit: 9, owner: "three", now: at(20), until: at(30))
    #expect(late.count == 5 && late.allSatisfy { $0.attempts == 2 })
  }

  @Test(arguments: Engine.available)
  func settlesWhatAShipperHolds(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try filled(place, 4)
    let events = try store.claim(limit: 9, owner: "one", now: at(10), until: at(20))
    func shipment(_ index: Int, _ result: Shipment.Result, _ owner: String = "one") -> Change {
      .shipment(Shipment(sequence: events[index].sequence, owner: owner, result: result))
    }
    #expect(
      try store.commit([
        shipment(0, .shipped(at: at(2))), shipment(0, .shipped(at: at(2))),
        shipment(1, .failed(reason: "503", retryAt: at(40)), "two"),
        shipment(1, .failed(reason: "503", retryAt: at(40))),
        shipment(1, .failed(reason: "503", retryAt: at(41))),
        shipment(2, .fateUnknown(reason: "timed out", retryAt: at(30))),
        shipment(3, .dead(reason: "unknown customer")),
      ]) == [.done, .missing, .missing, .done, .missing, .done, .done])
    #expect(
      try store.outboxSummary()
        == OutboxSummary(depth: 2, oldest: at(1), dead: 1, deadLetters: 0))
    #expect(try store.outbox().map(\.event.id) == ["e1", "e2", "e3"])
    #expect(try store.outboxEvent("e3")?.state == .dead(reason: "unknown customer"))
    #expect(try store.outboxEvent("e1")?.lastFailure == "503")
    #expect(try store.outboxEvent("e0") == nil)
    let again = try store.claim(limit: 9, owner: "one", now: at(35), until: at(50))
    #expect(again.map(\.event.id) == ["e2"])
    #expect(again[0].isFateUnknown && again[0].lastFailure == "timed out")
    // That its fate was unknown once is not forgotten when it fails in a way that is known.
    _ = try store.commit([
      .shipment(
        Shipment(
          sequence: again[0].sequence, owner: "one",
          result: .failed(reason: "503", retryAt: at(60))))
    ])
    #expect(try store.outboxEvent("e2")?.isFateUnknown == true)
    // Shipped counts whoever holds the event by now.
    _ = try store.claim(limit: 1, owner: "two", now: at(100), until: at(200))
    #expect(try store.commit([shipment(1, .shipped(at: at(2)))]) == [.done])
  }

  @Test(arguments: Engine.available)
  func triesAgainOrGivesUp(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try filled(place, 2)
    let events = try store.claim(limit: 9, owner: "one", now: at(10), until: at(20))
    _ = try store.commit(
      events.map {
        .shipment(
          Shipment(sequence: $0.sequence, owner: "one", result: .dead(reason: "too late")))
      })
    #expect(try store.claim(limit: 9, owner: "one", now: at(99), until: at(100)).isEmpty)
    #expect(
      try store.commit([
        .retry(id: "e0", at: at(50)), .retry(id: "nobody", at: at(50)),
        .drop(id: "e1", at: at(51)), .drop(id: "e1", at: at(52)), .retry(id: "e1", at: at(53)),
      ]) == [.done, .missing, .done, .missing, .missing])
    #expect(try store.claim(limit: 9, owner: "one", now: at(50), until: at(60)).count == 1)
    // What is dropped will not be deducted by anyone; it stays in the ledger.
    #expect(try store.customer("c")?.pending == number("1"))
    #expect(try store.usage("e1") != nil)
    #expect(
      try store.commit([.usage(usage("e1", "c", "1"))]) == [
        .repeated(usage("e1", "c", "1", second: 1))
      ])
  }

  @Test(arguments: Engine.available)
  func isReadPageByPage(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try filled(place, 7)
    var pages: [[String]] = []
    var last: Int64 = 0
    while let page = Optional(try store.outbox(after: last, limit: 3)), !page.isEmpty {
      pages.append(page.map(\.event.id))
      last = page[page.count - 1].sequence
    }
    #expect(pages == [["e0", "e1", "e2"], ["e3", "e4", "e5"], ["e6"]])
  }
}
