import Foundation
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardStore

/// The store and its twin agree on whatever is done to them.
struct RandomChangeTests {
  static let count = Int(ProcessInfo.processInfo.environment["RATECARD_STORE_RUNS"] ?? "") ?? 12

  @Test(arguments: Engine.available)
  func endAsTheTwin(_ engine: Engine) throws {
    for seed in 0..<UInt64(Self.count) {
      let place = try Place(engine)
      defer { place.remove() }
      var store = try place.open()
      var twin = StoreTwin()
      var world = RandomWorld(seed: seed)
      for step in 0..<40 {
        var changes: [Change] = []
        var expected: [Outcome] = []
        if world.random.oneIn(4) {
          let now = world.time()
          let until = world.time()
          let owner = world.owner()
          let claimed = try store.claim(limit: 10_000, owner: owner, now: now, until: until)
          let ids = twin.claimAll(owner: owner, now: now, until: until)
          #expect(claimed.map(\.event.id).sorted() == ids.sorted(), "seed \(seed), step \(step)")
        }
        let sequences = Dictionary(
          uniqueKeysWithValues: try store.outbox(limit: 1000).map { ($0.event.id, $0.sequence) })
        for _ in 0..<1 + world.random.below(12) {
          if world.random.oneIn(4), let waiting = twin.outbox.randomElement(using: &world.random),
            let sequence = sequences[waiting.id]
          {
            let shipment = world.shipment(sequence)
            changes.append(.shipment(shipment))
            expected.append(twin.settle(waiting.id, shipment))
          } else {
            let change = world.change()
            changes.append(change)
            expected.append(twin.apply(change))
          }
        }
        let outcomes = try store.commit(changes)
        for (index, (seen, wanted)) in zip(outcomes, expected).enumerated() {
          #expect(seen == wanted, "seed \(seed), step \(step): \(changes[index])")
        }
        if world.random.oneIn(8) {
          store = try place.open()
          try store.checkpoint(restartAbove: world.random.oneIn(2) ? 0 : 1 << 30)
        }
      }
      try compare(store, twin, seed)
    }
  }

  private func compare(_ store: Store, _ twin: StoreTwin, _ seed: UInt64) throws {
    for event in twin.usage { #expect(try store.usage(event.id) == event, "seed \(seed)") }
    for customer in twin.customers {
      #expect(try store.customer(customer.id) == customer, "seed \(seed)")
      let notices = try store.notices(of: customer.id).map(\.value)
      #expect(notices == twin.notices.filter { $0.customer == customer.id }, "seed \(seed)")
      let changes = try store.tierChanges(of: customer.id).map(\.value)
      #expect(changes == twin.tierChanges.filter { $0.customer == customer.id }, "seed \(seed)")
    }
    let letters = try store.deadLetters(limit: 1000).map(\.value)
    #expect(letters == twin.letters, "seed \(seed)")
    let waiting = try store.outbox(limit: 1000).map { event in
      var due: Instant?
      if case .waiting(let until) = event.state { due = until }
      return StoreTwin.Waiting(
        id: event.event.id, due: due, owner: event.owner, attempts: event.attempts,
        isFateUnknown: event.isFateUnknown, failure: event.lastFailure, code: event.code,
        way: event.way)
    }
    // Of one group PostgreSQL gets the events sorted by id.
    #expect(
      waiting.sorted { $0.id < $1.id } == twin.outbox.sorted { $0.id < $1.id }, "seed \(seed)")
    let summary = try store.outboxSummary()
    #expect(summary.depth == twin.outbox.count { $0.due != nil })
    #expect(summary.dead == twin.outbox.count { $0.due == nil })
    #expect(summary.deadLetters == twin.letters.count)
    for card in twin.cards { #expect(try store.card(card.version) == card) }
    for reservation in twin.reservations {
      #expect(try store.reservation(reservation.id) == reservation, "seed \(seed)")
    }
    for ended in twin.ended {
      #expect(try store.endedReservation(ended.reservation.id) == ended, "seed \(seed)")
    }
  }
}

/// Changes in a world so small that they meet.
struct RandomWorld {
  var random: SplitMix

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  mutating func time() -> Instant { at(random.below(30)) }
  mutating func owner() -> String { "shipper \(random.below(3))" }
  private mutating func id() -> String { "e\(random.below(25))" }
  private mutating func customer() -> String {
    ["c0", "c1", "c2", "é", "e\u{301}x"][random.below(5)]
  }

