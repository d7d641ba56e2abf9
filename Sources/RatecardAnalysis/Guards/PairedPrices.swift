import RatecardCompiler
import RatecardEngine
import RatecardModel
import RatecardValues

/// The prices of two cards over the requests that both admit.
///
/// Each card reads a request in its own way: it applies its defaults and aliases, and takes no
/// notice of attributes that only the other one has.
struct PairedPrices {
  /// Requests that both cards price, each by one formula.
  struct Part {
    let box: Box
    let formulas: Both<PriceFormula>

    /// The quantities that the prices depend on.
    var attributes: Set<AttributeID> { formulas.old.attributes.union(formulas.new.attributes) }
  }

  /// The prices over the common space.
  let sheets: Both<PriceSheet>
  /// Quantities that, where they are not carried, are not the same to both cards.
  let unclear: Set<AttributeID>
  /// Outside of these boxes both cards charge the same.
  let suspects: [Box]
  private let pair: CardPair
  /// The new card's prices over its own requests.
  private let own: PriceSheet
  /// The requests that both cards may price; nil: there are none.
  private let common: Box?
  /// The rules of `costs`; equal outcomes of both cards have equal numbers.
  private let costs: Both<RuleSet>
  /// For each of these numbers, a rule that says so.
  private let rules: Both<[Int: Int]>

  /// Compares two cards that load, with their tables.
  init(_ cards: Both<Card>, _ tables: Both<RuleTable>) throws {
    let pair = try CardPair(cards)
    func sheet(_ side: PairedCard, _ table: RuleTable) throws -> PriceSheet {
      try PriceSheet(side.card, TablePlan(of: table), side.sets, in: side.space)
    }
    func carried(_ sheet: PriceSheet, _ side: PairedCard) -> PriceSheet {
      sheet.carried(to: pair.space, side.ids) { set in
        side.carried(set, outcomes: set.rules.map(\.outcome))
      }
    }
    let old = try sheet(pair.sides.old, tables.old)
    own = try sheet(pair.sides.new, tables.new)
    common = pair.sides.old.carried(old.requests(pair.sides.old.sets)).intersection(pair.common)
    sheets = Both(carried(old, pair.sides.old), carried(own, pair.sides.new))
    unclear = pair.attributes.quantitiesWithDifferentDefaults
    let section = PairedSection.costs(pair)
    costs = section.sets
    rules = costs.map { set in
      Dictionary(
        set.rules.enumerated().map { ($1.outcome, $0) }, uniquingKeysWith: { first, _ in first })
    }
    suspects =
      if sheets.old.steps == sheets.new.steps, unclear.isEmpty {
        Suspects(costs, in: pair).boxes + (try AdjustmentComparison(pair, costs: section)).suspects
      } else {
        [.everything]
      }
    self.pair = pair
  }

  var space: Space { pair.space }

  /// Axes on which a request that is shown has a value where it can.
  var shownAxes: [Int] {
    guard sheets.list.contains(where: { $0.plan.costsNeedTier }) else { return [] }
    return [space.axis(of: .tier, in: .afterRouting)].compactMap(\.self)
  }

  /// The requests that a guard of the new card speaks of: in that card's own space, and those that
  /// both cards may price in the common one.
  func scope(of item: Guard) -> (own: [Box], common: [Box]) {
    let boxes = GuardProof.scope(of: item, own, pair.sides.new.sets)
    guard let common else { return (boxes, []) }
    return (
      boxes,
      boxes.compactMap { box in
        pair.sides.new.carried(box).intersection(common).flatMap(space.tightened)
      }
    )
  }

  /// The disjoint parts of a box that meet a suspect.
  func parts(of box: Box, suspects: [Box], _ steps: inout StepCount) throws -> [Part] {
    var parts: [Part] = []
    var partition = AnswerPartition(space, costs.list)
    for piece in try partition.pieces(of: box, suspects: suspects) {
      guard let old = rule(piece.answers[0], rules.old, sheets.old),
        let new = rule(piece.answers[1], rules.new, sheets.new)
      else { continue }
      for before in try sheets.old.divided(piece.box, by: old, &steps) {
        let formula = try sheets.old.formula(before)
        for after in try sheets.new.divided(before.box, by: new, &steps) {
          parts.append(
            Part(box: after.box, formulas: Both(formula, try sheets.new.formula(after))))
        }
      }
    }
    return parts
  }

  /// A rule that gives an answer; nil: that is no price.
  private func rule(_ answer: Int?, _ rules: [Int: Int], _ sheet: PriceSheet) -> Int? {
    answer.flatMap { rules[$0] }.flatMap { sheet.isDenial($0) ? nil : $0 }
  }
}

extension JointAttributes {
  fileprivate var quantitiesWithDifferentDefaults: Set<AttributeID> {
    Set(
      zip(all, own).lazy.filter { attribute, both in
        guard [.count, .quantity].contains(attribute.kind), let old = both.old, let new = both.new
        else { return false }
        return old.defaultValue != new.defaultValue
      }
      .map(\.0.id))
  }
}
