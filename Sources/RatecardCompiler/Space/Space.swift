package import RatecardModel
package import RatecardValues

/// The requests of a card, as far as its conditions tell them apart: a product of axes, less the
/// combinations that no request can have (parts that exceed their whole, a model that nobody asked
/// for).
///
/// What depends on each other shares an axis: a model and its class; time and the windows that hold
/// then. So every condition is a set of atoms of one axis. It never changes; that it is a class only
/// lets everything that reasons about it hold it cheaply.
package final class Space: Sendable {
  /// A section as far as it matters to what its conditions mean.
  package enum Section: Sendable {
    /// `tiers`, `routes`, `events`: the model asked for is the model.
    case beforeRouting
    /// `costs`, `adjustments`, guards: the model as routed and the one asked for may differ.
    case afterRouting
  }

  package let card: Card
  package let axes: [Axis]
  /// The sums that parts and wholes obey.
  package let partSums: PartSums
  private let askedModel: AskedModel?
  private let axisOfAttribute: [Int?]
  /// The atoms of the models of each class, those without one included; an unlisted model has none.
  let modelClasses: [ModelClass]

  /// The axis that a condition on an attribute speaks of; nil when no condition of the card does.
  package func axis(of attribute: AttributeID, in section: Section) -> Int? {
    switch attribute {
    case .window: axisOfAttribute[AttributeID.at.index]
    case .modelClass: axisOfAttribute[AttributeID.model.index]
    case .requestedModel where section == .beforeRouting: axisOfAttribute[AttributeID.model.index]
    default: axisOfAttribute[attribute.index]
    }
  }

  /// Cuts the space wherever a condition of the card begins or ends.
  ///
  /// `routes` are those that give models to requests, where they are not the card's. Throws when
  /// globs combine in more ways than can be walked.
  package init(
    _ card: Card, routes: [Rule<RouteOutcome>]? = nil
  ) throws(GlobCombinations.TooMany) {
    self.card = card
    var usage = ConditionUsage(card.attributes)
    for scope in card.costs.lazy.map(\.scope) { usage.add(scope) }
    for scope in card.adjustments.lazy.map(\.scope) { usage.add(scope) }
    for scope in card.tiers.lazy.map(\.scope) { usage.add(scope) }
    for scope in card.routes.lazy.map(\.scope) { usage.add(scope) }
    for scope in card.events.lazy.map(\.scope) { usage.add(scope) }
    for scope in card.guards.lazy.map(\.scope) { usage.add(scope) }

    var axes: [Axis] = []
    var axisOfAttribute = [Int?](repeating: nil, count: card.attributes.count)
    let models = try ModelTexts(card, usage).domain()
    for attribute in card.attributes {
      let domain: Axis.Domain
      switch attribute.id {
      case .window, .modelClass: continue
      case .model:
        guard usage.usesModel else { continue }
        domain = .texts(models)
      case .requestedModel:
        guard usage.uses(.requestedModel) else { continue }
        domain = .texts(models)
      case .at:
        guard usage.usesTime else { continue }
        domain = .times(timeDomain(card, usage))
      default:
        guard usage.uses(attribute.id) || isInPartTree(attribute, card) else { continue }
        domain = try Self.domain(of: attribute, usage)
      }
      axisOfAttribute[attribute.id.index] = axes.count
      let isAlwaysThere = attribute.defaultValue != nil || attribute.id == .at
      axes.append(Axis(attribute: attribute.id, domain: domain, hasAbsent: !isAlwaysThere))
    }
    self.axes = axes
    self.axisOfAttribute = axisOfAttribute
    modelClasses = usage.uses(.modelClass) ? Self.classes(of: models, card.models) : []
    partSums = PartSums(card, axes: axes, axisOfAttribute: axisOfAttribute)
    askedModel = AskedModel(routes ?? card.routes, axes: axes, axisOfAttribute: axisOfAttribute)
  }

  /// A space over axes that were worked out elsewhere: those of two cards at once.
  ///
  /// `unasked` are the atoms of `model` that may serve a request that asks for none; nil: all may.
  package init(_ card: Card, axes: [Axis], unasked: AtomSet?) {
    self.card = card
    self.axes = axes
    var axisOfAttribute = [Int?](repeating: nil, count: card.attributes.count)
    for (index, axis) in axes.enumerated() { axisOfAttribute[axis.attribute.index] = index }
    self.axisOfAttribute = axisOfAttribute
    if let model = axisOfAttribute[AttributeID.model.index],
      case .texts(let texts) = axes[model].domain
    {
      modelClasses = Self.classes(of: texts, card.models)
    } else {
      modelClasses = []
    }
    partSums = PartSums(card, axes: axes, axisOfAttribute: axisOfAttribute)
    askedModel = unasked.flatMap { unasked in
      guard let model = axisOfAttribute[AttributeID.model.index],
        let asked = axisOfAttribute[AttributeID.requestedModel.index]
      else { return nil }
      return AskedModel(model: model, asked: asked, unasked: unasked, in: axes)
    }
  }

  /// The box less the atoms that no request in it can have; nil: no request is in it.
  package func tightened(_ box: Box) -> Box? {
    guard !box.isEmpty, let asked = withAskedModel(box) else { return nil }
    return partSums.tightened(asked)
  }

  /// All atoms of an axis.
  package func all(_ axis: Int) -> AtomSet { .all(axes[axis].count) }

  /// How many rules the card has, whose conditions cut the space.
  package var ruleCount: Int {
    card.costs.count + card.adjustments.count + card.tiers.count + card.routes.count
      + card.events.count
  }

  /// Whether axes are independent of each other, so that every box holds a request.
  package var isProduct: Bool { askedModel == nil && partSums.axes.isEmpty }

  /// Whether some request lies in a box.
  package func isPossible(_ box: Box) -> Bool {
    guard !box.isEmpty, let asked = withAskedModel(box) else { return false }
    return partSums.isPossible(asked)
  }

  private func withAskedModel(_ box: Box) -> Box? {
    guard let askedModel else { return box }
    return askedModel.tightened(box)
  }

  private static func domain(
    of attribute: Attribute, _ usage: ConditionUsage
  ) throws(GlobCombinations.TooMany) -> Axis.Domain {
    switch attribute.kind {
    case .text:
      let used = usage.texts[attribute.id.index]
      let literals = used.literals.sorted()
      let globs = byBytes(used.globs)
      let combinations = try GlobCombinations(globs)
      let realizable = combinations.realizable(excluding: used.literals)
      return .texts(
        TextDomain(literals: literals, globs: globs, others: others(realizable), combinations))
    case .choice(let members):
      let used = usage.texts[attribute.id.index]
      return .texts(TextDomain(literals: members, globs: byBytes(used.globs), others: []))
    case .flag:
      return .flags
    case .count:
      return .numbers(
        NumberDomain(cuts: usage.cuts[attribute.id.index], isInteger: true, lowest: .zero))
    case .quantity:
      return .numbers(
        NumberDomain(cuts: usage.cuts[attribute.id.index], isInteger: false, lowest: .zero))
    case .number:
      return .numbers(
        NumberDomain(cuts: usage.cuts[attribute.id.index], isInteger: false, lowest: nil))
    case .instant:
      return .numbers(
        NumberDomain(
          cuts: usage.cuts[attribute.id.index], isInteger: true,
          lowest: Instant.earliest.asNumber, highest: Instant.latest.asNumber))
    case .windows:
      preconditionFailure("windows share the axis of `at`")
    }
  }
}

package func others(_ realizable: [[Int]: String]) -> [TextDomain.Others] {
  realizable.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    .map { TextDomain.Others(globs: $0.key, example: $0.value) }
}

/// Globs in the order of the bytes that they are written in.
func byBytes(_ globs: Set<Glob>) -> [Glob] {
  globs.sorted { ExactText($0.description) < ExactText($1.description) }
}

private func isInPartTree(_ attribute: Attribute, _ card: Card) -> Bool {
  attribute.partOf != nil || card.attributes.contains { $0.partOf == attribute.id }
}

private func timeDomain(_ card: Card, _ usage: ConditionUsage) -> TimeDomain {
  let cuts = usage.instants.filter { $0 > .earliest }.sorted()
  let windows =
    usage.usesEveryWindow
    ? Array(card.windows.indices)
    : card.windows.indices.filter { usage.windowNames.contains(card.windows[$0].name) }
  let combinations = WindowCombinations(
    windows: windows.map { card.windows[$0].window }, cuts: cuts)
  return TimeDomain(cuts: cuts, windows: windows, atoms: combinations.atoms())
}

extension Instant {
  package var asNumber: Number { Number(significand: nanoseconds, exponent: 0) ?? .zero }
}