  private mutating func amount() -> Number {
    switch random.below(12) {
    case 0: return .zero
    case 1: return number("1000000000000000000")
    case 2: return number("-0.75")
    case 3: return number("0.000000000000000001")
    default:
      return Number(significand: Int128(1 + random.below(5000)), exponent: -random.below(5)) ?? .one
    }
  }

  private mutating func event() -> UsageEvent {
    var event = usage(
      id(), customer(), "0", content: UInt8(1 + random.below(2)), second: random.below(30),
      ships: !random.oneIn(3))
    event.credits = amount()
    return event
  }

  mutating func shipment(_ sequence: Int64) -> Shipment {
    let result: Shipment.Result =
      switch random.below(4) {
      case 0: .shipped(at: time())
      case 1: .failed(reason: "503", retryAt: time())
      case 2: .fateUnknown(reason: "timed out", retryAt: time())
      default: .dead(reason: "refused")
      }
    let ways = OutboxEvent.Way.allCases
    return Shipment(
      sequence: sequence, owner: owner(), result: result, way: ways[random.below(ways.count)])
  }

  private mutating func tier() -> String? { [nil, "premium", "slow"][random.below(3)] }

  private mutating func customerChange() -> CustomerChange {
    var change = CustomerChange(id: customer(), cause: "cause \(random.below(9))", at: time())
    if random.oneIn(2) {
      change.balance = Known(
        random.oneIn(6) ? nil : amount(), at: time(), source: ["read", "webhook"][random.below(2)])
    }
    if random.oneIn(3) {
      change.plan = Known([nil, "free", "pro"][random.below(3)], at: time(), source: "w")
    }
    if random.oneIn(4) { change.tier = .some(tier()) }
    if random.oneIn(4) { change.deducted = Number(random.below(9)) }
    if random.oneIn(3) { change.settledBefore = time() }
    return change
  }

  mutating func change(isNested: Bool = false) -> Change {
    switch random.below(20) {
    case 0..<7: return .usage(event())
    case 7, 8:
      return .deadLetter(
        deadLetter(id(), content: UInt8(1 + random.below(2)), second: random.below(30)))
    case 9, 10: return .customer(customerChange())
    case 11:
      return .tier(
        TierChange(customer: customer(), from: tier(), to: tier(), cause: "rule", at: time()))
    case 12:
      return .notice(
        Notice(customer: customer(), text: "low", cause: "cause \(random.below(4))", at: time()))
    case 13:
      let version = "v\(random.below(4))"
      if random.oneIn(2) { return .cardUsed(version: version, at: time()) }
      return .card(
        CardSource(
          version: version, name: "cursor",
          files: [CardSource.File(path: "\(version).yaml", bytes: Array(version.utf8))],
          usedAt: time()))
    case 14: return .retry(id: id(), at: time())
    case 15: return .drop(id: id(), at: time())
    case 16:
      if isNested { return .usage(event()) }
      let changes = (0..<random.below(4)).map { _ in change(isNested: true) }
      return .webhook(id: "w\(random.below(12))", at: time(), changes: changes)
    case 17, 18:
      let from = time()
      let reservation = Reservation(
        id: "r\(random.below(12))", customer: customer(), amount: Number(random.below(40)),
        at: from, expiresAt: time(), detail: "d", fingerprint: [UInt8(random.below(2))])
      var requirement: Reservation.Requirement =
        [.covered, .coveredIfKnown, .nothing][random.below(3)]
      if random.oneIn(4) { requirement.floor = number("-30") }
      if random.oneIn(4) { requirement.basis = .available(random.oneIn(2) ? nil : amount()) }
      let move =
        random.oneIn(3)
        ? TierChange(
          customer: reservation.customer, from: tier(), to: tier(), cause: "rule", at: from) : nil
      return .reserve(reservation, requires: requirement, moving: move)
    default:
      if random.oneIn(4) { return .expire(customer: customer(), at: time()) }
      let reservation = "r\(random.below(12))"
      if random.oneIn(2) { return .settle(reservation: reservation, event()) }
      return .release(reservation: reservation, at: time())
    }
  }
}
