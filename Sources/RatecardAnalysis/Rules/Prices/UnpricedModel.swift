import RatecardCompiler
import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// A model of the `models` section that may serve requests and has no price at all.
  ///
  /// No priced rule decides any request that it serves, whatever else the request says, and no
  /// refusal of `costs` names it, by its name, a glob or its class. Quiet where the model never serves,
  /// since every request that asks for it gets another by `routes`; where a route leads to it,
  /// `unpriced-route` says so instead.
  static let unpricedModel = LintRule(.unpricedModel) { inspection throws(RoomSearch.GaveUp) in
    guard let axis = inspection.space.axis(of: .model, in: .afterRouting),
      case .texts(let texts) = inspection.space.axes[axis].domain
    else { return [] }
    var unpriced = try inspection.modelsWithoutPrice()
    guard !unpriced.isEmpty else { return [] }
    var serving = Serving(inspection)
    unpriced = unpriced.intersection(try serving.servingModels())
    let routed = Set(try inspection.unpricedRoutes().flatMap { $0.gaps.map(\.model) })
    var found: [Diagnostic] = []
    for model in inspection.card.models.models where !routed.contains(model.name) {
      guard let atom = texts.atom(of: model.name), unpriced.contains(atom) else { continue }
      var box = Box.everything
      box.restrict(axis, to: AtomSet(atom: atom))
      var search = RoomSearch(inspection.space, inspection.budget)
      let set = inspection.sets.costs
      let note =
        try search.room(in: box, outside: set.rules.flatMap(\.holds)).map {
          "one request without a price is \(inspection.witness(in: $0, of: set).text)"
        } ?? "each request for it meets a refusal, and none of them names it"
      found.append(
        Diagnostic(
          .unpricedModel, "the model `\(model.name)` has no price", at: model.span,
          help: "price it in `costs`, refuse it there by name, or remove it",
          notes: [Diagnostic.Note(note)]))
    }
    return found
  }
}

extension Inspection {
  /// The atoms of the models of the card that no priced rule decides any request for, nor a refusal
  /// names.
  func modelsWithoutPrice() throws(RoomSearch.GaveUp) -> AtomSet {
    let set = sets.costs
    guard !set.rules.isEmpty, let axis = space.axis(of: .model, in: .afterRouting),
      case .texts(let texts) = space.axes[axis].domain
    else { return .empty }
    var left = AtomSet(
      ascending: card.models.models.compactMap { texts.atom(of: $0.name) }.sorted())
    for rule in set.rules where rule.isDenial {
      for box in rule.holds { left = left.subtracting(box[axis] ?? .empty) }
    }
    var wins = WinSearch(space, set, budget)
    for (index, rule) in set.rules.enumerated() where !rule.isDenial {
      // Each room takes some models away, so there are no more searches than rules and models.
      while rule.holds.contains(where: { $0[axis].map { $0.intersects(left) } ?? true }) {
        guard !left.isEmpty else { return left }
        var box = Box.everything
        box.restrict(axis, to: left)
        guard let room = try wins.room(wonBy: index, within: box) else { break }
        left = left.subtracting(room[axis] ?? left)
      }
    }
    return left
  }
}
