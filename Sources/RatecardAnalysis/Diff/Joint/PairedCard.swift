import RatecardCompiler
import RatecardModel
import RatecardValues

/// One of two cards, with what its rules select carried over to the space of both.
struct PairedCard {
  let card: Card
  /// Which rule beats which among the requests of this card alone.
  let sets: RuleSets
  /// For each attribute of the card, its place among those of both.
  let ids: [AttributeID]
  /// The requests to the card, as far as single attributes decide; an axis not named is free.
  let admitted: Box
  let space: Space
  let readings: [AxisReading]
  /// For each own axis, the joint one.
  private let jointAxes: [Int]

  init(
    _ card: Card, _ space: Space, _ sets: RuleSets, _ ids: [AttributeID],
    _ readings: [AxisReading], _ axes: [Axis]
  ) {
    self.card = card
    self.space = space
    self.sets = sets
    self.ids = ids
    self.readings = readings
    var admitted = Box.everything
    var jointAxes = [Int](repeating: 0, count: space.axes.count)
    for (joint, reading) in readings.enumerated() {
      if let axis = reading.axis { jointAxes[axis] = joint }
      if reading.admitted != axes[joint].all { admitted.restrict(joint, to: reading.admitted) }
    }
    self.admitted = admitted
    self.jointAxes = jointAxes
  }

  /// The joint requests that are read as requests of an own box.
  func carried(_ box: Box) -> Box {
    var result = Box.everything
    for side in box.sides {
      let joint = jointAxes[side.axis]
      result.restrict(joint, to: readings[joint].sources(of: side.atoms))
    }
    return result
  }

  /// A rule set over the joint space, with outcomes as the pair numbers them.
  func carried(_ set: RuleSet, outcomes: [Int]) -> RuleSet {
    set.carried(outcomes: outcomes) { rule in rule.holds.map(carried) }
  }

  /// Some adjustments of the card as a set of their own, which is not carried over yet.
  func set(of adjustments: [Rule<Adjustment>]) throws(DifferenceFailure) -> RuleSet {
    do throws(RoomSearch.GaveUp) {
      return try RuleSets.set("adjustments", adjustments, .afterRouting, space) { _ in "" }
    } catch {
      throw .tooManyOverlaps
    }
  }

  /// Whether a model may serve a request that asks for none, as joint atoms of both axes.
  func mayServeUnasked(_ model: Int, on modelAxis: Int, unasked: Int, on askedAxis: Int) -> Bool {
    guard let own = readings[modelAxis].axis, let asked = readings[askedAxis].axis,
      let ownModel = readings[modelAxis].atom(model),
      let ownUnasked = readings[askedAxis].atom(unasked)
    else { return true }
    var box = Box.everything
    box.restrict(own, to: AtomSet(atom: ownModel))
    box.restrict(asked, to: AtomSet(atom: ownUnasked))
    return space.isPossible(box)
  }
}
