import RatecardCompiler
import RatecardModel

/// How a rule of each section is seen.
extension Proposer {
  /// A cost is asked alone; in a decision only what the cost alone cannot be told.
  func scenes(ofCost subject: Subject) -> [Scene] {
    let axes = space.axes(of: subject.scope, in: .afterRouting)
    return [CardTest.Question.price, .decision].map { question in
      Scene(
        question: question, contenders: [subject.contender], axes: axes, rates: subject.rates,
        needsTier: costsNeedTier)
    }
  }

  /// An adjustment is seen in the price of a rule that it touches: the first few that it meets.
  func scenes(ofAdjustment subject: Subject) throws(RoomSearch.GaveUp) -> [Scene] {
    let axes = space.axes(of: subject.scope, in: .afterRouting)
    var scenes: [Scene] = []
    for cost in usual where cost.isAdjustable {
      let rated = Set(cost.rates.map(\.attribute))
      let scene = Scene(
        question: .price, contenders: [subject.contender, cost.contender],
        axes: axes.union(space.axes(of: cost.scope, in: .afterRouting)),
        rates: cost.rates + subject.rates.filter { !rated.contains($0.attribute) },
        needsTier: costsNeedTier)
      if try scene.room(in: space) != nil { scenes.append(scene) }
      if scenes.count == 3 { break }
    }
    return scenes
  }

  /// A tier is seen in a decision, with what a usual request carries.
  func scenes(ofTier subject: Subject) -> [Scene] {
    filled(
      Scene(
        question: .decision, contenders: [subject.contender],
        axes: space.axes(of: subject.scope, in: .beforeRouting)))
  }

  /// A route is seen in a decision of a tier that it takes, which a rule of `tiers` has to choose.
  func scenes(
    ofRoute subject: Subject, _ tiers: [Subject]
  ) throws(RoomSearch.GaveUp) -> [Scene] {
    var axes = space.axes(of: subject.scope, in: .beforeRouting)
    guard let tierAxis = space.axis(of: .tier, in: .beforeRouting) else {
      return filled(
        Scene(question: .decision, contenders: [subject.contender], axes: axes))
    }
    axes.remove(tierAxis)
    var scenes: [Scene] = []
    func add(_ contenders: [Contender], _ tier: AtomSet, outside: [Box]) throws(RoomSearch.GaveUp) {
      guard scenes.count < 3 else { return }
      let scene = Scene(
        question: .decision, contenders: [subject.contender] + contenders,
        within: Box.everything.replacing(tierAxis, by: tier), outside: outside, axes: axes)
      if try scene.room(in: space) != nil { scenes.append(scene) }
    }
    for rule in tiers {
      guard let tier = rule.tier, let atom = space.atom(of: .text(tier), on: tierAxis) else {
        continue
      }
      try add([rule.contender], AtomSet(atom: atom), outside: [])
    }
    try add([], space.axes[tierAxis].absent, outside: tiers.flatMap(\.contender.holds))
    return scenes.flatMap(filled)
  }

  /// An event is seen by itself.
  func scenes(ofEvent subject: Subject) -> [Scene] {
    [
      Scene(
        question: .event, contenders: [subject.contender],
        axes: space.axes(of: subject.scope, in: .beforeRouting))
    ]
  }

  /// A scene with what each of a few usual requests carries, and one without.
  private func filled(_ scene: Scene) -> [Scene] {
    fillers.map { filler in
      var filled = scene
      filled.filler = filler.box
      filled.rates = filler.rates
      return filled
    } + [scene]
  }
}
