import Ratecard
import RatecardCompiler
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// A difference holds the requests that two cards answer differently, and no others.
@Suite struct DifferenceTests {
  /// The most points of a pair that is looked at.
  private static let pointLimit = 4_000

  /// Every combination of values, in every section: by the definition of which rule wins, among each
  /// card's own requests.
  @Test(arguments: 0..<80)
  func regionsHoldJustWhatDiffers(_ seed: Int) throws {
    guard let cards = RelatedCards(seed: UInt64(seed)) else { return }
    let pair = try CardPair(Both(cards.old.model, cards.new.model))
    guard let points = Self.points(of: pair.space) else { return }
    for section in [
      PairedSection.tiers(pair), .routes(pair), .costs(pair), .events(pair),
    ] {
      let differing = try SectionComparison(section, of: pair).differing()
      for point in points {
        guard let answers = Self.answers(section, to: point, pair) else { continue }
        let found = differing.filter { $0.boxes.contains { point.isInside($0, in: pair.space) } }
        guard answers.old != answers.new else {
          #expect(found.isEmpty, "\(section.section) at \(point)\n\(cards.texts)")
          continue
        }
        // What only one card admits may be said to be like several values.
        let isExclusive = answers.list.contains(.notAdmitted)
        #expect(
          isExclusive ? !found.isEmpty : found.count == 1,
          "\(section.section) at \(point) in \(found.count)\n\(cards.texts)")
        for region in found {
          let said = region.answers
          #expect(Self.resolved(said.old, section, point, pair, isOld: true) == answers.old)
          #expect(Self.resolved(said.new, section, point, pair, isOld: false) == answers.new)
        }
      }
    }
  }

  /// The same for adjustments, whose answer is what all of them together do to the price.
  @Test(arguments: 0..<80)
  func adjustmentsDifferJustWhereTheyAreSaidTo(_ seed: Int) throws {
    guard let cards = RelatedCards(seed: UInt64(seed)) else { return }
    let pair = try CardPair(Both(cards.old.model, cards.new.model))
    guard let points = Self.points(of: pair.space) else { return }
    let costs = PairedSection.costs(pair)
    let differing = try AdjustmentComparison(pair, costs: costs).differing()
    for point in points where point.isInside(pair.common, in: pair.space) {
      guard let answers = Self.answers(costs, to: point, pair),
        case .price(let old) = answers.old, case .price(let new) = answers.new,
        old.price.isAdjustable, new.price.isAdjustable
      else { continue }
      let components = Self.components(of: old).union(Self.components(of: new))
      let applied = Both(
        try Self.applied(to: point, pair.sides.old, pair, components),
        try Self.applied(to: point, pair.sides.new, pair, components))
      let found = differing.filter { $0.boxes.contains { point.isInside($0, in: pair.space) } }
      let isChanged = zip(applied.old, applied.new).map { $0 != $1 }
      #expect(found.count == isChanged.count { $0 }, "at \(point)\n\(cards.texts)")
    }
  }

  /// Requests as callers make them, by the compiled cards themselves.
  @Test(arguments: 0..<80)
  func requestsAreAnsweredAsTheRegionsSay(_ seed: Int) throws {
    guard let cards = RelatedCards(seed: UInt64(seed)) else { return }
    let pair = try CardPair(Both(cards.old.model, cards.new.model))
    guard let points = Self.points(of: pair.space) else { return }
    var random = SplitMix(seed: UInt64(seed))
    let section = PairedSection.costs(pair)
    let names = Both(
      Self.answersByName(cards.old.model, pair.sides.old),
      Self.answersByName(cards.new.model, pair.sides.new))
    for point in points.shuffled(using: &random).prefix(60) {
      guard let answers = Self.answers(section, to: point, pair) else { continue }
      let witness = Witness(in: point, axes: pair.space.axes.indices, of: pair.space)
      guard witness.text.hasSuffix(" no model asked for") == false else { continue }
      let request = Dictionary(
        witness.pairs.map { ($0.name, RequestValue.text($0.value)) }, uniquingKeysWith: { $1 })
      for (card, own, answer) in [
        (cards.old, names.old, answers.old), (cards.new, names.new, answers.new),
      ] {
        let known = request.filter { card.model.attribute(named: $0.key) != nil }
        let seen: RuleAnswer
        do throws(RequestError) {
          let rule = try card.price(known).rule
          seen = own[rule] ?? .unpriced
        } catch {
          // A band that ends, or `after`, fails after the rule has won.
          guard error.code == .unpriced || error.code == .overflow else {
            // Costs that need a tier refuse to be asked without one, whatever rules there are.
            let name = error.attribute ?? ""
            #expect(
              name == "tier" || answer == .notAdmitted || !Self.looks(section, at: name, pair),
              "\(witness.text): \(error.message)\n\(cards.texts)")
            continue
          }
          if case .price = answer { continue }
          seen = .unpriced
        }
        #expect(seen == answer, "\(witness.text)\n\(cards.texts)")
      }
    }
  }

  /// The requests that are shown for a region are answered as it says.
  @Test(arguments: 0..<80)
  func examplesAreAnsweredAsIsSaid(_ seed: Int) throws {
    guard let cards = RelatedCards(seed: UInt64(seed)) else { return }
    let pair = try CardPair(Both(cards.old.model, cards.new.model))
    // What is asked for and what serves cannot both be said of a price.
    guard !pair.space.axes.contains(where: { $0.attribute == .requestedModel }) else { return }
    let names = Both(
      Self.answersByName(cards.old.model, pair.sides.old),
      Self.answersByName(cards.new.model, pair.sides.new))
    for change in try cards.new.difference(from: cards.old).regions where change.section == .costs {
      for example in change.requests.map(\.example) {
        let shown = Dictionary(
          example.map { ($0.name, RequestValue.text($0.value)) }, uniquingKeysWith: { $1 })
        for (card, own, said) in [
          (cards.old, names.old, change.before), (cards.new, names.new, change.after),
        ] {
          let request = shown.filter { card.model.attribute(named: $0.key) != nil }
          if case .asFor = said { continue }
          var seen = RuleAnswer.unpriced
          do throws(RequestError) {
            seen = own[try card.price(request).rule] ?? .unpriced
          } catch {
            // Costs that look at the tier cannot be asked for a request without one.
            if error.attribute == "tier", shown["tier"] == nil { continue }
            if error.code == .invalidRequest { seen = .notAdmitted }
            if error.code == .unpriced, case .price = said { seen = said }
          }
          #expect(seen == said, "\(example) \(cards.texts)")
        }
      }
    }
  }

  @Test(arguments: 0..<40)
  func nothingDiffersFromItself(_ seed: Int) throws {
    guard let cards = RelatedCards(seed: UInt64(seed)) else { return }
    #expect(try cards.old.difference(from: cards.old).isEmpty, "\(cards.texts.old)")
    #expect(try cards.new.difference(from: cards.new).isEmpty, "\(cards.texts.new)")
  }

  /// What is said of the other way round is the same, with before and after exchanged.
  @Test(arguments: 0..<40)
  func differencesGoBothWays(_ seed: Int) throws {
    guard let cards = RelatedCards(seed: UInt64(seed)) else { return }
    let there = try cards.new.difference(from: cards.old)
    let back = try cards.old.difference(from: cards.new)
    #expect(there.isEmpty == back.isEmpty)
    #expect(there.trend.contains(.rises) == back.trend.contains(.falls), "\(cards.texts)")
    #expect(there.trend.contains(.falls) == back.trend.contains(.rises), "\(cards.texts)")
    for section in CardDifference.Section.allCases {
      let changes = [there, back].map { $0.regions.filter { $0.section == section } }
      #expect(
        Set(changes[0].map { Both($0.before, $0.after) })
          == Set(changes[1].map { Both($0.after, $0.before) }), "\(cards.texts)")
    }
  }

  /// The random cards differ in every section, in the requests that they let in too, and most are
  /// small enough to be looked at point by point.
  @Test func randomCardsAreWorthLookingAt() throws {
    var pairs = 0
    var small = 0
    var exclusive = 0
    var sections: [CardDifference.Section: Int] = [:]
    for seed in 0..<80 {
      guard let cards = RelatedCards(seed: UInt64(seed)) else { continue }
      pairs += 1
      let pair = try CardPair(Both(cards.old.model, cards.new.model))
      if Self.points(of: pair.space) != nil { small += 1 }
      let difference = try cards.new.difference(from: cards.old)
      for section in Set(difference.regions.map(\.section)) { sections[section, default: 0] += 1 }
      let answers = difference.regions.flatMap { [$0.before, $0.after] }
      if answers.contains(.notAdmitted) { exclusive += 1 }
    }
    #expect(pairs > 70)
    #expect(small > 50)
    #expect(exclusive >= 3)
    #expect(sections[.costs, default: 0] > 20)
    #expect(sections[.adjustments, default: 0] >= 5)
    #expect(sections[.routes, default: 0] >= 5)
    #expect(sections[.events, default: 0] >= 3)
    #expect(sections[.tiers, default: 0] >= 1)
  }

  // MARK: By the definition

  /// Every combination of atoms that some request has; nil: too many.
  static func points(of space: Space) -> [Box]? {
    let count = space.axes.reduce(1) { min($0 * $1.count, pointLimit + 1) }
    return count > pointLimit ? nil : PartitionTests.points(of: space)
  }

  /// What each card says to a point; nil: some card's rules need not have an answer.
  static func answers(
    _ section: PairedSection, to point: Box, _ pair: CardPair
  ) -> Both<RuleAnswer>? {
    guard let old = answer(section, to: point, pair, isOld: true),
      let new = answer(section, to: point, pair, isOld: false),
      old != .notAdmitted || new != .notAdmitted
    else { return nil }
    return Both(old, new)
  }

  private static func answer(
    _ section: PairedSection, to point: Box, _ pair: CardPair, isOld: Bool
  ) -> RuleAnswer? {
    let card = isOld ? pair.sides.old : pair.sides.new
    let outcomes = isOld ? section.sets.old : section.sets.new
    var own = Box.everything
    for axis in pair.space.axes.indices {
      guard let atom = point[axis]?.single else { return nil }
      guard let read = card.readings[axis].atom(atom) else {
        if section.looks(at: axis) { return .notAdmitted }
        continue
      }
      if let place = card.readings[axis].axis { own.restrict(place, to: AtomSet(atom: read)) }
    }
    guard card.space.isPossible(own) else { return nil }
    let set: RuleSet =
      switch section.section {
      case .tiers: card.sets.tiers
      case .routes: card.sets.routes
      case .events: card.sets.events
      default: card.sets.costs
      }
    let winner = PartitionTests.winner(for: own, set, card.space)
    return section.answer(winner.map { outcomes.rules[$0].outcome })
  }

  /// An answer that says to what requests are alike, looked up there.
  private static func resolved(
    _ answer: RuleAnswer, _ section: PairedSection, _ point: Box, _ pair: CardPair, isOld: Bool
  ) -> RuleAnswer? {
    guard case .asFor(let attribute, let value) = answer,
      let axis = pair.space.axis(of: attribute, in: .afterRouting),
      case .texts(let texts) = pair.space.axes[axis].domain
    else { return answer }
    let atom = value.map { texts.atom(ofAny: ExactText($0)) } ?? pair.space.axes[axis].absent.first
    guard let atom else { return nil }
    return self.answer(
      section, to: point.replacing(axis, by: AtomSet(atom: atom)), pair, isOld: isOld)
  }

  private static func components(of meaning: PriceMeaning) -> Set<Adjustment.Component> {
    Set(meaning.price.rates.map { .attribute($0.attribute) })
      .union(meaning.price.credits == nil ? [] : [.credits])
  }

  /// What the adjustments of a card that hold at a point come to together, stage by stage.
  private static func applied(
    to point: Box, _ card: PairedCard, _ pair: CardPair,
    _ components: Set<Adjustment.Component>
  ) throws -> [[Adjustment]] {
    let meaning = Meaning(card)
    var applied = card.card.adjustments.filter { rule in
      rule.outcome.group == nil
        && card.space.boxes(rule.scope, in: .afterRouting, .holding)
          .contains { point.isInside(card.carried($0), in: pair.space) }
    }
    for group in card.sets.groups {
      let rules = card.carried(group.rules, outcomes: Array(group.members.indices))
      if let winner = PartitionTests.winner(for: point, rules, pair.space) {
        applied.append(card.card.adjustments[group.members[winner]])
      }
    }
    return try AdjustmentParts(
      applied.map { meaning.adjustment($0.outcome) }, touching: components
    ).stages
  }

  /// Whether a rule of a section looks at an attribute.
  private static func looks(
    _ section: PairedSection, at name: String, _ pair: CardPair
  ) -> Bool {
    pair.space.axes.indices.contains { axis in
      pair.card[pair.space.axes[axis].attribute].name == name && section.looks(at: axis)
    }
  }

  private static func answersByName(_ card: Card, _ side: PairedCard) -> [String: RuleAnswer] {
    let meaning = Meaning(side)
    return Dictionary(
      uniqueKeysWithValues: card.costs.map { ($0.name, meaning.answer($0.outcome)) })
  }
}
