internal import Ratecard
internal import RatecardModel
internal import RatecardStore
internal import RatecardValues

/// Prices what was used.
struct UsagePricer: Sendable {
  /// The card that answers at present.
  let current: @Sendable () -> RateCard
  let archive: CardArchive
  let customers: CustomerBook
  /// Seals decisions.
  let key: [UInt8]

  /// How far a client's clock may be ahead.
  private static let aheadNanoseconds: Int128 = 300 * 1_000_000_000

  /// What was used, with its price.
  struct Priced: Sendable {
    let at: Instant
    let card: RateCard
    let quote: Quote
    /// What was priced.
    let attributes: [String: RequestValue]

    /// The credits; nil: the card refuses.
    var credits: Number? {
      if case .priced(let credits) = quote.outcome { credits } else { nil }
    }
  }

  /// Prices usage by the card, and with the attributes, that hold for it.
  func price(
    _ usage: UsageReport, now: Instant, _ loads: CardLoads
  ) throws(UsageRefusal) -> Priced {
    if let at = usage.at, Self.isAhead(at, of: now) {
      throw .invalid(
        RequestError(
          .invalidRequest, "`at` is more than five minutes ahead: \(at)", attribute: "at"))
    }
    guard let id = usage.decision else {
      let card = try card(usage.version, loads)
      var attributes = usage.attributes
      do {
        try customers.fill(&attributes, for: card)
      } catch {
        throw .unavailable(error)
      }
      do throws(UsageRefusal) {
        return try price(attributes, by: card, at: usage.at ?? now)
      } catch {
        // What the store knows is no mistake of whoever reports, so that the usage is kept, until the
        // customer or the card is mended.
        guard case .invalid(let problem) = error, let name = problem.attribute,
          usage.attributes[name] == nil, attributes[name] != nil
        else { throw error }
        throw .unpriced(
          RequestError(.unpriced, problem.message, attribute: name, help: problem.help))
      }
    }
    guard let admission = Admission(id: id, key: key) else {
      throw .invalid(
        RequestError(
          .invalidRequest, "`decision` is no decision of this service", attribute: "decision",
          help: "send the `decision` that `/v1/decide` answered, unchanged"))
    }
    if let version = usage.version, version != admission.version {
      throw .settled("version", admission.version)
    }
    if let at = usage.at, at != admission.at {
      throw .settled("at", admission.at.description)
    }
    let card = try card(admission.version, loads)
    // Sealed by a program that could read it; not worth the process if this one cannot.
    guard let request = admission.request else {
      throw .invalid(
        RequestError(
          .invalidRequest, "`decision` holds a request that cannot be read", attribute: "decision"))
    }
    let decision: Decision
    do { decision = try card.decide(request, at: admission.at) } catch { throw .unpriced(error) }
    let attributes = try attributes(of: usage, admittedAs: request, decision, card)
    if case .denied = decision.outcome {
      let refusal = Quote(outcome: decision.outcome, rule: decision.rule, adjustments: [])
      return Priced(at: admission.at, card: card, quote: refusal, attributes: attributes)
    }
    return try price(attributes, by: card, at: admission.at)
  }

  /// Whether nothing can have been used then, whatever a client's clock says.
  static func isAhead(_ at: Instant, of now: Instant) -> Bool {
    at.nanoseconds > now.nanoseconds + aheadNanoseconds
  }

  private func card(_ version: String?, _ loads: CardLoads) throws(UsageRefusal) -> RateCard {
    let current = current()
    guard let version, version != current.version else { return current }
    let finding: CardArchive.Finding
    do { finding = try archive.card(version, loads) } catch { throw .unavailable(error) }
    switch finding {
    case .card(let card): return card
    case .unknown: throw .unknownVersion(version)
    case .tooMany: throw .tooManyCards
    }
  }

  private func price(
    _ attributes: [String: RequestValue], by card: RateCard, at: Instant
  ) throws(UsageRefusal) -> Priced {
    do {
      let quote = try card.price(attributes, at: at)
      return Priced(at: at, card: card, quote: quote, attributes: attributes)
    } catch {
      throw error.code == .invalidRequest ? .invalid(error) : .unpriced(error)
    }
  }

  /// Admission's attributes with the model that served and the quantities that were used.
  private func attributes(
    of usage: UsageReport, admittedAs request: [String: RequestValue], _ decision: Decision,
    _ card: RateCard
  ) throws(UsageRefusal) -> [String: RequestValue] {
    var attributes = decision.served(request)
    for (name, value) in usage.attributes.sorted(by: { $0.key < $1.key }) {
      if value == .absent { continue }
      if name == "model" || isQuantity(name, card) {
        attributes[name] = value
      } else if !Self.isSame(value, attributes[name]) {
        throw .settled(name, attributes[name].map(Self.words))
      }
    }
    return attributes
  }

  private func isQuantity(_ name: String, _ card: RateCard) -> Bool {
    guard let attribute = card.model.attributes.first(where: { $0.name == name }),
      attribute.id.index >= AttributeID.builtInCount
    else { return false }
    switch attribute.kind {
    case .count, .quantity, .number: return true
    case .text, .choice, .flag, .instant, .windows: return false
    }
  }

  /// Whether two values are the same, texts by their bytes: what looks like a customer's id may be
  /// another's.
  private static func isSame(_ value: RequestValue, _ other: RequestValue?) -> Bool {
    if case .text(let text) = value, case .text(let other)? = other {
      return ExactText(text) == ExactText(other)
    }
    return value == other
  }

  private static func words(_ value: RequestValue) -> String {
    switch value {
    case .text(let text): text
    case .number(let number): number.description
    case .flag(let flag): flag ? "true" : "false"
    case .instant(let instant): instant.description
    case .absent: "absent"
    }
  }
}

/// Why usage is not recorded.
enum UsageRefusal: Error {
  /// The request's own mistake.
  case invalid(RequestError)
  /// No rule has a price for it.
  case unpriced(RequestError)
  /// The card of that version is not kept.
  case unknownVersion(String)
  /// The request names more cards than are loaded for one.
  case tooManyCards
  /// The store cannot be read.
  case unavailable(StoreFailure)

  /// An attribute is not what the decision settled; `was`: what that is, nil where it was absent.
  static func settled(_ name: String, _ was: String?) -> UsageRefusal {
    .invalid(
      RequestError(
        .invalidRequest,
        was.map { "the decision settled that `\(name)` is `\($0)`" }
          ?? "`\(name)` was not given to the decision",
        attribute: name,
        help: "only `model` and quantities may differ from what was decided"))
  }
}
