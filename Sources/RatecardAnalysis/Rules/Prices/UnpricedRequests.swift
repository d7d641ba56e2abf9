import RatecardCompiler
import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// Requests for which no rule of `costs` holds, as conditions rather than points.
  ///
  /// Quiet where a set is open: a text that no rule of the card names may well have no price, and
  /// neither need a request that leaves a text out. A model that has no price at all is
  /// `unpriced-model`'s.
  static let unpricedRequests = LintRule(.unpricedRequests) {
    inspection throws(RoomSearch.GaveUp) in
    let set = inspection.sets.costs
    guard !set.rules.isEmpty else { return [] }
    var partition = Partition(inspection.space, set, inspection.budget)
    let named = try inspection.namedValues(of: set)
    let gaps = try partition.gaps(in: named)
    guard !gaps.isEmpty else { return [] }
    let region = Region(gaps, in: inspection.space)
    let text = RegionText(inspection.card, inspection.space)
    let shown = region.boxes.prefix(8)
    var notes = shown.map { Diagnostic.Note("no price for \(text.words($0, within: named))") }
    if region.boxes.count > shown.count {
      notes.append(Diagnostic.Note("and \(region.boxes.count - shown.count) more such regions"))
    }
    if let first = shown.first {
      let witness = inspection.witness(in: first, of: set)
      notes.append(Diagnostic.Note("one such request is \(witness.text)"))
    }
    return [
      Diagnostic(
        .unpricedRequests, "no rule of `costs` prices some requests",
        at: inspection.span(of: inspection.card.costs),
        help: "add a rule for them, or one without conditions that catches the rest", notes: notes)
    ]
  }
}

extension Inspection {
  /// The requests whose texts are all carried and named by the card, as far as a set looks at them,
  /// less the models without any price.
  fileprivate func namedValues(of set: RuleSet) throws(RoomSearch.GaveUp) -> Box {
    var box = Box.everything
    for index in axes(of: set) {
      guard case .texts(let texts) = space.axes[index].domain else { continue }
      box.restrict(index, to: AtomSet(0..<texts.literals.count))
    }
    if let model = space.axis(of: .model, in: .afterRouting) {
      let unpriced = try modelsWithoutPrice()
      if !unpriced.isEmpty {
        box.restrict(model, to: space.axes[model].all.subtracting(unpriced))
      }
    }
    return box
  }
}
