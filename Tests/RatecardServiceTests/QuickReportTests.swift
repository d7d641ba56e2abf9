import Foundation
import Ratecard
import RatecardJSON
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardService

/// The short way from a report of usage to an event makes what the long way makes.
struct QuickReportTests {
  private static let customers = [
    "plain", "poor", "unplanned", "tierless", "former tier", "José", "Jose\u{301}", "a\"b\\c",
  ]

  /// A card with attributes of every kind, one of them of a name that reports have.
  private static let header = Shop.header.replacing(
    "audio_seconds: quantity",
    with: """
      audio_seconds: quantity
        batch: flag
        region: text
        since: instant
        heat: number
        decisions: text
      """)
  private static let costs =
    Shop.costs + """
      adjustments:
        - {name: "a \\"hot\\" one", when: {heat: {above: 5}}, multiply: 1.5}
        - {name: in Europe, when: {region: eu}, add: 2}
      """

  private let folder: CardFolder
  private let store: Store
  private let live: LiveRateCard
  private let book: CustomerBook
  private let recorder: UsageRecorder

  init() throws {
    folder = try CardFolder([
      "shop.yaml": Self.header, "costs.yaml": Self.costs, "tiers.yaml": Shop.tiers,
    ])
    store = try Store.open("sqlite:\(folder.at("store.db"))", serving: true)
    live = try LiveRateCard(folder: folder.at("card"))
    try Shop.addCustomers(to: store)
    book = CustomerBook(store: store)
    recorder = UsageRecorder(
      pricer: UsagePricer(
        current: { [live] in live.current }, archive: CardArchive(store: store), customers: book,
        key: Secrets.key(Array("a test".utf8))))
  }

  @Test func theShortWayMakesWhatTheLongWayMakes() throws {
    var reporter = QuickReporter(live.current, generation: 0)
    var random = SplitMix(seed: 20_261_127)
    var (quick, adjusted) = (0, 0)
    let count = 40_000
    for _ in 0..<count {
      let report = Self.report(&random)
      let now = try #require(
        Instant(nanoseconds: Instant.present.nanoseconds - Int128(random.below(3)) * 1_000))
      let (short, long) = report.withUnsafeBufferPointer { report in
        (
          reporter.event(report, book, now: now),
          recorder.item(report, now: now, CardLoads.none())
        )
      }
      guard let short else { continue }
      quick += 1
      if short.adjustments != nil { adjusted += 1 }
      let text = String(decoding: report, as: UTF8.self)
      guard case .change(.usage(let event), let id, nil) = long else {
        Issue.record("\(text): \(long)")
        return
      }
      try #require(short == event, "\(text)")
      // Texts are told apart by their bytes, which `==` does not.
      try #require(Array(short.attributes.utf8) == Array(event.attributes.utf8), "\(text)")
      try #require(Array(short.id.utf8) == Array(id.utf8), "\(text)")
      try #require(Array(short.customer.utf8) == Array(event.customer.utf8), "\(text)")
    }
    // Both happen, or nothing was compared.
    #expect(quick > count / 20, "\(quick)")
    #expect(adjusted > count / 500, "\(adjusted)")
  }

  @Test(arguments: [
    #"{"id":"1","customer":"plain","request_type":"chat","model":"o1"}"#,
    #"{"id":"1","customer":"José","request_type":"agent","model":"gpt-4o","input_tokens":0}"#,
    #" { "model" : "gpt-4o-mini" , "audio_seconds" : 12.50 , "request_type" : "chat" , "id":"1", "#
      + #""customer":"nobody", "plan":null }"#,
  ])
  func whatIsUsualTakesTheShortWay(_ report: String) {
    var reporter = QuickReporter(live.current, generation: 0)
    let event = Array(report.utf8).withUnsafeBufferPointer {
      reporter.event($0, book, now: .present)
    }
    #expect(event != nil)
  }

  // MARK: Reports

  private static func report(_ random: inout SplitMix) -> [UInt8] {
    let space = random.oneIn(4) ? [" ", "\n", "\t ", ""] : [""]
    func gap() -> String { space[random.below(space.count)] }
    var members: [String] = []
    if !random.oneIn(8) { members.append(#""id":\#(id(&random))"#) }
    if !random.oneIn(6) { members.append(#""request_type":"chat""#) }
    if !random.oneIn(6) { members.append(#""model":"gpt-4o""#) }
    if !random.oneIn(8) { members.append(#""customer":\#(customer(&random))"#) }
    if random.oneIn(4) { members.append(#""region":"eu""#) }
    if random.oneIn(4) { members.append(#""heat":\#(random.below(12)).5"#) }
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

  private static func id(_ random: inout SplitMix) -> String {
    switch random.below(8) {
    case 0: return value(&random)
    case 1: return "\"\(String(repeating: "i", count: 199 + random.below(3)))\""
    case 2: return #""re\u0071uest""#
    case 3: return "\"e\u{301}\""
    default: return "\"request \(random.below(1_000))\""
    }
  }

  private static func customer(_ random: inout SplitMix) -> String {
    switch random.below(10) {
    case 0: return "\"nobody \(random.below(100))\""
    case 1: return #""\u0070lain""#
    case 2: return value(&random)
    default:
      return JSONValue.string(customers[random.below(customers.count)]).text()
    }
  }

  private static let names = [
    "request_type", "model", "customer", "plan", "tier", "current_tier", "balance", "granted",
    "at", "input_tokens", "audio_seconds", "batch", "region", "since", "heat", "requested_model",
    "decision", "decisions", "version", "id", "model_class", "balance_percent", "window", "on",
    "unknown", #"pl\u0061n"#, "",
  ]

  private static func value(_ random: inout SplitMix) -> String {
    let values = [
      "null", "true", "false", "0", "-0", "7", "1500", "1.50", "1e3", "-2", "01", "1.", "0.1e-3",
      "123456789012345678", "1234567890123456789", "1e60", "1e61", "10e60", "0.0", "-0.50",
      "12.5e60", "1e-60", "0.12345678901234567890123456789012345678e-60",
      "98765432109876543210987654321098765432e60", #""""#, #""pro""#, #""hobby""#,
      #""gone""#, #""slow""#, #""premium""#, #""chat""#, #""agent""#, #""tab_completion""#,
      #""unsold""#, #""gpt-4o-mini""#, #""o1""#, #""o9""#, #""eu""#, #""eu""#, #""eu""#,
      #""\u0065u""#, #""12""#, #""true""#,
      #""2026-01-01T00:00:00Z""#, #""2026-01-01T01:00:00+01:00""#, "[]", "{}", #""é""#,
      "\"e\u{301}\"", #""a\u0000b""#, "\"\u{7F}\"", #""\ud800""#, "nul", "\"",
    ]
    return values[random.below(values.count)]
  }
}
