import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues

@testable import RatecardAnalysis

/// A small compiled card and its decisions, worked out for every request there is, by the
/// definitions alone.
struct SmallCard {
  let card: Card
  let space: Space
  let sets: RuleSets
  let inspection: Inspection

  /// Nil when the card does not load.
  init?(_ text: String) {
    var bag = DiagnosticBag()
    guard let card = Sample(text).card(into: &bag), !bag.hasErrors,
      let compiled = Compiler.compile(card, into: &bag), let now = FindingTests.day
    else { return nil }
    self.card = card
    space = compiled.space
    sets = compiled.sets
    inspection = Inspection(card: card, space: space, sets: sets, now: now, plan: compiled.plan)
  }

  /// Where a lint rule points.
  func found(_ rule: LintRule) throws -> [Span] { try rule.check(inspection).map(\.span).sorted() }

  // MARK: Points

  /// The atom of a point on an axis.
  func atom(_ point: Box, _ axis: Int) -> Int { point[axis]?.first ?? -1 }

  func axis(_ attribute: AttributeID) -> Int? { space.axis(of: attribute, in: .afterRouting) }

  func texts(_ axis: Int) -> TextDomain {
    if case .texts(let texts) = space.axes[axis].domain { return texts }
    return TextDomain(literals: [], globs: [], others: [])
  }

  func holds(_ rule: Int, _ point: Box, in set: RuleSet) -> Bool {
    set.rules[rule].holds.contains { point.isInside($0, in: space) }
  }

  /// Whether a rule is left at a point, and no refusal beside it unless it is one.
  func decides(_ rule: Int, _ point: Box, in set: RuleSet) -> Bool {
    let left = left(at: point, in: set)
    return left.contains(rule)
      && (set.rules[rule].isDenial || !left.contains { set.rules[$0].isDenial })
  }

  private func left(at point: Box, in set: RuleSet) -> [Int] {
    let matching = set.rules.indices.filter { holds($0, point, in: set) }
    return matching.filter { rule in !matching.contains { set.beats($0, rule) } }
  }

  /// The requests of costs.
  var points: [Box] { PartitionTests.points(of: space) }

  // MARK: Decisions

  /// One decision.
  struct Decision {
    /// The request as the routes see it.
    let asked: Box
    /// The routes that are left, which all say the same; empty: none holds.
    let routes: [Int]
    /// The models that may serve, as atoms; of the route, a fallback, or the one asked for.
    let served: [Int]
    /// The request as costs see it when a model serves.
    let costs: [Int: Box]
  }

  /// Every decision that is not refused by a route.
  var decisions: [Decision] {
    guard let model = axis(.model) else { return [] }
    var requests = [Box.everything]
    for axis in space.axes.indices
    where axis != self.axis(.tier) && axis != self.axis(.requestedModel) {
      requests = requests.flatMap { request in
        (0..<space.axes[axis].count).map { request.replacing(axis, by: AtomSet(atom: $0)) }
      }
    }
    return requests.filter(space.isPossible).compactMap { request in
      var asked = request
      if let tier = axis(.tier) {
        let rule = PartitionTests.winner(for: request, sets.tiers, space)
        let atom = rule.flatMap { texts(tier).atom(of: card.tiers[$0].outcome) }
        asked = request.replacing(tier, by: AtomSet(atom: atom ?? space.axes[tier].count - 1))
      }
      let route = PartitionTests.winner(for: asked, sets.routes, space)
      var names: [ExactText] = []
      var keeps = true
      if let route {
        guard case .route(let said) = card.routes[route].outcome else { return nil }
        let sides = said.split?.sides.filter { $0.weight > 0 }.map(\.model) ?? []
        keeps = said.model == nil && sides.isEmpty
        names = sides + (said.model.map { [$0] } ?? []) + said.fallbacks
      }
      let served = Set(names.map(atomOfModel) + (keeps ? [atom(request, model)] : []))
      var costs: [Int: Box] = [:]
      for one in served {
        var seen = asked.replacing(model, by: AtomSet(atom: one))
        if let requested = axis(.requestedModel) {
          seen = seen.replacing(requested, by: AtomSet(atom: atom(request, model)))
        }
        costs[one] = seen
      }
      return Decision(
        asked: asked,
        routes: sets.routes.rules.indices.filter { decides($0, asked, in: sets.routes) },
        served: served.sorted(), costs: costs)
    }
  }

  /// The atom of a model's name, whether or not a condition names it.
  func atomOfModel(_ name: ExactText) -> Int {
    guard let model = axis(.model) else { return -1 }
    let domain = texts(model)
    if let place = domain.literals.firstIndex(of: name) { return place }
    let globs = domain.globs.indices.filter { domain.globs[$0].matches(name.string) }
    return domain.literals.count + (domain.others.firstIndex { $0.globs == globs } ?? -1)
  }
}

extension SplitMix {
  /// One of some things.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
