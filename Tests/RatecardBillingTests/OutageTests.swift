import Foundation
import Ratecard
import RatecardBilling
import RatecardJSON
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

/// A day without the provider, against the stand-in over HTTP: in the end every event is there once,
/// or dead with a reason, and the sums are the same to the last decimal.
@Suite(.timeLimit(.minutes(30))) struct OutageTests {
  private static let customers = ["cus_a", "cus_b", "cus_c"]
  private static let granted: Number = 1_000_000

  /// More of them, from another, where it is asked for.
  static let seeds: [UInt64] = {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["RATECARD_OUTAGE_SEED"].flatMap { UInt64($0) } ?? 1
    return Array(first..<first + (environment["RATECARD_OUTAGES"].flatMap { UInt64($0) } ?? 1))
  }()

  let scene: Scene

  init() throws { scene = try Scene() }

  private func shipper(
    _ standIn: ClockedProvider, _ late: LatePolicy, _ owner: String, _ entitlement: String,
    seed: UInt64
  ) -> Shipper {
    var random = SplitMix(seed: seed)
    let provider = DodoProvider(
      .init(url: standIn.url, key: ClockedProvider.key, entitlement: entitlement),
      webhooks: DodoWebhooks(WebhookKeys(key: [1])), clock: { standIn.now },
      transport: { request throws(TransportFailure) in try standIn.send(request) })
    return Shipper(
      store: scene.store, provider: provider, options: .init(owner: owner, late: late),
      world: .init(
        now: { standIn.now },
        wait: {
          standIn.now = max(standIn.now, $0)
          return true
        }, random: { Int64.random(in: $0, using: &random) },
        meter: { MeterTerms(Scene.card.model) }))
  }

  /// What may go wrong: at any time a little, in the outage nearly everything.
  ///
  /// In all but the outage's refusals the request may have counted although nobody hears of it.
  private func spoil(_ standIn: ClockedProvider, from begin: Instant, until end: Instant) throws {
    var faults: [[JSONValue.Member]] = [
      [
        .init("kind", "status"), .init("status", 503), .init("probability", .number("0.985")),
        .init("from", .string(begin.description)), .init("until", .string(end.description)),
      ]
    ]
    for kind in ["reset", "html", "empty", "cut", "truncated", "wrong_types"] {
      faults.append([.init("kind", .string(kind))])
      // What says that it took something, and took nothing, nobody can tell from the truth.
      guard ["reset", "html", "empty"].contains(kind) else { continue }
      faults.append([.init("kind", .string(kind)), .init("effect", false)])
    }
    for status in [500, 502, 504, 408] {
      faults.append([
        .init("kind", "status"), .init("status", .number(String(status))),
        .init("effect", .bool(status % 4 == 0)),
      ])
    }
    faults.append([.init("kind", "status"), .init("status", 429), .init("retry_after", 7)])
    for index in faults.indices.dropFirst() {
      faults[index].append(.init("probability", .number("0.015")))
    }
    // Each of these takes half a second.
    let slow: [[JSONValue.Member]] = [
      [.init("kind", "silence")], [.init("kind", "silence"), .init("effect", false)],
      [.init("kind", "trickle"), .init("pause_milliseconds", 100)],
    ]
    for fault in slow {
      faults.append(fault + [.init("probability", .number("0.02")), .init("times", 4)])
    }
    for fault in faults { try standIn.control("faults", .object(fault)) }
  }

  @Test(arguments: LatePolicy.allCases, seeds)
  func aDayOfItLosesAndDoublesNothing(_ late: LatePolicy, _ seed: UInt64) throws {
    let standIn = try ClockedProvider(seed: seed, now: .noon)
    var random = SplitMix(seed: seed)
    let entitlement = try standIn.sell(credits: Self.granted.description, to: Self.customers)
    let (begin, end) = (Instant.noon.plus(1_800), Instant.noon.plus(88_200))
    try spoil(standIn, from: begin, until: end)

    var shippers = ["a", "b"].map { shipper(standIn, late, $0, entitlement, seed: random.next()) }
    var due = [Instant.noon, Instant.noon]
    var recorded: [String: UsageEvent] = [:]
    var next = Instant.noon
    while standIn.now < end.plus(36_000) {
      while next <= min(standIn.now, end) {
        let usage = Scene.usage(
          "e\(recorded.count)", by: Self.customers[random.below(3)], at: next,
          credits: Number(units: UInt64(random.below(1_000_000)) + 1, decimals: 10))
        recorded[usage.id] = usage
        _ = try scene.store.commit([.usage(usage)])
        next = next.plus(Double(random.below(240)))
      }
      let place = due[0] <= due[1] ? 0 : 1
      standIn.now = max(standIn.now, next < end ? min(due[place], next) : due[place])
      if due[place] <= standIn.now { due[place] = try shippers[place].step().next }
      if random.oneIn(100) {
        // One ends in the middle of its work, and another takes its place.
        let until = standIn.now.plus(120)
        _ = try scene.store.claim(limit: 30, owner: "ended", now: standIn.now, until: until)
        shippers[place] = shipper(
          standIn, late, "\(random.next())", entitlement, seed: random.next())
        due[place] = standIn.now
      }
      if standIn.now > end, try scene.store.outboxSummary().depth == 0 { break }
    }
    #expect(try scene.store.outboxSummary().depth == 0)
    #expect(standIn.timeOuts > 0 && standIn.failures > 100)
    // The last usage is deducted a minute later.
    standIn.now = standIn.now.plus(120)
    try compare(recorded, standIn, late)
  }

  /// Each event went by one way, with its own amount; and whoever adds it up comes to the same.
  private func compare(
    _ recorded: [String: UsageEvent], _ standIn: ClockedProvider, _ late: LatePolicy
  ) throws {
    var found: [String: [(way: String, customer: String, credits: Number)]] = [:]
    for event in try #require(try standIn.ledger("event_list").items) {
      let id = try #require(event["event_id"]?.string)
      let credits = try amount(event["metadata"]?["credit_cost"])
      found[id, default: []].append(("meter", try #require(event["customer_id"]?.string), credits))
    }
    for entry in try #require(try standIn.ledger("entries").items)
    where entry["transaction_type"] == "manual_adjustment" {
      let id = try #require(entry["reference_id"]?.string)
      found[id, default: []].append(
        ("ledger", try #require(entry["customer_id"]?.string), try amount(entry["amount"])))
    }
    for entry in try scene.store.outbox(limit: 10_000) {
      guard case .dead(let reason) = entry.state else { continue }
      #expect(reason.contains("too long ago for the provider"))
      found[entry.event.id, default: []].append(("dead", entry.event.customer, entry.event.credits))
    }
    #expect(found.count == recorded.count)
    var sums: [String: Number] = [:]
    var ways: [String: Int] = [:]
    for (id, usage) in recorded {
      let way = try #require(found[id], "\(id) of \(usage.occurredAt) is lost")
      #expect(way.count == 1, "\(id) of \(usage.occurredAt) went by \(way)")
      #expect(way[0].customer == usage.customer && way[0].credits == usage.credits, "\(id)")
      ways[way[0].way, default: 0] += 1
      guard way[0].way != "dead" else { continue }
      sums[usage.customer] = try (sums[usage.customer] ?? 0) + usage.credits
    }
    for account in try #require(try standIn.ledger("accounts").items) {
      let customer = try #require(account["customer_id"]?.string)
      let left = try amount(account["balance"])
      #expect(try left + (sums[customer] ?? 0) == Self.granted, "\(customer) has \(left)")
    }
    let other: String? =
      switch late {
      case .restamp: nil
      case .ledger: "ledger"
      case .hold: "dead"
      }
    for way in ["ledger", "dead"] {
      #expect(way == other ? ways[way, default: 0] > 300 : ways[way] == nil, "\(ways)")
    }
    #expect(ways["meter", default: 0] > 5, "\(ways)")
  }

  private func amount(_ value: JSONValue?) throws -> Number {
    switch value {
    case .string(let text)?, .number(let text)?: try Number(json: text)
    default: throw NotAnAmount(text: value?.text() ?? "nothing")
    }
  }

  private struct NotAnAmount: Error { let text: String }
}
