/// Looks for a request of which every matching rule is beaten by another matching one.
///
/// Starts from each rule of a circle in turn and adds, one by one, a beater of a rule that holds and
/// is not beaten yet, until all that hold are beaten.
struct CircleSearch {
  private let set: RuleSet
  private let circle: [Int]
  private var search: RoomSearch
  /// The most rules that are followed around a circle.
  private static let longest = 64

  init(_ set: RuleSet, _ circle: [Int], _ search: RoomSearch) {
    self.set = set
    self.circle = circle
    self.search = search
  }

  /// Requests of which every matching rule is beaten, with rules that hold for all of them and
  /// beat each other in a circle; nil: there are none.
  mutating func room() throws(RoomSearch.GaveUp) -> (room: Box, rules: [Int])? {
    for start in circle {
      for box in set.rules[start].holds {
        if let found = try extend(box, [start]) { return found }
      }
    }
    return nil
  }

  private mutating func extend(
    _ box: Box, _ holding: [Int]
  ) throws(RoomSearch.GaveUp) -> (room: Box, rules: [Int])? {
    guard holding.count <= Self.longest else { throw RoomSearch.GaveUp() }
    guard let box = try search.room(in: box, outside: []) else { return nil }
    if let open = holding.first(where: { rule in
      !set.beaters[rule].contains(where: holding.contains)
    }) {
      for beater in set.beaters[open] {
        for side in set.rules[beater].holds {
          guard let common = box.intersection(side) else { continue }
          if let found = try extend(common, holding + [beater]) { return found }
        }
      }
      return nil
    }
    // All that surely hold are beaten; what else may hold must be kept out, or be beaten too.
    let unbeaten = set.rules.indices.filter { rule in
      !holding.contains(rule) && !set.beaters[rule].contains(where: holding.contains)
        && set.rules[rule].holds.contains { $0.intersects(box) }
    }
    let avoided = unbeaten.flatMap { set.rules[$0].holds }
    if let room = try search.room(in: box, outside: avoided) { return (room, holding) }
    for rule in unbeaten {
      for side in set.rules[rule].holds {
        guard let common = box.intersection(side) else { continue }
        if let found = try extend(common, holding + [rule]) { return found }
      }
    }
    return nil
  }
}
