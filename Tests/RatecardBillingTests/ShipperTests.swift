import Ratecard
import RatecardBilling
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

/// Every event arrives once, or is dead with a reason, whatever the provider does.
struct ShipperTests {
  let scene: Scene
  let dodo = FakeDodo(now: .noon)

  init() throws { scene = try Scene() }

  func shipper(
    _ late: LatePolicy = .restamp, owner: String = "a", seed: UInt64 = 1
  ) -> Shipper {
    let dodo = dodo
    var random = SplitMix(seed: seed)
    let provider = DodoProvider(
      .init(url: "https://dodo/", key: "k", entitlement: "cde_1"),
      webhooks: DodoWebhooks(WebhookKeys(key: [1])), clock: { dodo.now },
      transport: { request throws(TransportFailure) in try dodo.send(request) })
    return Shipper(
      store: scene.store, provider: provider, options: .init(owner: owner, late: late),
      world: .init(
        now: { dodo.now },
        wait: {
          dodo.now = max(dodo.now, $0)
          return true
        }, random: { Int64.random(in: $0, using: &random) },
        meter: { MeterTerms(Scene.card.model) }))
  }

  /// Steps until nothing waits, the clock going on as the shipper asks.
  func ship(_ shipper: Shipper, until end: Instant) throws {
    while dodo.now < end {
      let report = try shipper.step()
      dodo.now = max(dodo.now, report.next)
      if try scene.store.outboxSummary().depth == 0 { return }
    }
  }

  func record(_ events: [UsageEvent]) throws {
    _ = try scene.store.commit(events.map { .usage($0) })
  }

