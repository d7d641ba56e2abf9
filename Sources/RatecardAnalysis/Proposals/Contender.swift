import RatecardCompiler
import RatecardValues

/// A rule of a set as far as it takes to find a request that is answered in its name.
struct Contender: Sendable {
  private let rule: Int
  private let set: RuleSet?
  private let rivals: [Int]
  let holds: [Box]

  /// A rule that beats, loses and refuses within a set; `rivals` are those that it neither beats
  /// nor loses to.
  init(_ rule: Int, of set: RuleSet, rivals: [Int]) {
    self.rule = rule
    self.set = set
    self.rivals = rivals
    holds = set.rules[rule].holds
  }

  /// A rule that applies wherever it holds: an adjustment without a group.
  init(alone holds: [Box]) {
    rule = 0
    set = nil
    rivals = []
    self.holds = holds
  }

  /// The boxes of what beats it that meet a box.
  func avoided(in box: Box) -> [Box] {
    guard let set else { return [] }
    return set.beaters[rule].lazy.flatMap { set.rules[$0].holds }.filter { $0.intersects(box) }
  }

  /// The rules that are named instead where they are left beside it: refusals, and those that say
  /// the same under a lesser name.
  func refusals(in box: Box) -> [RoomSearch.Refusal] {
    guard let set else { return [] }
    let own = set.rules[rule]
    return rivals.filter { index in
      let rival = set.rules[index]
      guard rival.holds.contains(where: { $0.intersects(box) }) else { return false }
      if rival.isDenial != own.isDenial { return rival.isDenial }
      return (own.isDenial || rival.outcome == own.outcome)
        && ExactText(rival.name) < ExactText(own.name)
    }
    .map { index in
      RoomSearch.Refusal(
        holds: set.rules[index].holds, beaters: set.beaters[index].map { set.rules[$0].holds })
    }
  }
}

extension RuleSet {
  /// For each rule those that it meets and neither beats nor loses to.
  var rivalsOfRule: [[Int]] {
    var result: [[Int]] = Array(repeating: [], count: rules.count)
    for (first, second) in rivals {
      result[first].append(second)
      result[second].append(first)
    }
    return result
  }
}

extension Space {
  /// A part of a box in which one rule of each of several sets is named; nil: there is none.
  ///
  /// Exact, within a budget. What is in `outside` is avoided too.
  func room(
    of contenders: [Contender], within: Box, outside: [Box] = []
  ) throws(RoomSearch.GaveUp) -> Box? {
    var commons = [within]
    for contender in contenders {
      commons = commons.flatMap { box in contender.holds.compactMap { box.intersection($0) } }
    }
    for common in commons {
      var search = RoomSearch(self, steps: 200_000)
      let room = try search.room(
        in: common, outside: outside + contenders.flatMap { $0.avoided(in: common) },
        notRefusedBy: contenders.flatMap { $0.refusals(in: common) })
      if let room { return room }
    }
    return nil
  }
}
