import RatecardCompiler
import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// Declared attributes at which nothing looks.
  ///
  /// Conditions look at an attribute, rates and their `after`, a split, the meter's properties,
  /// guards, tests that carry it, and `part_of` of an attribute that is itself looked at. Built-in
  /// attributes are the language's own, also where the card narrows them.
  static let unusedAttributes = LintRule(.unusedAttribute) { inspection in
    let card = inspection.card
    let used = AttributeUse(card).attributes
    return card.attributes.compactMap { attribute in
      guard attribute.origin == .declared, let span = attribute.span,
        !used.contains(attribute.id)
      else { return nil }
      return Diagnostic(
        .unusedAttribute, "nothing looks at `\(attribute.name)`", at: span,
        help: "remove it, or accept it where requests carry it all the same: they are refused "
          + "with an attribute that is not declared")
    }
  }
}

/// The attributes that a card looks at.
private struct AttributeUse {
  private(set) var attributes: Set<AttributeID> = []

  init(_ card: Card) {
    var isAsked = card.attributes.map { _ in false }
    card.forEachCondition { isAsked[$0.attribute.index] = true }
    attributes.formUnion(card.attributes.lazy.filter { isAsked[$0.id.index] }.map(\.id))
    for rule in card.costs {
      if case .price(let price) = rule.outcome { add(price.rates) }
    }
    for rule in card.adjustments {
      if case .addRates(let rates) = rule.outcome.action { add(rates) }
    }
    for rule in card.routes {
      if case .route(let route) = rule.outcome, let split = route.split {
        attributes.insert(split.by)
      }
    }
    attributes.formUnion(card.meter?.properties ?? [])
    for item in card.guards {
      if case .neverFallsIn(let quantities) = item.promise { attributes.formUnion(quantities) }
    }
    let tested = Set(card.tests.lazy.flatMap(\.inputs).map(\.name))
    attributes.formUnion(card.attributes.lazy.filter { tested.contains($0.name) }.map(\.id))
    for attribute in attributes {
      var part = attribute
      while let whole = card[part].partOf, attributes.insert(whole).inserted { part = whole }
    }
  }

  private mutating func add(_ rates: [Rate]) {
    for rate in rates {
      attributes.insert(rate.attribute)
      if case .graduated(_, let after?) = rate.schedule { attributes.insert(after) }
    }
  }
}
