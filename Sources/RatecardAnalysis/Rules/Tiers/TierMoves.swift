import RatecardCompiler
import RatecardModel
import RatecardValues

/// Where the rules of `tiers` and `events` take customers, from each tier that they may be in.
struct TierMoves {
  /// Requests of customers in one tier that are all given the same tier.
  struct Move {
    /// The requests, whatever tier they come from.
    let box: Box
    /// The rule of `tiers` that wins; nil: none holds.
    let rule: Int?
    /// The tier given; nil: none.
    let tier: ExactText?
  }

  /// What customers may have as `current_tier`; nil: nothing, as new ones.
  let states: [ExactText?]
  /// The moves by the rules of `tiers`, for each state.
  let moves: [[Move]]
  /// The tiers that events may give, with the rules that do, for each state.
  let events: [[(rule: Int, tier: ExactText)]]
  /// Where in `states` a new customer begins.
  let start: Int

  init(_ inspection: Inspection) throws(RoomSearch.GaveUp) {
    let (card, space, sets) = (inspection.card, inspection.space, inspection.sets)
    let possible = PossibleBalances(space)
    let axis = space.axis(of: .currentTier, in: .beforeRouting)
    func pieces(
      _ set: RuleSet, from state: AtomSet?
    ) throws(RoomSearch.GaveUp) -> [(box: Box, winner: Int?)] {
      var partition = Partition(space, set, inspection.budget)
      var box = Box.everything
      if let axis, let state { box.restrict(axis, to: state) }
      var result: [(box: Box, winner: Int?)] = []
      for piece in try partition.pieces(of: box) {
        guard possible.narrowed(piece.box) != nil else { continue }
        result.append((axis.map { piece.box.without($0) } ?? piece.box, piece.winner))
      }
      return result
    }
    var states: [ExactText?] = card.tierNames
    var atoms: [AtomSet?] = card.tierNames.map { _ in nil }
    var start: Int
    if let axis, case .texts(let texts) = space.axes[axis].domain {
      states = texts.literals
      atoms = texts.literals.indices.map { AtomSet(atom: $0) }
      if space.axes[axis].hasAbsent {
        start = states.count
        states.append(nil)
        atoms.append(space.axes[axis].absent)
      } else {
        let usual = card.defaultText(of: .currentTier)
        start = texts.literals.firstIndex { $0 == usual } ?? 0
      }
    } else {
      start = states.count
      states.append(nil)
      atoms.append(nil)
    }
    var moves: [[Move]] = []
    var events: [[(rule: Int, tier: ExactText)]] = []
    for state in atoms {
      // Without a condition on it the state makes no difference.
      if state == nil, let first = moves.first, let firstEvents = events.first {
        moves.append(first)
        events.append(firstEvents)
        continue
      }
      moves.append(
        try pieces(sets.tiers, from: state).map { box, winner in
          Move(box: box, rule: winner, tier: winner.map { card.tiers[$0].outcome })
        })
      var given: Set<Int> = []
      for piece in try pieces(sets.events, from: state) {
        if let winner = piece.winner { given.insert(winner) }
      }
      events.append(
        given.sorted().compactMap { rule in card.events[rule].outcome.tier.map { (rule, $0) } })
    }
    self.states = states
    self.moves = moves
    self.events = events
    self.start = start
  }

  /// The states to which one leads, by a request or an event.
  func next(_ state: Int) -> Set<ExactText?> {
    Set(moves[state].map(\.tier)).union(events[state].map { $0.tier })
  }

  /// The tiers that a customer may come to who begins in none.
  var reached: Set<ExactText> {
    var seen: Set<ExactText?> = [states[start]]
    var stack = [start]
    while let state = stack.popLast() {
      for tier in next(state) where seen.insert(tier).inserted {
        if let place = states.firstIndex(of: tier) { stack.append(place) }
      }
    }
    return Set(seen.compactMap(\.self))
  }
}
