import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// A price for models that never serve a request.
  ///
  /// The rule holds for certain models only, and each of them is out of reach: no route gives it,
  /// no route falls back to it, and whatever asks for it is given another model or refused by
  /// `routes`. Usage that names such a model could still be priced, so a model that a `price` test of
  /// the card names counts as reached: the test says that somebody asks. Of a table one cell is
  /// pointed at.
  static let unreachablePrice = LintRule(.unreachablePrice) {
    inspection throws(RoomSearch.GaveUp) in
    let space = inspection.space
    let set = inspection.sets.costs
    guard !inspection.card.routes.isEmpty,
      let axis = space.axis(of: .model, in: .afterRouting),
      case .texts(let texts) = space.axes[axis].domain
    else { return [] }
    var serving = Serving(inspection)
    var reached = try serving.servingModels()
    for atom in inspection.card.testedModels.compactMap({ texts.atom(ofAny: $0) }) {
      reached = reached.union(AtomSet(atom: atom))
    }
    if inspection.card.testsNoModel { reached = reached.union(space.axes[axis].absent) }
    var groups: [(table: Substring, rules: [Int])] = []
    for (index, rule) in set.rules.enumerated() where !rule.isDenial {
      guard rule.holds.allSatisfy({ $0[axis].map { !$0.intersects(reached) } ?? false }) else {
        continue
      }
      // Cells are named by their table, and rules are sorted by name.
      let table = rule.name.prefix { $0 != "/" }
      if groups.last?.table == table {
        groups[groups.count - 1].rules.append(index)
      } else {
        groups.append((table, [index]))
      }
    }
    var found: [Diagnostic] = []
    for group in groups {
      let rules = group.rules.map { set.rules[$0] }.sorted { $0.span < $1.span }
      let atoms = rules.flatMap(\.holds).reduce(AtomSet.empty) { $0.union($1[axis] ?? .empty) }
      var box = Box.everything
      box.restrict(axis, to: atoms)
      let models = RegionText(inspection.card, space).words(box)
      let more = rules.count - 1
      var notes: [Diagnostic.Note] = []
      if more > 0 {
        notes.append(
          Diagnostic.Note(
            "so \(more == 1 ? "is" : "are") \(more) more of `\(group.table)`", at: rules[1].span))
      }
      if let answer = try serving.answer(to: box) { notes.append(Diagnostic.Note(answer)) }
      found.append(
        Diagnostic(
          .unreachablePrice,
          "`\(rules[0].name)` is a price for what never serves a request (\(models))",
          at: rules[0].span,
          help: "remove it, send requests there in `routes`, or test it with `price:` if usage can "
            + "name it",
          notes: notes))
    }
    return found
  }
}

extension Card {
  /// The names, aliases resolved, of the models for which a test asks the cost alone.
  fileprivate var testedModels: [ExactText] {
    tests.filter { $0.question == .price }.flatMap { test in
      test.inputs.filter { $0.name == self[.model].name }.flatMap { input in
        [ExactText(input.text)]
          + models.models.filter { $0.aliases.contains { $0.takes(input.text) } }.map(\.name)
      }
    }
  }

  /// Whether a test asks the cost of a request without a model.
  fileprivate var testsNoModel: Bool {
    tests.contains { test in
      test.question == .price && !test.inputs.contains { $0.name == self[.model].name }
    }
  }
}

extension Pattern {
  fileprivate func takes(_ text: String) -> Bool {
    switch self {
    case .glob(let glob): glob.matches(text)
    case .value(let value): value == .text(ExactText(text))
    }
  }
}

extension Serving {
  /// What becomes of a request that asks for some model, in words; nil: it keeps it.
  mutating func answer(to box: Box) throws(RoomSearch.GaveUp) -> String? {
    for way in ways where !way.models.isEmpty {
      guard let room = try room(on: way, within: box), let route = way.route else { continue }
      let models = way.models.map { "`\($0)`" }.joined(separator: " or ")
      return "a request such as \(witness(in: room, axes: []).text) is given to \(models) by "
        + "`\(name(of: route))`"
    }
    return nil
  }
}
