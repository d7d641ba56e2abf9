import Foundation
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Synchronization
import Testing

@testable import RatecardStore

/// Several stores on one database, as several processes have.
struct ConcurrencyTests {
  /// Runs a body on threads at once, each with a store of its own.
  private func race(
    _ threads: Int, at place: Place, _ body: @Sendable (Int, Store) throws -> Void
  ) throws {
    let problems = Mutex<[String]>([])
    let stores = try (0..<threads).map { _ in try place.open() }
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      do { try body(thread, stores[thread]) } catch { problems.withLock { $0.append("\(error)") } }
    }
    #expect(problems.withLock { $0 } == [])
  }

  /// Each thread records the same events in an order and grouping of its own.
  @Test(arguments: Engine.available)
  func countsAnIDOnceForAll(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let recorded = Mutex<[String: Int]>([:])
    let events = (0..<120).map { usage("e\($0)", "c\($0 % 7)", "0.1") }
    try race(4, at: place) { thread, store in
      var random = SplitMix(seed: UInt64(thread))
      var rest = events.shuffled(using: &random)[...]
      while !rest.isEmpty {
        let group = rest.prefix(1 + random.below(20))
        rest = rest.dropFirst(group.count)
        for outcome in try store.commit(group.map { .usage($0) }) {
          switch outcome {
          case .recorded(let event): recorded.withLock { $0[event.id, default: 0] += 1 }
          case .repeated: continue
          default: Issue.record("\(outcome)")
          }
        }
      }
    }
    #expect(recorded.withLock { $0 }.count == events.count)
    #expect(recorded.withLock { $0 }.values.allSatisfy { $0 == 1 })
    let store = try place.open()
    var pending = Number.zero
    for customer in 0..<7 {
      let known = try #require(try store.customer("c\(customer)"))
      pending = try pending + known.pending
    }
    #expect(pending == number("12"))
    #expect(try store.outboxSummary().depth == events.count)
  }

  @Test(arguments: Engine.available)
  func spendsTheLastCreditOnce(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let rounds = 30
    let first = try place.open()
    _ = try first.commit(
      (0..<rounds).map { round in
        .customer(
          CustomerChange(
            id: "c\(round)", balance: Known(.one, at: at(0), source: "read"), cause: "read",
            at: at(0)))
      })
    let won = Mutex<[Int]>([])
    try race(3, at: place) { thread, store in
      for round in 0..<rounds {
        let reservation = Reservation(
          id: "r\(round)-\(thread)", customer: "c\(round)", amount: .one, at: at(1),
          expiresAt: at(100), detail: "", fingerprint: [])
        let outcomes = try store.commit([.reserve(reservation, requires: .covered)])
        if case .reserved = outcomes[0] { won.withLock { $0.append(round) } }
      }
    }
    #expect(won.withLock { $0 }.sorted() == Array(0..<rounds))
  }

  @Test(arguments: Engine.available)
  func shipsAnEventByOne(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let first = try place.open()
    _ = try first.commit((0..<200).map { .usage(usage("e\($0)", "c", "1")) })
    let shipped = Mutex<[String]>([])
    try race(3, at: place) { thread, store in
      while true {
        let events = try store.claim(
          limit: 7, owner: "shipper \(thread)", now: at(10), until: at(20))
        if events.isEmpty { break }
        shipped.withLock { $0 += events.map(\.event.id) }
        let shipments = events.map { event in
          Change.shipment(
            Shipment(
              sequence: event.sequence, owner: "shipper \(thread)", result: .shipped(at: at(10))))
        }
        let outcomes = try store.commit(shipments)
        #expect(outcomes.allSatisfy { $0 == .done })
      }
    }
    #expect(shipped.withLock { $0 }.count == 200)
    #expect(Set(shipped.withLock { $0 }).count == 200)
    #expect(try first.outboxSummary().depth == 0)
  }

  @Test(arguments: Engine.available)
  func makesOneSecretForAll(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let secrets = Mutex<Set<[UInt8]>>([])
    try race(4, at: place) { _, store in
      for name in 0..<10 {
        let secret = try store.secret(named: "\(name)")
        secrets.withLock { _ = $0.insert(secret) }
      }
    }
    #expect(secrets.withLock { $0 }.count == 10)
  }

  /// Reading goes on while a transaction of another store is under way, and does not see it.
  @Test(arguments: Engine.available)
  func readsBesideACommit(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let reader = try place.open()
    let seen = Mutex<[UsageEvent?]>([])
    let writer = try place.open { point throws(StoreFailure.Reason) in
      guard point == .beforeCommit else { return }
      seen.withLock { $0.append(try? reader.usage("a")) }
    }
    _ = try writer.commit([.usage(usage("a"))])
    #expect(seen.withLock { $0 } == [nil])
    #expect(try reader.usage("a") == usage("a"))
  }

  /// Whatever fails within a transaction undoes all of it, and the store goes on.
  @Test(arguments: Engine.available, [FaultPoint.beforeWrite, .beforeCommit])
  func undoesWhatFailed(_ engine: Engine, _ point: FaultPoint) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let isFailing = Mutex(true)
    let store = try place.open { reached throws(StoreFailure.Reason) in
      if reached == point, isFailing.withLock({ $0 }) { throw .diskFull }
    }
    #expect(throws: StoreFailure.self) {
      try store.commit([.usage(usage("a")), .webhook(id: "w", at: at(1), changes: [])])
    }
    isFailing.withLock { $0 = false }
    #expect(try store.customer("cus_1") == nil)
    #expect(
      try store.commit([.usage(usage("a")), .webhook(id: "w", at: at(1), changes: [])])
        == [.recorded(usage("a")), .first([])])
  }
}
