import RatecardCompiler

/// Finds requests that a rule of a set decides: it holds for them, nothing else that holds beats
/// it, and no refusal is left beside it.
///
/// Where several rules with equal outcomes are left, each of them counts as deciding.
struct WinSearch {
  let set: RuleSet
  private var search: RoomSearch

  /// A search whose questions together take their steps from a budget; nil: from one of their own.
  init(_ space: Space, _ set: RuleSet, _ budget: ProofBudget? = nil) {
    self.set = set
    search = RoomSearch(space, budget ?? ProofBudget(rules: space.ruleCount))
  }

  /// A part of `box`, outside `others`, all of which a rule decides; nil: it decides no request
  /// there.
  mutating func room(
    wonBy rule: Int, within box: Box = .everything, outside others: [Box] = []
  ) throws(RoomSearch.GaveUp) -> Box? {
    for own in set.rules[rule].holds {
      guard let common = own.intersection(box) else { continue }
      let found = try search.room(
        in: common, outside: others + beaters(of: rule, in: common),
        notRefusedBy: set.refusals(beside: rule, in: common))
      if let found { return found }
    }
    return nil
  }

  /// The boxes of what beats a rule, as far as they meet a box.
  private func beaters(of rule: Int, in box: Box) -> [Box] {
    let beaters = set.beaters[rule]
    if beaters.count < 32 {
      return beaters.flatMap { set.rules[$0].holds.filter { $0.intersects(box) } }
    }
    return set.boxes.meeting(box).filter { beaters.binarySearchFinds(set.boxes.rules[$0]) }
      .map { set.boxes.boxes[$0] }
  }

  /// A part of `box` outside `others`, whatever decides there; nil: there is none.
  mutating func room(
    inAll box: Box, outside others: [Box]
  ) throws(RoomSearch.GaveUp) -> Box? {
    try search.room(in: box, outside: others)
  }

  /// Whether a rule decides some request of a box.
  mutating func wins(_ rule: Int, within box: Box) throws(RoomSearch.GaveUp) -> Bool {
    try room(wonBy: rule, within: box) != nil
  }
}
