package import RatecardModel
package import RatecardValues

/// What ties the model that serves a request to the one that it asked for: a model serves unasked
/// only where a route gives it to requests that ask for none.
///
/// A price is for the model it names unless it says what was asked for, and a decision asks for the
/// model that it names; so of the requests that carry `model` and no `requested_model` only those
/// are possible.
struct AskedModel: Sendable {
  private let model: Int
  private let asked: Int
  /// The atoms of `model` that may come without a model asked for.
  private let unasked: AtomSet
  private let present: AtomSet

  /// Nil where the card's conditions do not look at both.
  init?(_ routes: [Rule<RouteOutcome>], axes: [Axis], axisOfAttribute: [Int?]) {
    guard let model = axisOfAttribute[AttributeID.model.index],
      let asked = axisOfAttribute[AttributeID.requestedModel.index],
      case .texts(let texts) = axes[model].domain
    else { return nil }
    self.model = model
    self.asked = asked
    present = axes[asked].present
    // With a default every request asks for a model.
    let given = Set(
      axes[model].hasAbsent
        ? routes.filter { $0.scope.admitsNoModel }.flatMap(\.outcome.models) : [])
    unasked = AtomSet(ascending: Set(given.compactMap { texts.atom(ofAny: $0) }).sorted())
      .union(axes[model].absent)
  }

  /// The tie between two axes of the same models of which only `unasked` may serve unasked.
  init(model: Int, asked: Int, unasked: AtomSet, in axes: [Axis]) {
    self.model = model
    self.asked = asked
    self.unasked = unasked
    present = axes[asked].present
  }

  /// The box less the atoms that no request in it can have; nil: no request is in it.
  ///
  /// O(ranges of the two sides).
  func tightened(_ box: Box) -> Box? {
    var result = box
    if let side = box[asked], !side.intersects(present) { result.restrict(model, to: unasked) }
    if let side = result[model], !side.intersects(unasked) { result.restrict(asked, to: present) }
    return result.isEmpty ? nil : result
  }
}

extension RuleScope {
  /// Whether a request without a model can meet the scope.
  fileprivate var admitsNoModel: Bool {
    alternatives.contains { conditions in
      conditions.allSatisfy { condition in
        switch condition.attribute {
        case .model, .modelClass, .requestedModel: condition.matcher.admitsAbsence
        default: true
        }
      }
    }
  }
}

extension Matcher {
  fileprivate var admitsAbsence: Bool {
    switch self {
    case .any, .absent: true
    case .present, .oneOf, .range: false
    case .not(let inner): !inner.admitsAbsence
    }
  }
}

extension RouteOutcome {
  /// The models that it gives to requests, its fallbacks aside.
  package var models: [ExactText] {
    switch self {
    case .deny: []
    case .route(let route):
      (route.model.map { [$0] } ?? [])
        + (route.split?.sides.filter { $0.weight > 0 }.map(\.model) ?? [])
    }
  }
}

extension TextDomain {
  /// The atom of a text, named by the card or not; nil: a text that no request can carry.
  package func atom(ofAny text: ExactText) -> Int? {
    if let atom = atom(of: text) { return atom }
    let matching = globs.indices.filter { globs[$0].matches(text.string) }
    return others.firstIndex { $0.globs == matching }.map { $0 + literals.count }
  }
}
