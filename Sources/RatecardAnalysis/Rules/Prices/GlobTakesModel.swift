import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// A glob that also takes a model which the card prices apart from the others that the glob takes.
  ///
  /// Rule G takes model M by a glob: it has a condition on `model` whose glob fits M, and names M in
  /// none. It is found when some rule L that names M says another price than G, such that
  ///
  /// - L decides a request for M;
  /// - G decides a request for M that meets L's conditions, all but the one on `request_type`; and
  /// - under L's conditions some other text that the glob takes is priced otherwise than by L, by a
  ///   rule that looks at models: so L sets M apart.
  ///
  /// Quiet where G overrides L by name. What a date, a quantity or a flag makes of L is no difference,
  /// since then a literal price simply adds to a glob's.
  static let globTakesModel = LintRule(.globTakesModel) { inspection throws(RoomSearch.GaveUp) in
    guard let axis = inspection.space.axis(of: .model, in: .afterRouting),
      case .texts(let texts) = inspection.space.axes[axis].domain, !texts.globs.isEmpty
    else { return [] }
    var search = GlobSearch(inspection, axis, texts)
    var found: [Diagnostic] = []
    for rule in inspection.card.costs.indices {
      found += try search.findings(for: rule)
    }
    return found
  }
}

private struct GlobSearch {
  /// A rule that names a model, and where it then holds.
  private struct Literal {
    let rule: Int
    let box: Box
  }

  /// Why a glob should not take a model.
  private struct Taken {
    let model: String
    /// Requests for the model that the glob's rule decides.
    let room: Box
    /// The rule that names the model.
    let literal: Int
    /// The rule that prices another text of the glob under the same conditions.
    let other: Int
  }

  private let inspection: Inspection
  private let space: Space
  private let set: RuleSet
  private var wins: WinSearch
  /// The axis of `model`.
  private let model: Int
  private let texts: TextDomain
  /// By the atom of a model, the prices that name it.
  private var literals: [Int: [Literal]] = [:]

  init(_ inspection: Inspection, _ model: Int, _ texts: TextDomain) {
    self.inspection = inspection
    space = inspection.space
    set = inspection.sets.costs
    wins = WinSearch(inspection.space, inspection.sets.costs, inspection.budget)
    self.model = model
    self.texts = texts
    for rule in set.rules.indices where !set.rules[rule].isDenial {
      for (conditions, box) in alternatives(of: rule) {
        let own = box[model]
        let asking = conditions.filter { $0.attribute == .model }
        for atom in Set(asking.flatMap(\.namedModels).compactMap { texts.atom(of: $0) })
        where own?.contains(atom) ?? true {
          // A copy that shares its memory, mostly.
          let alone =
            own?.single == atom ? box : box.replacing(model, by: AtomSet(atom: atom))
          literals[atom, default: []].append(Literal(rule: rule, box: alone))
        }
      }
    }
  }

  /// The ways to meet a rule's conditions, those that no request meets left out.
  private func alternatives(of rule: Int) -> [(conditions: [Condition], box: Box)] {
    let scope = inspection.card.costs[rule].scope
    let holds = set.rules[rule].holds
    if scope.alternatives.count == 1 {
      return holds.map { (scope.alternatives[0], $0) }
    }
    return scope.alternatives.flatMap { conditions in
      let alone = RuleScope(
        alternatives: [conditions], from: scope.from, until: scope.until, begins: scope.begins,
        ends: scope.ends)
      return space.boxes(alone, in: .afterRouting, .holding).map { (conditions, $0) }
    }
  }

  mutating func findings(for rule: Int) throws(RoomSearch.GaveUp) -> [Diagnostic] {
    let scope = inspection.card.costs[rule].scope
    guard !set.rules[rule].isDenial,
      scope.alternatives.contains(where: { $0.contains { !$0.modelGlobs.isEmpty } })
    else { return [] }
    var found: [Diagnostic] = []
    for (conditions, box) in alternatives(of: rule) {
      let named = Set(conditions.flatMap(\.namedModels).compactMap { texts.atom(of: $0) })
      for condition in conditions {
        for glob in condition.modelGlobs {
          let matching = texts.atoms(matching: glob).intersection(box[model] ?? .all(texts.count))
          let others = AtomSet(
            ascending: matching.atoms.filter { literals[$0] != nil && !named.contains($0) })
          var taken: [Taken] = []
          for atom in try decided(by: rule, box, among: others).atoms {
            if let one = try self.taken(atom, by: rule, box, matching) { taken.append(one) }
          }
          if let first = taken.first { found.append(finding(rule, glob, condition, first, taken)) }
        }
      }
    }
    return found
  }

