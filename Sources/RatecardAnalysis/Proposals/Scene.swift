import RatecardCompiler
import RatecardModel

/// What is asked to see a rule: the question, and everything that has to come together for it.
struct Scene: Sendable {
  let question: CardTest.Question
  /// The rule, and those of other sections that have to win with it.
  let contenders: [Contender]
  /// Where they have to win.
  var within = Box.everything
  /// What has to be avoided besides.
  var outside: [Box] = []
  /// The axes that the rules' conditions look at: a request carries a value there if it may.
  let axes: Set<Int>
  /// The rates whose quantities a request should carry, so that its price shows something.
  var rates: [Rate] = []
  /// Whether the cost alone has to be told a tier, whatever the rule asks of it.
  var needsTier = false
  /// What a usual request carries besides, where the rules leave it free.
  var filler = Box.everything

  /// A part of a box in which all of it comes together, if it can be of requests that say little
  /// besides; nil: there is none.
  func room(in space: Space, within box: Box = .everything) throws(RoomSearch.GaveUp) -> Box? {
    guard let within = within.intersection(box) else { return nil }
    let silence = silence(in: space, besides: within)
    // Nothing besides, or one thing, or whatever it takes.
    for spoken in [nil] + silence.sides.map(\.axis) {
      let silence = spoken.map(silence.without) ?? silence
      guard let silent = within.intersection(silence) else { continue }
      let room = try space.room(of: contenders, within: silent, outside: outside)
      if let room { return room }
    }
    return try space.room(of: contenders, within: within, outside: outside)
  }

  /// The requests that leave out what neither the rules nor a box look at, as far as what depends on
  /// each other allows it.
  private func silence(in space: Space, besides box: Box) -> Box {
    let money: Set<AttributeID> = [.plan, .balance, .granted, .balancePercent]
    let rated = rates.compactMap { space.axis(of: $0.attribute, in: .afterRouting) }
    let looked = axes.union(box.sides.map(\.axis)).union(filler.sides.map(\.axis)).union(rated)
    let looksAtMoney = looked.contains { money.contains(space.axes[$0].attribute) }
    let looksAtParts = !looked.isDisjoint(with: space.partSums.axes)
    var silence = Box.everything
    for (index, axis) in space.axes.enumerated() where !looked.contains(index) {
      switch axis.attribute {
      case .at, .tier, .requestedModel, .granted, .balancePercent: continue
      case let attribute where money.contains(attribute) && looksAtMoney: continue
      default: break
      }
      if looksAtParts, space.partSums.axes.contains(index) { continue }
      if axis.hasAbsent {
        silence.restrict(index, to: axis.absent)
      } else if let value = space.card[axis.attribute].defaultValue,
        let atom = space.atom(of: value, on: index)
      {
        silence.restrict(index, to: AtomSet(atom: atom))
      }
    }
    return silence
  }

  /// A box with what a usual request carries besides.
  func filled(_ box: Box) -> Box {
    var result = box
    for side in filler.sides where box[side.axis] == nil {
      result.restrict(side.axis, to: side.atoms)
    }
    return result
  }
}

extension Space {
  /// The axes that a scope's conditions look at, but time's.
  func axes(of scope: RuleScope, in section: Section) -> Set<Int> {
    var result: Set<Int> = []
    for condition in scope.alternatives.joined() where condition.matcher != .any {
      guard let axis = axis(of: condition.attribute, in: section) else { continue }
      if axes[axis].attribute != .at { result.insert(axis) }
    }
    return result
  }
}
