import RatecardCompiler
import RatecardValues

/// Finds where two versions of a rule set may answer differently, without asking any request.
///
/// Rules that select the same requests and say the same in both are the same rule, whatever they are
/// called. Where only such rules hold, and every two of them beat each other alike, the answers are
/// equal; what is left are the suspects.
struct Suspects {
  /// What makes two rules the same.
  struct Key: Hashable {
    private let boxes: [Box]
    private let outcome: Int

    init(_ boxes: [Box], _ outcome: Int) {
      self.boxes = boxes.count > 1 ? boxes.sorted(by: Box.precedes) : boxes
      self.outcome = outcome
    }

    /// The key of a rule as far as both cards admit its requests.
    init(_ rule: RuleSet.Rule, in pair: CardPair) {
      self.init(rule.holds.compactMap { pair.clipped($0, to: pair.common) }, rule.outcome)
    }
  }

  /// The boxes outside of which the answers are equal.
  private(set) var boxes: [Box] = []
  private var known: Set<Box> = []

  private let sets: Both<RuleSet>
  private let holds: Both<[[Box]]>
  /// For each rule of one version, the same rule of the other.
  private var partners: Both<[Int?]>

  /// Compares two versions of a set for the requests that both cards admit.
  init(_ sets: Both<RuleSet>, in pair: CardPair) {
    self.sets = sets
    holds = sets.map { set in
      set.rules.map { rule in rule.holds.compactMap { pair.clipped($0, to: pair.common) } }
    }
    partners = sets.map { set in set.rules.map { _ in nil } }
    match()
    for rule in partners.old.indices where partners.old[rule] == nil {
      for box in holds.old[rule] { add(box) }
    }
    for rule in partners.new.indices where partners.new[rule] == nil {
      for box in holds.new[rule] { add(box) }
    }
    compareBeaters()
    compareRefusals()
  }

  private mutating func match() {
    var unmatched: [Key: [Int]] = [:]
    for rule in sets.new.rules.indices.reversed() {
      unmatched[key(sets.new, holds.new, rule), default: []].append(rule)
    }
    for rule in sets.old.rules.indices {
      guard let partner = unmatched[key(sets.old, holds.old, rule)]?.popLast() else { continue }
      partners.old[rule] = partner
      partners.new[partner] = rule
    }
  }

  private func key(_ set: RuleSet, _ holds: [[Box]], _ rule: Int) -> Key {
    Key(holds[rule], set.rules[rule].outcome)
  }

  private mutating func add(_ box: Box) {
    if known.insert(box).inserted { boxes.append(box) }
  }

  /// Adds where two rules of the new version meet.
  private mutating func add(_ first: Int, _ second: Int) {
    for box in holds.new[first] {
      for other in holds.new[second] { if let common = box.intersection(other) { add(common) } }
    }
  }

  /// Adds where one rule beats another in one version only.
  private mutating func compareBeaters() {
    for (rule, partner) in partners.old.enumerated() {
      guard let partner else { continue }
      let old = sets.old.beaters[rule].compactMap { partners.old[$0] }.sorted()
      let new = sets.new.beaters[partner].filter { partners.new[$0] != nil }
      guard old != new else { continue }
      for beater in Set(old).symmetricDifference(new).sorted() { add(partner, beater) }
    }
  }

  /// Adds where of two refusals another one is reported, as the names say.
  private mutating func compareRefusals() {
    for (first, second) in sets.old.rivals {
      guard sets.old.rules[first].isDenial, sets.old.rules[second].isDenial,
        let newFirst = partners.old[first], let newSecond = partners.old[second],
        precedes(sets.old, first, second) != precedes(sets.new, newFirst, newSecond)
      else { continue }
      add(newFirst, newSecond)
    }
  }

  private func precedes(_ set: RuleSet, _ first: Int, _ second: Int) -> Bool {
    ExactText(set.rules[first].name) < ExactText(set.rules[second].name)
  }
}

extension Box {
  /// An order of boxes: along their first axes, from the first atoms on.
  static func precedes(_ left: Box, _ right: Box) -> Bool {
    for (first, second) in zip(left.sides, right.sides) {
      if first.axis != second.axis { return first.axis < second.axis }
      if first.atoms == second.atoms { continue }
      for (one, other) in zip(first.atoms.ranges, second.atoms.ranges) {
        if one.lowerBound != other.lowerBound { return one.lowerBound < other.lowerBound }
        if one.upperBound != other.upperBound { return one.upperBound < other.upperBound }
      }
      return first.atoms.ranges.count < second.atoms.ranges.count
    }
    return left.sides.count < right.sides.count
  }
}
