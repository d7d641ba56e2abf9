import Foundation
import Ratecard
import RatecardJSON
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardService

/// The short way to a decision says what the long way says.
struct QuickDecisionTests {
  private static let key = Secrets.key(Array("a test".utf8))
  private static let customers = [
    "plain", "poor", "unplanned", "tierless", "former tier", "José", "Jose\u{301}", "a\"b\\c",
  ]

  private static let header = Shop.header.replacing(
    "audio_seconds: quantity",
    with: "audio_seconds: quantity\n  batch: flag\n  region: text\n  since: instant\n  heat: number"
  )
  /// Tiers of which for some requests none holds.
  private static let rules = Shop.tiers.replacing(
    "  - tier: premium",
    with: """
        - {name: at first, tier: premium, when: {current_tier: absent, balance: {above: 0}}}
        - {name: in Europe, tier: premium, when: {current_tier: premium, region: eu, balance: {above: 0}}}
      """)

  private let folder: CardFolder
  private let store: Store
  private let live: LiveRateCard
  private let route: DecideRoute

  init() throws {
    folder = try CardFolder([
      "shop.yaml": Self.header, "costs.yaml": Shop.costs, "tiers.yaml": Self.rules,
    ])
    store = try Store.open("sqlite:\(folder.at("store.db"))", serving: true)
    live = try LiveRateCard(folder: folder.at("card"))
    try Shop.addCustomers(to: store)
    let book = CustomerBook(store: store)
    let metrics = Metrics()
    route = DecideRoute(
      live: live, customers: book,
      committer: Committer(store: store, metrics: metrics.makeShard()) { _, _ in },
      workers: WorkerPool(threads: 0), threads: ThreadStates(metrics), key: Self.key,
      log: ServiceLog { _ in })
  }

  @Test func theShortWaySaysWhatTheLongWaySays() throws {
    var decider = QuickDecider(live.current, generation: 0, key: Self.key)
    var random = SplitMix(seed: 20_261_126)
    var quick = 0
    var moves = 0
    let count = 40_000
    for _ in 0..<count {
      let body = Self.body(&random)
      let now = try #require(
        Instant(nanoseconds: Instant.present.nanoseconds - Int128(random.below(3)) * 1_000))
      guard let short = decider.answer(body, route.customers, now: now) else { continue }
      quick += 1
      let long = route.decision(body, now: now)
      let text = String(decoding: body, as: UTF8.self)
      try #require(long.reply.status == 200, "\(text): \(long.reply.status)")
      try Self.compare(short.body, long.reply.body, text)
      try #require(short.change == long.change, "\(text)")
      if short.change != nil { moves += 1 }
    }
    // Both happen, or nothing was compared.
    #expect(quick > count / 20, "\(quick)")
    #expect(moves > count / 500, "\(moves)")
  }

  /// Compares answers; their decisions carry the same in whatever spelling.
  private static func compare(_ short: [UInt8], _ long: [UInt8], _ text: String) throws {
    let (shortHead, shortID) = try parts(short)
    let (longHead, longID) = try parts(long)
    try #require(Array(shortHead.utf8) == Array(longHead.utf8), "\(text)")
    let left = try #require(Admission(id: shortID, key: key), "\(text)")
    let right = try #require(Admission(id: longID, key: key), "\(text)")
    try #require(left.version == right.version)
    try #require(left.at == right.at)
    let carried = try #require(left.request, "\(text)")
    try #require(
      Attributes.json(carried) == Attributes.json(try #require(right.request)), "\(text)")
  }

  /// An answer up to its decision, and the decision.
  private static func parts(_ answer: [UInt8]) throws -> (String, String) {
    let text = String(decoding: answer, as: UTF8.self)
    _ = try JSONValue(parsing: text)
    let place = try #require(text.range(of: #""decision":""#))
    try #require(text.hasSuffix(#""}"#))
    return (String(text[..<place.lowerBound]), String(text[place.upperBound...].dropLast(2)))
  }

  // MARK: Requests

  private static func body(_ random: inout SplitMix) -> [UInt8] {
    let space = random.oneIn(4) ? [" ", "\n", "\t ", ""] : [""]
    func gap() -> String { space[random.below(space.count)] }
    var members: [String] = []
    if !random.oneIn(4) { members.append(#""request_type":"chat""#) }
    if !random.oneIn(4) { members.append(#""model":"gpt-4o""#) }
    if !random.oneIn(4) { members.append(#""customer":\#(customer(&random))"#) }
    for _ in 0..<random.below(4) {
      let name = names[random.below(names.count)]
      members.append("\"\(name)\"\(gap()):\(gap())\(value(&random))")
    }
    if random.oneIn(3) { members.shuffle(using: &random) }
    let text =
      gap() + "{" + gap() + members.joined(separator: "\(gap()),\(gap())") + gap() + "}" + gap()
    var bytes = Array(text.utf8)
    if random.oneIn(20) {
      let place = random.below(bytes.count)
      switch random.below(3) {
      case 0: bytes[place] = UInt8(random.below(256))
      case 1: bytes.remove(at: place)
      default: bytes.insert(bytes[random.below(bytes.count)], at: place)
      }
    }
    return bytes
  }

  private static func customer(_ random: inout SplitMix) -> String {
    switch random.below(10) {
    case 0: return "null"
    case 1: return "\"nobody \(random.below(100))\""
    case 2: return #""\u0070lain""#
    case 3: return "\"\(String(repeating: "x", count: 199 + random.below(3)))\""
    case 4: return value(&random)
    default:
      return JSONValue.string(customers[random.below(customers.count)]).text()
    }
  }

  private static let names = [
    "request_type", "model", "customer", "plan", "tier", "current_tier", "balance", "granted",
    "at", "input_tokens", "audio_seconds", "batch", "region", "since", "heat", "requested_model",
    "model_class", "balance_percent", "window", "on", "unknown", #"pl\u0061n"#, "",
  ]

  private static func value(_ random: inout SplitMix) -> String {
    let values = [
      "null", "true", "false", "0", "-0", "7", "1500", "1.50", "1e3", "-2", "01", "1.", "0.1e-3",
      "123456789012345678", "1234567890123456789", "1e60", "1e61", "10e60",
      "12.5e60", "1e-60", "0.12345678901234567890123456789012345678e-60",
      "98765432109876543210987654321098765432e60", #""""#, #""pro""#, #""hobby""#,
      #""gone""#, #""slow""#, #""premium""#, #""chat""#, #""agent""#, #""tab_completion""#,
      #""gpt-4o-mini""#, #""o1""#, #""o9""#, #""eu""#, #""\u0065u""#, #""12""#, #""true""#,
      #""2026-01-01T00:00:00Z""#, #""2026-01-01T01:00:00+01:00""#, "[]", "{}", #""é""#,
      "\"e\u{301}\"", #""a\u0000b""#, "\"\u{7F}\"", #""\ud800""#, "nul", "\"",
    ]
    return values[random.below(values.count)]
  }
}
