import RatecardCompiler
import RatecardModel
import RatecardValues

/// How a decision comes from the model asked for to the one that serves: which route wins for which
/// requests, in the tiers that the card gives them.
///
/// Boxes here are of requests as routes see them: `model` is the model asked for.
struct Serving {
  /// Requests of one tier that one route wins, or none.
  struct Way: Sendable {
    /// The route, as an index into the card's; nil: no route holds.
    let route: Int?
    /// The models that it gives; empty: the one asked for serves.
    let models: [ExactText]
    /// The models to try next.
    let fallbacks: [ExactText]
    /// Where the tier holds.
    fileprivate let box: Box
    /// Where something beats it.
    fileprivate let outside: [Box]
  }

  /// The ways, those without a route first, then by their routes.
  let ways: [Way]
  private let space: Space
  private var wins: WinSearch
  private let model: Int?
  private let askedModel: Int?

  init(_ inspection: Inspection) {
    space = inspection.space
    wins = WinSearch(space, inspection.sets.routes, inspection.budget)
    model = space.axis(of: .model, in: .afterRouting)
    askedModel = space.axis(of: .requestedModel, in: .afterRouting)
    let tiers = Self.tiers(inspection)
    let routed = inspection.sets.routes.rules.flatMap(\.holds)
    var ways = tiers.map { tier in
      Way(
        route: nil, models: [], fallbacks: [], box: tier.box, outside: tier.outside + routed)
    }
    for (index, rule) in inspection.card.routes.enumerated() {
      guard case .route(let route) = rule.outcome else { continue }
      let holds = inspection.sets.routes.rules[index].holds
      for tier in tiers where holds.contains(where: { $0.intersects(tier.box) }) {
        ways.append(
          Way(
            route: index, models: rule.outcome.models, fallbacks: route.fallbacks, box: tier.box,
            outside: tier.outside))
      }
    }
    self.ways = ways
  }

  /// The requests of each tier, each less what beats the rule that gives it; all requests where
  /// nothing asks for a tier.
  private static func tiers(_ inspection: Inspection) -> [(box: Box, outside: [Box])] {
    let space = inspection.space
    guard let axis = space.axis(of: .tier, in: .beforeRouting),
      case .texts(let texts) = space.axes[axis].domain
    else { return [(.everything, [])] }
    let set = inspection.sets.tiers
    var none = Box.everything
    none.restrict(axis, to: space.axes[axis].absent)
    var result = [(box: none, outside: set.rules.flatMap(\.holds))]
    for (index, rule) in inspection.card.tiers.enumerated() {
      guard let atom = texts.atom(of: rule.outcome) else { continue }
      let outside = set.beaters[index].flatMap { set.rules[$0].holds }
      for holds in set.rules[index].holds {
        var box = holds
        box.restrict(axis, to: AtomSet(atom: atom))
        result.append((box, outside))
      }
    }
    return result
  }

  /// The ways on which a route wins.
  func ways(by route: Int) -> ArraySlice<Way> {
    let start = partitionPoint(ways.count) { ways[$0].route.map { $0 < route } ?? true }
    return ways[start...].prefix { $0.route == route }
  }

  /// The name of a route.
  func name(of route: Int) -> String { wins.set.rules[route].name }

  // MARK: Models

  /// The atom of a model that a route names; nil where no condition asks for models.
  func atom(of name: ExactText) -> Int? {
    guard let model, case .texts(let texts) = space.axes[model].domain else { return nil }
    return texts.atom(ofAny: name)
  }

  /// The atoms of `model`, as costs see it, that serve some request: those that routes name,
  /// fallbacks included, and those that are kept where they are asked for.
  mutating func servingModels() throws(RoomSearch.GaveUp) -> AtomSet {
    guard let model else { return .empty }
    var serving = AtomSet.empty
    for way in ways {
      for name in way.models + way.fallbacks {
        if let atom = atom(of: name) { serving = serving.union(AtomSet(atom: atom)) }
      }
    }
    for way in ways where way.models.isEmpty {
      while true {
        let left = space.axes[model].all.subtracting(serving)
        guard !left.isEmpty else { return serving }
        var box = Box.everything
        box.restrict(model, to: left)
        guard let room = try room(on: way, within: box) else { break }
        serving = serving.union(room[model] ?? left)
      }
    }
    return serving
  }

  // MARK: Requests

  /// Requests of a box that go a way, outside `others`; nil: none.
  mutating func room(
    on way: Way, within box: Box = .everything, outside others: [Box] = []
  ) throws(RoomSearch.GaveUp) -> Box? {
    guard let common = way.box.intersection(box) else { return nil }
    if let route = way.route {
      return try wins.room(wonBy: route, within: common, outside: way.outside + others)
    }
    return try wins.room(inAll: common, outside: way.outside + others)
  }

  /// The requests for which a box of costs holds once a model serves them; nil: none.
  ///
  /// `served` is the model's atom; nil: the model asked for serves.
  func asked(_ box: Box, served: Int?) -> Box? {
    var result = box
    if let model, let served {
      if let side = box[model], !side.contains(served) { return nil }
      result = result.without(model)
    }
    if let askedModel, let side = box[askedModel] {
      result = result.without(askedModel)
      // Both axes have the atoms of the same texts; only "not carried" may be missing here.
      if let model { result.restrict(model, to: side.intersection(space.axes[model].all)) }
    }
    return result
  }

  /// The requests that a box of costs would be about whatever served them.
  func askedOfAnyModel(_ box: Box) -> Box? {
    asked(model.map { box.without($0) } ?? box, served: nil)
  }

  /// A request of a box as a person would ask for a decision: the tier follows from the rest.
  func witness(in box: Box, axes: [Int]) -> Witness {
    let tier = space.axis(of: .tier, in: .beforeRouting)
    let shown = axes.filter { $0 != tier && $0 != askedModel }
    return Witness(in: tier.map { box.without($0) } ?? box, axes: shown, of: space)
  }
}
