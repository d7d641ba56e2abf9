import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Bounds on change between cards of which one thing differs, be it a model, a default or a window,
/// are compared with asking both cards.
@Suite struct RelatedChangeTests {
  private typealias Request = [String: String]

  /// No rounding, so that it is no question what rounding alone does.
  private static let header = "credit: {unit: credit, decimals: 8}\n"
  private static let guards = """
    guards:
      - {name: twice, changes: {at_most: 2x}}
      - {name: half, changes: {at_least: 0.5x}}
      - {name: far, changes: {at_most: 6x, at_least: 0.1x}}
      - {name: never dearer, when: {model: m}, changes: {at_most: 1x}}
      - {name: always dearer, when: {model: n}, changes: {at_least: 1.5x}}
    """
  /// What requests carry; nil: they do not.
  private static let values: [(String, [String?])] = [
    ("request_type", [nil, "a", "b", "c", "ab"]),
    ("model", [nil, "m", "n", "o", "m-old", "n-x", "spare", "mm"]),
    ("input_tokens", [nil, "0", "1", "2", "3", "4", "9"]), ("cached", [nil, "0", "1", "2", "3"]),
    ("batch", [nil, "true", "false"]), ("region", [nil, "us", "eu", "e"]),
    ("plan", [nil, "free", "pro", "team"]), ("tier", [nil, "fast", "slow"]),
    ("score", [nil, "0", "0.5", "1", "2"]), ("balance", [nil, "-1", "0", "0.75", "5"]),
    ("since", [nil, "2025-12-31T00:00:00Z", "2026-03-01T00:00:00Z", "2026-07-01T00:00:00Z"]),
    ("at", ["2025-11-03T23:00:00Z", "2026-02-07T12:00:00Z", "2026-02-09T17:30:00Z"]),
  ]

  @Test(arguments: 0..<4)
  func agreesWithAsking(_ block: Int) throws {
    var counts: [DiagnosticCode?: Int] = [:]
    for seed in block * 30..<(block + 1) * 30 {
      guard let cards = RelatedCards(seed: UInt64(seed)),
        let old = Self.card(cards.texts.old), let new = Self.card(cards.texts.new + Self.guards)
      else { continue }
      let report = new.brokenChanges(since: old)
      let requests = Self.requests(seed)
      for item in new.model.guards {
        let finding = report.diagnostics.first { $0.span == item.span }
        counts[finding?.code, default: 0] += 1
        try check(item, finding, old, new, requests, cards.texts)
      }
    }
    // They are of use only if they come out both ways.
    #expect(counts[nil, default: 0] > 30, "\(counts)")
    #expect(counts[.guardFails, default: 0] > 15, "\(counts)")
    #expect(counts[.guardNotProved, default: 0] < 10, "\(counts)")
  }

  private static func card(_ text: String) -> RateCard? {
    RateCard.load(files: Sample(header + text).files).card
  }

  /// Holds what is said of a guard against the answers of both cards.
  private func check(
    _ item: Guard, _ finding: Diagnostic?, _ old: RateCard, _ new: RateCard, _ requests: [Request],
    _ texts: (old: String, new: String)
  ) throws {
    let models = ModelNames(new.model.models)
    func holds(_ request: Request, _ prices: (before: Number, after: Number)) -> Bool {
      let model = request["model"].map { models.name(of: ExactText($0)).string }
      return item.holds(model, prices.before, prices.after)
    }
    switch finding?.code {
    case nil:
      let broken = requests.first { request in
        Self.prices(request, old, new).map { !holds(request, $0) } ?? false
      }
      #expect(broken == nil, "`\(item.name)`\n\(texts)")
    case .guardFails?:
      let note = try #require(finding?.notes.first?.message)
      // How such a request is made cannot be said by its attributes alone.
      if note.contains("no model asked for") { return }
      let request = try #require(AskedCard.request(in: note))
      let prices = try #require(Self.prices(request, old, new), "\(note)\n\(texts)")
      #expect(!holds(request, prices), "\(note)\n\(texts)")
    default:
      #expect(finding?.message.contains("default") ?? false, "\(finding?.message ?? "")")
    }
  }

  private static func requests(_ seed: Int) -> [Request] {
    var random = SplitMix(seed: UInt64(seed) &+ 99)
    return (0..<300).map { _ in
      var request: Request = [:]
      for (name, values) in values { request[name] = values[random.below(values.count)] }
      return request
    }
  }

  /// What both cards charge, each for the attributes that it has; nil: one of them says no price.
  private static func prices(
    _ request: Request, _ old: RateCard, _ new: RateCard
  ) -> (Number, Number)? {
    func credits(_ card: RateCard) -> Number? {
      let known = request.filter { card.model.attribute(named: $0.key) != nil }
      let quote = try? card.price(known.mapValues { .text($0) }, at: .earliest)
      guard case .priced(let credits)? = quote?.outcome else { return nil }
      return credits
    }
    guard let before = credits(old), let after = credits(new) else { return nil }
    return (before, after)
  }
}

extension Guard {
  /// Whether a request for a model that cost `before` may cost `after`.
  fileprivate func holds(_ model: String?, _ before: Number, _ after: Number) -> Bool {
    guard case .changes(let atMost, let atLeast) = promise, let old = try? Rational(before),
      let new = try? Rational(after)
    else { return true }
    if name == "never dearer", model != "m" { return true }
    if name == "always dearer", model != "n" { return true }
    if let most = atMost.flatMap({ try? old * Rational($0) }), most < new { return false }
    if let least = atLeast.flatMap({ try? old * Rational($0) }), new < least { return false }
    return true
  }
}
