import RatecardCompiler
import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// A refusal of `costs` for certain models that no decision comes to, since `routes` give other
  /// models to the requests that it is about.
  ///
  /// Costs see the model that serves. The refusal is void when no request, with the tier and the
  /// route that the card gives it, is served by a model (the route's, a side of its split, a
  /// fallback, or the one asked for) for which the refusal holds.
  static let voidRefusal = LintRule(.voidRefusal) { inspection throws(RoomSearch.GaveUp) in
    let set = inspection.sets.costs
    guard !inspection.card.routes.isEmpty, set.rules.contains(where: \.isDenial),
      let axis = inspection.space.axis(of: .model, in: .afterRouting)
    else { return [] }
    var serving = Serving(inspection)
    var found: [Diagnostic] = []
    for rule in set.rules where rule.isDenial && rule.holds.allSatisfy({ $0[axis] != nil }) {
      if try serving.reaches(rule.holds) { continue }
      var notes: [Diagnostic.Note] = []
      for box in rule.holds {
        guard let asked = serving.asked(box, served: nil) else { continue }
        if let answer = try serving.answer(to: asked) {
          notes = [Diagnostic.Note(answer)]
          break
        }
      }
      found.append(
        Diagnostic(
          .voidRefusal,
          "no decision comes to the refusal `\(rule.name)`: `routes` give other models to its "
            + "requests",
          at: rule.span,
          help: "ask for `requested_model` instead of `model`, or refuse in `routes`", notes: notes)
      )
    }
    return found
  }
}

extension Serving {
  /// Whether a decision comes to a request in one of some boxes of costs.
  fileprivate mutating func reaches(_ boxes: [Box]) throws(RoomSearch.GaveUp) -> Bool {
    for way in ways {
      var served: [Int?] = (way.models + way.fallbacks).compactMap { atom(of: $0) }
      if way.models.isEmpty { served.append(nil) }
      for box in boxes {
        for model in served {
          guard let asked = asked(box, served: model) else { continue }
          if try room(on: way, within: asked) != nil { return true }
        }
      }
    }
    return false
  }
}
