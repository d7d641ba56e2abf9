import RatecardCompiler

/// Finds requests that a rule of a set decides: it holds for them, nothing else that holds beats
/// it, and no refusal is left beside it.
///
/// Where several rules with equal outcomes are left, each of them counts as deciding.
struct WinSearch {
  let set: RuleSet
  private var search: RoomSearch
  /// For each rule, the refusals that neither beat it nor are beaten by it.
  private let refusals: [[Int]]

  /// A search whose questions together may take the steps that one `RoomSearch` may.
  init(_ space: Space, _ set: RuleSet) {
    self.set = set
    search = RoomSearch(space)
    var refusals = Array(repeating: [Int](), count: set.rules.count)
    for (first, second) in set.rivals {
      if set.rules[first].isDenial { refusals[second].append(first) }
      if set.rules[second].isDenial { refusals[first].append(second) }
    }
    self.refusals = refusals
  }

  /// A part of `box`, outside `others`, all of which a rule decides; nil: it decides no request
  /// there.
  mutating func room(
    wonBy rule: Int, within box: Box = .everything, outside others: [Box] = []
  ) throws(RoomSearch.GaveUp) -> Box? {
    for own in set.rules[rule].holds {
      guard let common = own.intersection(box) else { continue }
      var avoided = others
      for beater in set.beaters[rule] {
        avoided += set.rules[beater].holds.filter { $0.intersects(common) }
      }
      let found = try search.room(
        in: common, outside: avoided, notRefusedBy: refusals(beside: rule, in: common))
      if let found { return found }
    }
    return nil
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

  private func refusals(beside rule: Int, in box: Box) -> [RoomSearch.Refusal] {
    if set.rules[rule].isDenial { return [] }
    return refusals[rule].compactMap { index in
      let holds = set.rules[index].holds
      guard holds.contains(where: { $0.intersects(box) }) else { return nil }
      return RoomSearch.Refusal(
        holds: holds, beaters: set.beaters[index].map { set.rules[$0].holds })
    }
  }
}
