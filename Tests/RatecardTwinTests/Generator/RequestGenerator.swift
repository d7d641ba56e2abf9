import RatecardModel
import RatecardTwin
import RatecardValues

/// Writes random requests around the values that `CardGenerator` puts in conditions.
struct RequestGenerator {
  let twin: Twin
  var random: SeededRandom
  /// Instants at which something of the card changes.
  private let instants: [Int128]

  init(_ twin: Twin, seed: UInt64) {
    self.twin = twin
    random = SeededRandom(seed: seed)
    let texts =
      CardGenerator.dates + ["2025-12-31T23:59:59Z", "2026-07-01", "2026-11-01T06:00:00Z"]
    instants =
      texts.compactMap { try? Instant(parsing: $0).nanoseconds }
      + [0, Instant.latest.nanoseconds]
  }

  /// What a caller asks.
  enum Kind { case price, decision, event }

  mutating func request(_ kind: Kind) -> [String: TwinValue] {
    var inputs: [String: TwinValue] = ["at": .instant(instant())]
    for attribute in twin.card.card.attributes {
      let name = attribute.name
      switch attribute.origin {
      case .derived: if !random.chance(1) || !random.chance(20) { continue }
      case .event: if kind != .event { continue }
      case .builtIn, .declared: break
      }
      switch name {
      case "at": continue
      case "current_tier": if twin.card.card.tierNames.isEmpty { continue }
      case "tier", "requested_model":
        if kind != .price, !random.chance(1) { continue }
        if name == "tier" {
          let tiers = twin.card.card.tierNames
          if !tiers.isEmpty, random.chance(97) { inputs[name] = .text(random.pick(tiers)) }
          continue
        }
      case "on": inputs[name] = .text(random.pick(Self.events))
      default: break
      }
      if name == "on" || random.chance(22) { continue }
      inputs[name] = value(name)
    }
    fitParts(&inputs)
    if random.chance(1) { inputs[random.pick(["inputtokens", "colour"])] = .number(.one) }
    return inputs
  }

  private static let events = [
    "credit.balance_low", "subscription.renewed", "credit.added", "credit.", "other",
  ]

  private mutating func value(_ name: String) -> TwinValue {
    if name != "current_tier", random.chance(1), random.chance(40) {
      return random.pick([.flag(true), .text("odd"), .number(Fraction(-1))])
    }
    switch name {
    case "request_type": return .text(random.pick(["chat", "agent", "tab", "chat"]))
    case "region":
      return .text(
        random.pick(["us-1", "eu-1", "eu-", "eu-2", "e1", "caf\u{E9}", "cafe\u{301}", "", "x-1"]))
    case "max_mode": return .flag(random.chance(50))
    case "effort": return .text(random.pick(["low", "high", "max"]))
    case "model", "requested_model":
      return .text(
        random.pick([
          "m1", "m1-mini", "m2", "x", "x-mini", "old-1", "m1-2024-05", "a-old", "m9", "ex*", "exy",
          "v-old", "old-", "y", "m1i", "", "m", "zz",
        ]))
    case "plan": return .text(random.pick(["free", "pro", "team"]))
    case "current_tier": return .text(random.pick(twin.card.card.tierNames))
    case "customer": return .text(random.pick(["c1", "c2", "c3", "d"]))
    case "input_tokens": return .number(random.pick(Self.large))
    case "cached", "audio", "deep", "used": return .number(random.pick(Self.small))
    case "seconds":
      return .number(
        number([
          "0", "0.0001", "0.5", "0.4999", "0.05", "1", "1.0001", "2.5", "3", "59.9", "60", "61",
          "5000",
        ]))
    case "score": return .number(number(["0", "0.1", "0.1001", "1", "2", "0.0999"], signed: true))
    case "balance":
      return .number(
        number(["0", "1", "0.999", "50", "50.01", "5", "10", "19.99", "20", "40"], signed: true))
    case "granted": return .number(number(["0", "50", "200", "49.9", "100", "3"]))
    case "since": return .instant(instant())
    default: return .text("word")
    }
  }

  private static let small = [0, 1, 2, 3, 4, 5, 6, 10, 11].map { Fraction($0) }
  private static let large =
    [0, 1, 4, 5, 6, 9, 10, 11, 12, 999, 1000, 1001, 1002, 123_456_789].map { Fraction($0) }

  private mutating func number(_ texts: [String], signed: Bool = false) -> Fraction {
    let number = (try? Number(parsing: random.pick(texts))) ?? .zero
    return signed && random.chance(15) ? .zero - Fraction(number) : Fraction(number)
  }

  private mutating func instant() -> Int128 {
    let changes = twin.card.windowChanges
    if !changes.isEmpty, random.chance(60) {
      return random.pick(changes) + random.pick([-1, 0, 0, 1, 60_000_000_000])
    }
    if random.chance(50) {
      let near = random.pick(instants) + random.pick([-1, 0, 0, 1])
      return min(max(near, 0), Instant.latest.nanoseconds)
    }
    let seconds = Int.random(in: 1_740_000_000...1_790_000_000, using: &random)
    return Int128(seconds) * 1_000_000_000 + Int128(random.pick([0, 0, 999_999_999]))
  }

  /// Makes most wholes large enough for their parts.
  private mutating func fitParts(_ inputs: inout [String: TwinValue]) {
    guard random.chance(95) else { return }
    for (part, whole) in [
      ("deep", "cached"), ("cached", "input_tokens"), ("audio", "input_tokens"),
    ] {
      guard let size = inputs[part]?.number, size > .zero else { continue }
      let room = inputs[whole]?.number ?? .zero
      let others = part == "audio" ? inputs["cached"]?.number ?? .zero : .zero
      if room < size + others {
        inputs[whole] = .number(size + others + random.pick([.zero, .one]))
      }
    }
  }
}
