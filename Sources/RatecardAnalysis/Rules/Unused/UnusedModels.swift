import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// Listed models that no rule tells from a model of which the card has never heard.
  ///
  /// A rule tells a model apart by its name, by a glob that takes it (`*` takes all), by its class,
  /// by routing to it, or by what an alias makes of it. A model that has no price at all is not
  /// shown here: that is a finding of its own.
  static let unusedModels = LintRule(.unusedModel) { inspection in
    let card = inspection.card
    guard !card.models.models.isEmpty else { return [] }
    let use = ModelUse(card)
    return card.models.models.filter { !use.isUsed($0) && inspection.mayHavePrice($0) }
      .map { model in
        Diagnostic(
          .unusedModel, "no rule tells `\(model.name)` from a model that is not listed",
          at: model.span, help: "name it in a rule, or remove it")
      }
  }
}

extension Inspection {
  /// Whether some cost rule holds for a model, or there are none at all.
  fileprivate func mayHavePrice(_ model: ModelList.Model) -> Bool {
    guard !card.costs.isEmpty, let axis = space.axis(of: .model, in: .afterRouting),
      case .texts(let texts) = space.axes[axis].domain, let atom = texts.atom(of: model.name)
    else { return true }
    return sets.costs.rules.contains { rule in
      rule.holds.contains { $0[axis]?.contains(atom) ?? true }
    }
  }
}

/// What a card makes of models.
private struct ModelUse {
  private let card: Card
  /// What conditions name, on the model that serves and on the one asked for.
  private let conditions: NamedTexts
  private let classes: [Matcher]
  /// What routes give, closed sets list, defaults are and tests ask for.
  private var names: Set<ExactText> = []
  /// The globs of conditions that do not take every text.
  private let globs: [Glob]
  /// Whether a model's name matters by itself, so that every alias does.
  private var copiesName = false
  /// The globs among the aliases, with their models.
  private let aliasGlobs: [(glob: Glob, model: ExactText)]

  init(_ card: Card) {
    self.card = card
    conditions = NamedTexts(card.matchers(on: .model, .requestedModel))
    classes = card.matchers(on: .modelClass)
    globs = conditions.globs.filter { $0.literalCharacters > 0 }
    aliasGlobs = card.models.models.flatMap { model in
      model.aliases.compactMap { alias in
        if case .glob(let glob) = alias { (glob, model.name) } else { nil }
      }
    }
    let attributes: Set<AttributeID> = [.model, .requestedModel]
    for rule in card.routes {
      guard case .route(let route) = rule.outcome else { continue }
      names.formUnion(route.fallbacks)
      if let model = route.model { names.insert(model) }
      guard let split = route.split else { continue }
      names.formUnion(split.sides.map(\.model))
      if attributes.contains(split.by) { copiesName = true }
    }
    if let meter = card.meter, !attributes.isDisjoint(with: meter.properties) { copiesName = true }
    for attribute in attributes {
      if case .choice(let members) = card[attribute].kind {
        names.formUnion(members)
      }
      if let text = card.defaultText(of: attribute) { names.insert(text) }
    }
    names.formUnion(card.testedTexts(of: .model, .requestedModel))
  }

  func isUsed(_ model: ModelList.Model) -> Bool {
    names.contains(model.name) || conditions.tellsApart(model.name)
      || classes.contains { $0.tells(model.modelClass, from: nil) }
      || model.aliases.contains { matters($0, of: model) }
  }

  /// Whether it matters that an alias turns into the model's name.
  private func matters(_ alias: Pattern, of model: ModelList.Model) -> Bool {
    if copiesName { return true }
    // Another model's glob would take what this alias takes.
    let others = aliasGlobs.lazy.filter { $0.model != model.name }.map(\.glob)
    switch alias {
    case .value(.text(let text)):
      return names.contains(text) || globs.contains { $0.matches(text.string) }
        || others.contains { $0.matches(text.string) }
    case .value: return false
    case .glob(let glob):
      return names.contains { glob.matches($0.string) }
        || globs.contains { haveCommonText(glob, $0) }
        || others.contains { haveCommonText(glob, $0) }
    }
  }

  private func haveCommonText(_ first: Glob, _ second: Glob) -> Bool {
    guard let walked = try? GlobCombinations([first, second]).realizable(excluding: []) else {
      return true
    }
    return walked[[0, 1]] != nil
  }
}

extension Matcher {
  /// Whether a condition on a closed set of texts answers differently for two values.
  fileprivate func tells(_ first: ExactText?, from second: ExactText?) -> Bool {
    holds(for: first) != holds(for: second)
  }

  private func holds(for text: ExactText?) -> Bool {
    switch self {
    case .any: true
    case .present: text != nil
    case .absent: text == nil
    case .range: false
    case .not(let inner): !inner.holds(for: text)
    case .oneOf(let patterns):
      patterns.contains { pattern in
        guard let text else { return false }
        return switch pattern {
        case .value(.text(let literal)): literal == text
        case .value: false
        case .glob(let glob): glob.matches(text.string)
        }
      }
    }
  }
}
