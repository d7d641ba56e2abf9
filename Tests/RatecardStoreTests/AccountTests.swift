import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardStore

/// What is pending, by what the provider says of deductions and balances.
struct AccountTests {
  /// How long the provider takes at most, in these tests.
  private static let settling = 180

  /// Records usage; nil in place of a moment: it is not shipped.
  private func record(
    _ store: Store, _ events: [(id: String, credits: String, shipped: Int?)]
  ) throws {
    _ = try store.commit(events.map { .usage(usage($0.id, "c", $0.credits)) })
    for event in events {
      if let second = event.shipped { try ship(store, event.id, second) }
    }
  }

  private func ship(_ store: Store, _ id: String, _ second: Int) throws {
    let waiting = try #require(try store.outboxEvent(id))
    let shipment = Shipment(
      sequence: waiting.sequence, owner: "s", result: .shipped(at: at(second)))
    #expect(try store.commit([.shipment(shipment)]) == [.done])
  }

  /// What the provider says at a moment: a balance, and perhaps that it deducted something.
  private func tell(
    _ store: Store, _ second: Int, balance: Int, deducted: Int? = nil
  ) throws -> Number? {
    let change = CustomerChange(
      id: "c", balance: Known(Number(balance), at: at(second), source: "webhook"),
      deducted: deducted.map { Number($0) }, settledBefore: at(second - Self.settling),
      cause: "told", at: at(second))
    guard case .customer(let customer) = try store.commit([.customer(change)])[0] else {
      return nil
    }
    return customer.pending
  }

  @Test(arguments: Engine.available)
  func aBalanceSettlesWhatWasShippedLongEnoughBefore(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    try record(store, [("a", "1", 0), ("b", "2", 20), ("c", "4", 100), ("d", "8", nil)])
    // What was shipped at that very moment may be missing from the balance.
    #expect(try tell(store, 200, balance: 50) == number("14"))
    // A deduction of before is what the balance has told of already.
    #expect(try tell(store, 60, balance: 51, deducted: 1) == number("14"))
    // And one more of before is not.
    #expect(try tell(store, 190, balance: 48, deducted: 2) == number("12"))
    #expect(try store.customer("c")?.balance?.value == number("50"))
    // A later one is deducted in any case.
    #expect(try tell(store, 210, balance: 46, deducted: 4) == number("8"))
    // However late the balance, what is not shipped is pending.
    #expect(try tell(store, 9_000, balance: 46) == number("8"))
    try ship(store, "d", 9_010)
    #expect(try tell(store, 9_010 + Self.settling, balance: 38) == number("8"))
    #expect(try tell(store, 9_011 + Self.settling, balance: 38) == .zero)
  }

  /// Where nothing may be used beyond the balance, the provider stops at zero and never tells that it
  /// let usage go.
  @Test(arguments: Engine.available)
  func whatTheProviderLetGoIsPendingNoLonger(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    _ = try tell(store, 0, balance: 3)
    try record(store, [("a", "5", 10)])
    #expect(try tell(store, 60, balance: 0, deducted: 3) == number("2"))
    #expect(try store.customer("c")?.available == number("-2"))
    #expect(try tell(store, 400, balance: 100) == .zero)
    #expect(try store.customer("c")?.available == number("100"))
    // What comes after is counted as before.
    try record(store, [("b", "7", 410)])
    #expect(try tell(store, 460, balance: 93, deducted: 7) == .zero)
  }

  @Test(arguments: Engine.available)
  func anOlderBalanceSettlesNothing(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    _ = try tell(store, 1_000, balance: 9)
    try record(store, [("a", "5", 10)])
    #expect(try tell(store, 900, balance: 4) == number("5"))
    #expect(try tell(store, 1_001, balance: 4) == .zero)
  }

  @Test(arguments: Engine.available)
  func whatIsGivenUpIsNeverShipped(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    try record(store, [("a", "5", nil), ("b", "3", 10)])
    _ = try store.commit([.drop(id: "a", at: at(20))])
    #expect(try store.customer("c")?.pending == number("3"))
    #expect(try tell(store, 100, balance: 9) == number("3"))
    #expect(try tell(store, 191, balance: 6) == .zero)
  }

  /// What is noted of shipping can be added up once no balance of before can come.
  @Test(arguments: Engine.available)
  func forgetsWhenUsageWasShipped(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    try record(store, [("a", "5", 10), ("b", "3", 20), ("d", "1", 30)])
    #expect(try store.prune(Pruning(shippedBefore: at(30))) == 2)
    #expect(try store.prune(Pruning(shippedBefore: at(30))) == 0)
    #expect(try store.customer("c")?.pending == number("9"))
    #expect(try tell(store, 30 + Self.settling, balance: 2) == number("1"))
    #expect(try tell(store, 31 + Self.settling, balance: 1) == .zero)
  }
}

/// A provider as it is documented, which takes usage off every so often and lets go what is beyond the
/// balance, and a store that hears of it late, in any order, or not at all.
struct AccountModelTests {
  private static let settling = 180

