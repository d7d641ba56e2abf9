import RatecardCompiler
import RatecardModel

/// The prices of both cards as far as adjustments tell them apart: by whether they are touched, and
/// by the components they have.
struct PriceKinds {
  /// The rules of costs; their outcomes are kinds.
  let sets: Both<RuleSet>
  /// The components of each kind; nil: no price, or none that is adjusted.
  private let kinds: [Set<Adjustment.Component>?]

  init(_ costs: PairedSection, named: Set<Adjustment.Component>) {
    var kinds: [Set<Adjustment.Component>?] = []
    let kindOfAnswer = costs.answers.map { answer in
      var components: Set<Adjustment.Component>?
      if case .price(let meaning) = answer, meaning.price.isAdjustable {
        components = Set(meaning.price.rates.map { .attribute($0.attribute) })
        if meaning.price.credits != nil { components?.insert(.credits) }
        components?.formIntersection(named)
      }
      if let known = kinds.firstIndex(of: components) { return known }
      kinds.append(components)
      return kinds.count - 1
    }
    self.kinds = kinds
    sets = costs.sets.map { set in
      set.carried(outcomes: set.rules.map { kindOfAnswer[$0.outcome] })
    }
  }

  /// The components of a kind's prices; nil where there is no price to adjust.
  func components(_ kind: Int?) -> Set<Adjustment.Component>? { kind.flatMap { kinds[$0] } }
}