  /// The models, of some, for which a rule decides a request in a box.
  private mutating func decided(
    by rule: Int, _ box: Box, among models: AtomSet
  ) throws(RoomSearch.GaveUp) -> AtomSet {
    var left = models
    while !left.isEmpty {
      let within = box.replacing(model, by: left)
      guard let room = try wins.room(wonBy: rule, within: within) else { break }
      left = left.subtracting(room[model] ?? left)
    }
    return models.subtracting(left)
  }

  private mutating func taken(
    _ atom: Int, by rule: Int, _ box: Box, _ matching: AtomSet
  ) throws(RoomSearch.GaveUp) -> Taken? {
    let kinds = space.axis(of: .requestType, in: .afterRouting)
    var rooms: [Box: Box?] = [:]
    for literal in literals[atom] ?? [] {
      guard literal.rule != rule, set.rules[literal.rule].outcome != set.rules[rule].outcome,
        !set.rules[rule].overrides.binarySearchFinds(literal.rule),
        let within = box.intersection(kinds.map { literal.box.without($0) } ?? literal.box)
      else { continue }
      let room: Box?
      if let known = rooms[within] {
        room = known
      } else {
        room = try wins.room(wonBy: rule, within: within)
        rooms[within] = .some(room)
      }
      guard let room, try wins.wins(literal.rule, within: literal.box),
        let other = try other(than: literal, among: matching.subtracting(AtomSet(atom: atom)))
      else { continue }
      return Taken(
        model: texts.literals[atom].string, room: room, literal: literal.rule, other: other)
    }
    return nil
  }

  /// A rule that prices other models otherwise than a literal price, under its conditions.
  private mutating func other(
    than literal: Literal, among models: AtomSet
  ) throws(RoomSearch.GaveUp) -> Int? {
    if models.isEmpty { return nil }
    let box = literal.box.replacing(model, by: models)
    let meeting = set.boxes.meeting(box).filter { set.boxes.boxes[$0][model] != nil }
    for rule in Set(meeting.map { set.boxes.rules[$0] }).sorted()
    where !set.rules[rule].isDenial && set.rules[rule].outcome != set.rules[literal.rule].outcome {
      if try wins.wins(rule, within: box) { return rule }
    }
    return nil
  }

  private func finding(
    _ rule: Int, _ glob: Glob, _ condition: Condition, _ first: Taken, _ taken: [Taken]
  ) -> Diagnostic {
    let own = set.rules[rule]
    let shown = taken.prefix(3).map { "`\($0.model)`" }.joined(separator: ", ")
    let more = taken.count > 3 ? " and \(taken.count - 3) more" : ""
    let (literal, other) = (set.rules[first.literal], set.rules[first.other])
    return Diagnostic(
      .globTakesModel,
      "the glob `\(glob)` of `\(own.name)` also takes \(shown)\(more), which the card prices apart",
      at: condition.span,
      help: "name \(taken.count == 1 ? "it" : "them") there with a price, or list the models that "
        + "are meant instead of the glob",
      notes: [
        Diagnostic.Note(
          "`\(own.name)` says \(set.words(of: rule)), such as for "
            + inspection.witness(in: first.room, of: set).text,
          at: own.span),
        Diagnostic.Note(
          "`\(literal.name)` says \(set.words(of: first.literal)) for `\(first.model)`",
          at: literal.span),
        Diagnostic.Note(
          "`\(other.name)` says \(set.words(of: first.other)) for others", at: other.span),
      ])
  }
}

extension Condition {
  /// The models that a condition on `model` lists by name.
  fileprivate var namedModels: [ExactText] {
    modelPatterns.compactMap { pattern in
      if case .value(.text(let name)) = pattern { return name }
      return nil
    }
  }

  /// The globs that a condition on `model` lists.
  fileprivate var modelGlobs: [Glob] {
    modelPatterns.compactMap { pattern in
      if case .glob(let glob) = pattern { return glob }
      return nil
    }
  }

  private var modelPatterns: [Pattern] {
    guard attribute == .model, case .oneOf(let patterns) = matcher else { return [] }
    return patterns
  }
}