  private struct Message {
    let second: Int
    let balance: Int
    let deducted: Int?
  }

  private struct Provider {
    var second = 1_000
    var balance = 40
    var accepted: [(credits: Int, second: Int)] = []
    /// What was taken off or let go by then.
    var processed: [(second: Int, credits: Int)] = [(0, 0)]
    var messages: [Message] = []

    /// The round that is made every so often.
    mutating func takeOff() {
      second += 1
      let sum = accepted.reduce(0) { $0 + $1.credits }
      if sum == 0 { return }
      let taken = min(balance, sum)
      balance -= taken
      accepted = []
      processed.append((second, (processed.last?.credits ?? 0) + sum))
      if taken > 0 {
        messages.append(Message(second: second, balance: balance, deducted: taken))
      }
    }

    mutating func pass(_ seconds: Int) {
      for _ in 0..<seconds {
        second += 1
        if let oldest = accepted.first, oldest.second <= second - settling + 2 { takeOff() }
      }
    }

    mutating func add(_ credits: Int) {
      second += 1
      balance += credits
      messages.append(Message(second: second, balance: balance, deducted: nil))
    }

    func processed(by moment: Instant) -> Int {
      processed.last { at($0.second) <= moment }?.credits ?? 0
    }
  }

  /// Never is more available than there is; and once all is quiet, exactly what there is.
  @Test(arguments: Engine.available)
  func neverTooMuchIsAvailable(_ engine: Engine) throws {
    for seed in 0..<UInt64(RandomChangeTests.count) {
      var random = SplitMix(seed: seed)
      try run(engine, seed: seed) { messages in
        if random.oneIn(10) {
          messages.remove(at: random.below(messages.count))
          return nil
        }
        return random.oneIn(3) ? random.below(messages.count) : nil
      }
    }
  }

  /// Where every message comes at once, in order, and the balance suffices, what is pending is exactly
  /// what is still to be taken off.
  @Test(arguments: Engine.available)
  func isExactWhereNothingIsLate(_ engine: Engine) throws {
    for seed in 0..<UInt64(RandomChangeTests.count / 4) {
      try run(engine, seed: seed, balance: 100_000, isExact: true) { _ in 0 }
    }
  }

  /// Runs a history; `pick` says which of the messages under way arrives next.
  private func run(
    _ engine: Engine, seed: UInt64, balance: Int = 40, isExact: Bool = false,
    _ pick: (inout [Message]) -> Int?
  ) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    var random = SplitMix(seed: seed)
    var provider = Provider(balance: balance)
    var recorded = 0
    var waiting: [(id: String, credits: Int)] = []
    func tell(_ message: Message, source: String) throws {
      let change = CustomerChange(
        id: "c", balance: Known(Number(message.balance), at: at(message.second), source: source),
        deducted: message.deducted.map { Number($0) },
        settledBefore: at(message.second - Self.settling), cause: source, at: at(message.second))
      guard case .customer = try store.commit([.customer(change)])[0] else {
        Issue.record("seed \(seed): \(message) was refused")
        return
      }
    }
    func ship() throws {
      for event in waiting {
        let sequence = try #require(try store.outboxEvent(event.id)).sequence
        provider.accepted.append((event.credits, provider.second))
        let shipment = Shipment(
          sequence: sequence, owner: "s", result: .shipped(at: at(provider.second)))
        _ = try store.commit([.shipment(shipment)])
      }
      waiting = []
    }
    func check(_ step: Int) throws {
      guard let customer = try store.customer("c"), let known = customer.balance else { return }
      let due = Number(recorded - provider.processed(by: known.at))
      #expect(
        customer.pending >= due, "seed \(seed), step \(step): more is available than there is")
      if isExact {
        #expect(customer.pending == due, "seed \(seed), step \(step)")
      }
    }
    for step in 0..<80 {
      provider.pass(1 + random.below(40))
      switch random.below(8) {
      case 0...2:
        let credits = 1 + random.below(5)
        let id = "e\(step)"
        _ = try store.commit([.usage(usage(id, "c", "\(credits)"))])
        recorded += credits
        waiting.append((id, credits))
      case 3, 4: try ship()
      case 5: provider.takeOff()
      case 6: provider.add(random.below(20))
      default:
        provider.second += 1
        try tell(
          Message(second: provider.second, balance: provider.balance, deducted: nil),
          source: "read")
      }
      while !provider.messages.isEmpty, let place = pick(&provider.messages) {
        try tell(provider.messages.remove(at: place), source: "webhook")
      }
      try check(step)
    }
    try ship()
    provider.pass(2 * Self.settling)
    provider.second += 1
    try tell(
      Message(second: provider.second, balance: provider.balance, deducted: nil), source: "read")
    let customer = try #require(try store.customer("c"))
    #expect(customer.pending == .zero, "seed \(seed)")
    #expect(customer.available == Number(provider.balance), "seed \(seed)")
  }
}
