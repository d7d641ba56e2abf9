import RatecardCompiler
import RatecardModel
import RatecardValues

/// Compares which adjustments apply to requests, and what they come to together.
///
/// Only requests that both cards price, at prices that may be adjusted, are of interest; and of
/// adjustments of single components only those that the prices have.
struct AdjustmentComparison {
  /// Rules of which one at the most applies: a group, or an adjustment alone.
  fileprivate struct Choice {
    let rules: RuleSet
    /// What its outcomes do.
    let adjustments: [Adjustment]
  }

  private let pair: CardPair
  private let costs: PairedSection
  /// What may apply and has to be looked at.
  private var choices = Both<[Choice]>([], [])
  /// Outside of these boxes the same is done to a price.
  private(set) var suspects: [Box] = []

  init(_ pair: CardPair, costs: PairedSection) throws(DifferenceFailure) {
    self.pair = pair
    self.costs = costs
    let groups = try AdjustmentGroups(pair)
    var unmatched: [Suspects.Key: [RuleSet]] = [:]
    for alone in groups.alone.new.reversed() {
      unmatched[key(alone), default: []].append(alone)
    }
    var same: [Choice] = []
    func choice(_ rules: RuleSet) -> Choice {
      Choice(rules: rules, adjustments: groups.adjustments)
    }
    for alone in groups.alone.old {
      if unmatched[key(alone)]?.popLast() != nil {
        same.append(choice(alone))
      } else {
        choices.old.append(choice(alone))
        suspect(alone)
      }
    }
    for alone in groups.alone.new where unmatched[key(alone)]?.popLast() != nil {
      choices.new.append(choice(alone))
      suspect(alone)
    }
    for group in groups.named {
      let boxes = Suspects(group, in: pair).boxes
      if boxes.isEmpty {
        same.append(choice(group.old))
      } else {
        choices.old.append(choice(group.old))
        choices.new.append(choice(group.new))
        suspects += boxes
      }
    }
    addBounds(among: same)
  }

  private func key(_ alone: RuleSet) -> Suspects.Key {
    Suspects.Key(alone.rules[0], in: pair)
  }

  private mutating func suspect(_ alone: RuleSet) {
    suspects += alone.rules[0].holds.compactMap { pair.clipped($0, to: pair.common) }
  }

  /// A bound that changes may matter or not, as bounds that stay say.
  private mutating func addBounds(among same: [Choice]) {
    let changed = Set((choices.old + choices.new).lazy.flatMap(\.bounds))
    for choice in same where !changed.isDisjoint(with: choice.bounds) {
      choices.old.append(choice)
      choices.new.append(choice)
    }
  }

  // MARK: Comparing

  /// The requests to whose prices something else is done, stage by stage: what happens in one stage
  /// says nothing of another.
  func differing() throws(DifferenceFailure) -> [DifferingRequests] {
    if suspects.isEmpty { return [] }
    let kinds = PriceKinds(costs, named: namedComponents)
    var partition = AnswerPartition(
      pair.space, kinds.sets.list + choices.old.map(\.rules) + choices.new.map(\.rules))
    let pieces = try partition.pieces(of: pair.common, suspects: suspects)
    var found = OrderedGroups<Both<RuleAnswer>>()
    for piece in pieces {
      guard let old = kinds.components(piece.answers[0]),
        let new = kinds.components(piece.answers[1])
      else { continue }
      let applied = piece.answers.dropFirst(2)
      let components = old.union(new)
      let stages = Both(
        try joined(applied.prefix(choices.old.count), choices.old, components),
        try joined(applied.dropFirst(choices.old.count), choices.new, components))
      for (before, after) in zip(stages.old, stages.new) where before != after {
        found.add(piece.box, to: Both(.adjusted(before), .adjusted(after)))
      }
    }
    return found.map { DifferingRequests(answers: $0, boxes: $1, whole: pair.common) }
  }

  private func joined(
    _ applied: ArraySlice<Int?>, _ choices: [Choice], _ components: Set<Adjustment.Component>
  ) throws(DifferenceFailure) -> [[Adjustment]] {
    let adjustments = zip(applied, choices).compactMap { outcome, choice in
      outcome.map { choice.adjustments[$0] }
    }
    do throws(Overflow) {
      return try AdjustmentParts(adjustments, touching: components).stages
    } catch {
      throw .overflow
    }
  }

  /// The components that some adjustment in question names.
  private var namedComponents: Set<Adjustment.Component> {
    var named: Set<Adjustment.Component> = []
    for adjustment in (choices.old + choices.new).lazy.flatMap(\.said) {
      if case .multiplyComponents(_, let components) = adjustment.action {
        named.formUnion(components)
      }
    }
    return named
  }
}

extension AdjustmentComparison.Choice {
  /// What its rules do.
  fileprivate var said: [Adjustment] { rules.rules.map { adjustments[$0.outcome] } }

  /// The kinds of bounds among them: whether a minimum, whether a maximum.
  fileprivate var bounds: Set<Bool> {
    Set(
      said.compactMap { adjustment in
        switch adjustment.action {
        case .minimum: true
        case .maximum: false
        default: nil
        }
      })
  }
}
