import RatecardCompiler
import RatecardModel
import RatecardValues

/// Two cards over one space of requests: those that at least one of them admits, cut wherever a
/// condition of one of them begins or ends.
///
/// Requests are compared as they are carried: each card applies its own defaults and aliases. Which
/// rule beats which is a card's own affair, decided among its own requests.
struct CardPair {
  /// The attributes and windows of both cards; the rest is the new card's.
  let card: Card
  let space: Space
  let sides: Both<PairedCard>
  /// The requests that both admit, as far as single attributes decide.
  let common: Box
  let attributes: JointAttributes

  init(_ cards: Both<Card>) throws(DifferenceFailure) {
    let spaces = try cards.map { (card) throws(DifferenceFailure) in try Self.space(of: card) }
    let sets = Both(
      try Self.sets(of: cards.old, spaces.old), try Self.sets(of: cards.new, spaces.new))
    attributes = JointAttributes(cards)
    let joint = try JointAxes(spaces, attributes)
    var card = cards.new
    card.attributes = attributes.all
    card.windows = joint.windows
    self.card = card
    let sides = Both(
      PairedCard(
        cards.old, spaces.old, sets.old, attributes.ids.old, joint.readings.old, joint.axes),
      PairedCard(
        cards.new, spaces.new, sets.new, attributes.ids.new, joint.readings.new, joint.axes))
    self.sides = sides
    guard let common = sides.old.admitted.intersection(sides.new.admitted) else {
      preconditionFailure("both cards admit a request that carries nothing")
    }
    self.common = common
    space = Space(card, axes: joint.axes, unasked: Self.unasked(joint.axes, sides))
  }

  /// The models that may serve a request that asks for none, as both cards see it; nil: all.
  private static func unasked(_ axes: [Axis], _ sides: Both<PairedCard>) -> AtomSet? {
    guard let model = axes.firstIndex(where: { $0.attribute == .model }),
      let asked = axes.firstIndex(where: { $0.attribute == .requestedModel }),
      let absent = axes[asked].absent.first
    else { return nil }
    let unasked = AtomSet(
      ascending: (0..<axes[model].count).filter { atom in
        sides.list.allSatisfy {
          $0.mayServeUnasked(atom, on: model, unasked: absent, on: asked)
        }
      })
    return unasked == axes[model].all ? nil : unasked
  }

  private static func space(of card: Card) throws(DifferenceFailure) -> Space {
    do throws(GlobCombinations.TooMany) { return try Space(card) } catch { throw .tooManyGlobs }
  }

  private static func sets(
    of card: Card, _ space: Space
  ) throws(DifferenceFailure) -> RuleSets {
    do throws(RoomSearch.GaveUp) { return try RuleSets(card, in: space) } catch {
      throw .tooManyOverlaps
    }
  }

  /// What an axis holds of a box: all of it where the box is free.
  func side(_ axis: Int, of box: Box) -> AtomSet { box[axis] ?? space.axes[axis].all }

  /// A box without what lies outside another; nil: nothing lies inside.
  ///
  /// Sides that say no more than `whole` are left out, so that equal boxes are the same.
  func clipped(_ box: Box, to whole: Box) -> Box? {
    var result = Box.everything
    for own in box.sides {
      let all = side(own.axis, of: whole)
      let atoms = own.atoms.intersection(all)
      if atoms.isEmpty { return nil }
      if atoms != all { result.restrict(own.axis, to: atoms) }
    }
    return result
  }
}
