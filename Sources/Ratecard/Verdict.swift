internal import RatecardEngine
internal import RatecardModel
public import RatecardValues

/// A rule of one loaded card.
public struct RuleID: Hashable, BitwiseCopyable, Sendable {
  /// Where a rule stands.
  public enum Section: Hashable, BitwiseCopyable, Sendable {
    /// It chooses the tier.
    case tiers
    /// It chooses the route.
    case routes
    /// It prices.
    case costs
  }

  /// Where it stands.
  public let section: Section
  /// Its place in the card's own list.
  public let place: Int32

  @inlinable
  init?(_ place: Int32, in section: Section) {
    guard place >= 0 else { return nil }
    (self.section, self.place) = (section, place)
  }
}

/// A decision without a text: amounts, and rules as places in the card.
///
/// `RateCard.decision(_:for:)` puts it into words.
public struct Verdict: BitwiseCopyable, Sendable {
  // The words of the engine's own verdict, so that what asks for a rule is inlined everywhere.
  @usableFromInline let tier: Int32
  @usableFromInline let route: Int32
  @usableFromInline let cost: Int32
  private let packed: Int32
  private let significand: Int128

  @inline(__always)
  init(_ answer: Evaluator.Verdict) {
    (tier, route, cost) = (answer.tierRule, answer.routeRule, answer.costRule)
    (packed, significand) = (answer.packed, answer.significand)
  }

  private var answer: Evaluator.Verdict {
    Evaluator.Verdict(
      tierRule: tier, routeRule: route, costRule: cost, packed: packed, significand: significand)
  }

  /// The side of the route's models that serves; -1: the model asked for.
  var side: Int32 { answer.side }

  /// The exact price in credits, rounded once as the card says; nil: a refusal.
  public var credits: Number? { answer.credits }

  /// The rule that chose the tier; nil: none holds.
  @inlinable
  public var tierRule: RuleID? { RuleID(tier, in: .tiers) }
  /// The rule that chose the route, or refuses; nil: none holds.
  @inlinable
  public var routeRule: RuleID? { RuleID(route, in: .routes) }
  /// The rule that prices, or refuses; nil: the route refuses.
  @inlinable
  public var costRule: RuleID? { RuleID(cost, in: .costs) }

  /// What stands where there is no answer yet, or none at all.
  public static var unanswered: Verdict { Verdict(.open) }
  /// Whether it is an answer: a price or a refusal.
  @inlinable
  public var isAnswer: Bool { cost >= -1 }

  /// All of a verdict but the credits, as places in the card; two with the same reasons read alike.
  package struct Reasons: BitwiseCopyable, Sendable {
    /// The rule that chose the tier; -1: none holds.
    package let tierRule: Int32
    /// The rule that chose the route, or refuses; -1: none holds, or none was asked.
    package let routeRule: Int32
    /// The side of the route's models that serves; -1: the model asked for.
    package let side: Int32
    /// The rule that prices, or refuses; -1: the route refuses.
    package let costRule: Int32
    /// The set of adjustments that apply.
    package let adjustments: Int32
    /// The model asked for; -1: none.
    package let model: Int32
    /// Whether the model asked for is one that the card does not name.
    package let asksForOther: Bool
  }

}

/// A text that one attribute of a loaded card may have, looked up once.
public struct TextHandle: Hashable, BitwiseCopyable, Sendable {
  let text: Request.KnownText
}

extension RateCard {
  /// The name of a rule.
  public func name(of rule: RuleID) -> String {
    switch rule.section {
    case .tiers: model.tiers[Int(rule.place)].name
    case .routes: model.routes[Int(rule.place)].name
    case .costs: model.costs[Int(rule.place)].name
    }
  }

  /// The handle of a text for an attribute.
  ///
  /// Nil for a model that the card does not name: an answer would have to name it. Throws as setting
  /// the text does. O(length).
  public func text(
    _ text: String, for handle: AttributeHandle
  ) throws(RequestError) -> TextHandle? {
    let id = AttributeID(handle.place)
    let isModel = id == .model || id == .requestedModel
    do {
      let known = try Request.known(
        isModel ? names.model(text) : text, handle.place, of: evaluator.table)
      return isModel && known.symbol < 0 ? nil : TextHandle(text: known)
    } catch {
      throw RequestError(error, model)
    }
  }

  /// The whole decision for a request in a buffer, which is left as it is.
  ///
  /// Makes no text and allocates nothing. Throws as `decide` does.
  public func judge(
    _ buffer: inout RequestBuffer, at now: Instant? = nil
  ) throws(RequestError) -> Verdict {
    try buffer.finish(for: .decision, at: now)
    do {
      return Verdict(try evaluator.decide(&buffer.request))
    } catch {
      throw failure(error)
    }
  }

  /// The cost alone for a request in a buffer, which is left as it is: `costRule` and `credits`.
  ///
  /// Makes no text and allocates nothing. Throws as `price` does.
  public func judgeCost(
    _ buffer: inout RequestBuffer, at now: Instant? = nil
  ) throws(RequestError) -> Verdict {
    try buffer.finish(for: .price, at: now)
    do {
      return Verdict(try evaluator.judgeCost(&buffer.request))
    } catch {
      throw failure(error)
    }
  }

  @inline(never)
  private func failure(_ failure: Evaluator.Failure) -> RequestError {
    RequestError(failure, model)
  }

  /// What a verdict has beside its credits; nil: its adjustments are no set that the card knows.
  package func reasons(
    of verdict: Verdict, for buffer: borrowing RequestBuffer
  ) -> Verdict.Reasons? {
    let set = buffer.request.knownAdjustments
    let model = AttributeID.model.index
    let symbol = buffer.request.symbol(model)
    guard set >= 0 else { return nil }
    return Verdict.Reasons(
      tierRule: verdict.tier, routeRule: verdict.route, side: verdict.side,
      costRule: verdict.cost, adjustments: set, model: Int32(symbol),
      asksForOther: symbol < 0 && buffer.request.carries(model))
  }
}