  @Test func writesWhatTheProviderReads() throws {
    try record([
      Scene.usage(
        "req_1", at: Instant.noon.plus(0.123456),
        credits: try Number(json: "0.1234567890"),
        attributes: #"{"model":"\#(String(repeating: "é", count: 501))","request_type":"chat"}"#)
    ])
    dodo.now = Instant.noon.plus(1)
    _ = try shipper().step()
    let request = try #require(dodo.requests.first)
    #expect(request.url == "https://dodo/events/ingest")
    let text = String(repeating: "é", count: 499) + "…"
    #expect(
      String(decoding: request.body ?? [], as: UTF8.self)
        == #"{"events":[{"event_id":"req_1","customer_id":"cus_1","event_name":"ai.request","#
        + #""timestamp":"\#(Instant.noon.plus(0.123))","metadata":{"model":"\#(text)","#
        + #""request_type":"chat","credit_cost":0.123456789}}]}"#)
    #expect(try scene.store.outboxSummary().depth == 0)
  }

  @Test func batchesAThousandAndFindsTheCulprits() throws {
    dodo.unknownCustomers = ["cus_bad"]
    try record(
      (0..<2_500).map {
        Scene.usage("e\($0)", by: $0 % 700 == 3 ? "cus_bad" : "cus_1", at: .noon)
      })
    try ship(shipper(), until: Instant.noon.plus(3_000))
    let summary = try scene.store.outboxSummary()
    #expect(summary.dead == 4 && summary.depth == 0)
    #expect(dodo.events.count == 2_496)
    for entry in try scene.store.outbox() {
      #expect(entry.event.customer == "cus_bad")
      #expect(entry.state == .dead(reason: "status 400 INVALID_REQUEST_BODY: no"))
      #expect(entry.code == .refused)
    }
    // Never more than the limits, whatever window one looks at.
    for (count, seconds) in [(40, 1.0), (240, 60.0)] {
      for place in dodo.calls.indices.dropFirst(count) {
        #expect(dodo.calls[place] >= dodo.calls[place - count].plus(seconds))
      }
    }
  }

  @Test(arguments: LatePolicy.allCases, [1, 2] as [UInt64])
  func aDayWithoutTheProviderLosesNothing(_ late: LatePolicy, _ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let weathers: [FakeDodo.Weather] = [
      .unreachable, .unreachable, .busy, .broken, .silentBefore, .silentAfter, .nonsense,
    ]
    let (begin, end) = (Instant.noon.plus(1_800), Instant.noon.plus(88_200))
    dodo.weather = { now in
      now < begin || now > end ? .fine : weathers.randomElement(using: &random)!
    }
    let shippers = [
      shipper(late, owner: "a", seed: seed), shipper(late, owner: "b", seed: seed + 9),
    ]
    var recorded: [String: Number] = [:]
    var next = Instant.noon
    var turn = 0
    var due = [Instant.noon, Instant.noon]
    while dodo.now < end.plus(14_400) {
      while next <= min(dodo.now, end) {
        let id = "e\(recorded.count)"
        let credits = Number(units: UInt64(recorded.count % 90 + 1), decimals: 2)
        recorded[id] = credits
        try record([Scene.usage(id, at: next, credits: credits)])
        next = next.plus(60)
      }
      turn += 1
      let place = due[0] <= due[1] ? 0 : 1
      dodo.now = max(dodo.now, min(due[place], next < end ? next : due[place]))
      if due[place] <= dodo.now { due[place] = try shippers[place].step().next }
      if dodo.now > end, try scene.store.outboxSummary().depth == 0 { break }
    }
    let summary = try scene.store.outboxSummary()
    #expect(summary.depth == 0)
    var dead: [String: Number] = [:]
    for entry in try scene.store.outbox(limit: 10_000) {
      guard case .dead(let reason) = entry.state else { continue }
      #expect(reason.contains("too long ago"))
      #expect(entry.code == .held && entry.way == .held)
      dead[entry.event.id] = entry.event.credits
    }
    // Each by exactly one way, and with its own amount.
    #expect(dodo.events.count + dodo.ledger.count + dead.count == recorded.count)
    let all = dodo.events.merging(dodo.ledger) { first, _ in first }.merging(dead) { first, _ in
      first
    }
    #expect(all == recorded)
    switch late {
    case .restamp: #expect(dodo.events.count == recorded.count)
    case .ledger: #expect(dodo.ledger.count > 100 && dead.isEmpty)
    case .hold: #expect(dead.count > 100 && dodo.ledger.isEmpty)
    }
  }

  @Test(arguments: LatePolicy.allCases)
  func aLostAnswerCountsOnceWhenTheHourHasPassed(_ late: LatePolicy) throws {
    try record([Scene.usage("e", at: .noon)])
    let end = Instant.noon.plus(5_400)
    var calls = 0
    dodo.weather = { now in
      calls += 1
      return calls == 1 ? .silentAfter : now < end ? .unreachable : .fine
    }
    try ship(shipper(late), until: Instant.noon.plus(20_000))
    #expect(dodo.events == ["e": 1] && dodo.ledger.isEmpty)
    #expect(try scene.store.outbox().isEmpty)
    #expect(dodo.requests.last?.method == .get)
  }

  @Test func anAttemptThatEndedUnheardIsLookedUp() throws {
    // A shipper that leased the event, sent it, and was killed before it could say so.
    try record([Scene.usage("e", at: .noon)])
    _ = try scene.store.claim(
      limit: 10, owner: "killed", now: .noon, until: Instant.noon.plus(120))
    let provider = DodoProvider(
      .init(url: "https://dodo", key: "k"), webhooks: DodoWebhooks(WebhookKeys(key: [1])),
      clock: { Instant.noon }, transport: { [dodo] r throws(TransportFailure) in try dodo.send(r) })
    try provider.send([
      MeterEvent(
        id: "e", customer: "cus_1", name: "ai.request", at: .noon, property: "credit_cost",
        amount: 1)
    ])
    dodo.now = Instant.noon.plus(7_200)
    try ship(shipper(.ledger), until: Instant.noon.plus(10_000))
    #expect(dodo.events == ["e": 1] && dodo.ledger.isEmpty)
    #expect(try scene.store.outbox().isEmpty)
  }

  @Test(arguments: LatePolicy.allCases)
  func manyOfUnknownFateAreWorkedOff(_ late: LatePolicy) throws {
    // To look all of them up takes longer than a lease, and what is new does not wait for that.
    try record((0..<1_000).map { Scene.usage("e\($0)", at: .noon) })
    _ = try scene.store.claim(
      limit: 1_000, owner: "killed", now: .noon, until: Instant.noon.plus(120))
    dodo.now = Instant.noon.plus(86_400)
    try record((0..<10).map { Scene.usage("new\($0)", at: dodo.now) })
    let shipper = shipper(late)
    let soon = dodo.now.plus(180)
    while dodo.now < soon, dodo.events["new9"] == nil {
      dodo.now = max(dodo.now, try shipper.step().next)
    }
    #expect(dodo.events["new9"] == 1)
    try ship(shipper, until: dodo.now.plus(1_200))
    let summary = try scene.store.outboxSummary()
    #expect(summary.depth == 0)
    #expect(dodo.events.count + dodo.ledger.count + summary.dead == 1_010)
  }

  @Test func whileNothingGoesOneIsTriedAtATime() throws {
    try record((0..<3_000).map { Scene.usage("e\($0)", at: .noon) })
    let end = Instant.noon.plus(7_200)
    dodo.weather = { $0 < end ? .broken : .fine }
    try ship(shipper(), until: end.plus(3_600))
    #expect(dodo.events.count == 3_000)
    #expect(dodo.requests.count { $0.method == .get } < 100)
  }

  @Test func whatSomeoneTriesAgainIsSentAlthoughItWasHeld() throws {
    try record([Scene.usage("e", at: .noon)])
    dodo.now = Instant.noon.plus(7_200)
    let shipper = shipper(.hold)
    try ship(shipper, until: dodo.now.plus(60))
    #expect(dodo.events.isEmpty)
    _ = try scene.store.commit([.retry(id: "e", at: dodo.now)])
    try ship(shipper, until: dodo.now.plus(60))
    #expect(dodo.events == ["e": 1])
  }

  @Test(arguments: [(301, true), (401, true), (403, true), (404, true), (503, false), (200, false)])
  func saysWhatToDoWhereTheProviderWillTakeNothingByItself(
    _ status: Int, _ isBlocked: Bool
  ) throws {
    try record([Scene.usage("e", at: .noon)])
    let end = Instant.noon.plus(60)
    dodo.status = { $0 < end ? status : nil }
    let shipper = shipper()
    let failure = try #require(try shipper.step().failure)
    #expect((failure.remedy != nil) == isBlocked, "\(failure)")
    // Nothing is dead by it, and all of it goes once that is mended.
    #expect(try scene.store.outboxSummary().dead == 0)
    try ship(shipper, until: Instant.noon.plus(3_000))
    #expect(dodo.events == ["e": 1])
  }

  @Test func obeysWhatAnswersSay() throws {
    try record([Scene.usage("e", at: .noon)])
    dodo.weather = { $0 < Instant.noon.plus(5) ? .busy : .fine }
    let shipper = shipper()
    let report = try shipper.step()
    #expect(report.next >= Instant.noon.plus(7) && report.next <= Instant.noon.plus(9))
    #expect(try shipper.step().next == report.next)
    #expect(dodo.requests.count == 1)
  }

  @Test func aClockThatIsSetBackStopsNothing() throws {
    // It was years ahead, and the provider wanted to be left alone.
    dodo.now = Instant.noon.plus(100_000_000)
    dodo.weather = { $0 > Instant.noon.plus(50_000_000) ? .busy : .fine }
    try record([Scene.usage("old", at: .noon)])
    let shipper = shipper()
    #expect(try shipper.step().failure != nil)
    dodo.now = .noon
    try record([Scene.usage("new", at: .noon)])
    while dodo.now < Instant.noon.plus(3_600), dodo.events["new"] == nil {
      dodo.now = max(dodo.now, try shipper.step().next)
    }
    #expect(dodo.events["new"] == 1)
  }

  @Test func theLogWritesAnEventALine() throws {
    nonisolated(unsafe) var lines = ""
    let provider = LogProvider(webhooks: DodoWebhooks(WebhookKeys(key: [1]))) {
      lines += String(decoding: $0, as: UTF8.self)
    }
    try record([Scene.usage("a", at: .noon), Scene.usage("b", at: .noon)])
    let shipper = Shipper(
      store: scene.store, provider: provider, options: .init(owner: "a"),
      world: .init(
        now: { Instant.noon }, wait: { _ in false }, meter: { MeterTerms(Scene.card.model) }))
    // One first, to see whether anybody answers.
    #expect(try shipper.step().shipped == 1)
    #expect(try shipper.step().shipped == 1)
    #expect(lines.split(separator: "\n").count == 2)
    #expect(lines.hasPrefix(#"{"event_id":"a","#))
  }
}
