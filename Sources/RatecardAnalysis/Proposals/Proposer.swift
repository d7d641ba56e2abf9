import RatecardCompiler
package import RatecardModel
package import RatecardValues

/// Finds out, by reasoning about all requests of a card, which ones its tests should make.
package struct Proposer {
  /// What is proposed: by section, and within it by the places of the rules.
  package private(set) var proposals: [Proposal] = []
  /// Rules for which no request was found because that took too long.
  package private(set) var givenUp: [String] = []
  /// An instant of every stretch of time that the card tells apart; empty: it tells none.
  package let instants: [Instant]

  let card: Card
  let space: Space
  let sets: RuleSets
  let time: PlainTime?
  /// Bounds that all cells of a table share, and windows: each is looked at once.
  private var seen: Set<SeenBound> = []
  /// The rules that begin where they replace others.
  let replacements: Set<Replacement>
  /// Whether the cost alone has to be told a tier.
  let costsNeedTier: Bool
  /// The cost rules that have a price, those first that are not free.
  let usual: [Subject]
  /// What the first few of them look at.
  private(set) var fillers: [Filler] = []

  /// What a usual request carries to have a price.
  struct Filler {
    let box: Box
    let rates: [Rate]
  }

  private struct SeenBound: Hashable {
    let section: String
    let entry: ExactText
    let what: String
  }

  /// Looks at every rule of a card that compiled.
  ///
  /// Throws what compiling would throw.
  package init(_ card: Card) throws {
    self.card = card
    space = try Space(card)
    sets = try RuleSets(card, in: space)
    time = PlainTime(space)
    instants = time.map { $0.times.atoms.map(\.example) } ?? []
    replacements = Replacement.all(of: card)
    let scopes = card.costs.map(\.scope) + card.adjustments.map(\.scope)
    costsNeedTier = scopes.contains { $0.alternatives.joined().contains { $0.attribute == .tier } }
    let costs = Subject.all(card.costs, sets.costs, price: \.price)
    usual = costs.filter { $0.charges == true } + costs.filter { $0.charges == false }
    fillers = usual.prefix(6).compactMap { filler(of: $0) }
    for subject in costs { propose(subject) { $0.scenes(ofCost: subject) } }
    let adjustments = Subject.adjustments(card, sets, in: space)
    for subject in adjustments {
      propose(subject) { (self) throws(RoomSearch.GaveUp) in
        try self.scenes(ofAdjustment: subject)
      }
    }
    let tiers = Subject.all(card.tiers, sets.tiers, tier: \.self)
    for subject in tiers { propose(subject) { $0.scenes(ofTier: subject) } }
    for subject in Subject.all(card.routes, sets.routes) {
      propose(subject) { (self) throws(RoomSearch.GaveUp) in
        try self.scenes(ofRoute: subject, tiers)
      }
    }
    for subject in Subject.all(card.events, sets.events) {
      propose(subject) { $0.scenes(ofEvent: subject) }
    }
  }

  /// Whether there is a proposal for a bound of an entry already.
  func isSeen(_ what: String, of entry: ExactText, in section: String) -> Bool {
    seen.contains(SeenBound(section: section, entry: entry, what: what))
  }

  /// Remembers that there is a proposal for a bound of an entry.
  mutating func see(_ what: String, of entry: ExactText, in section: String) {
    seen.insert(SeenBound(section: section, entry: entry, what: what))
  }

  private mutating func propose(
    _ subject: Subject, scenes: (Proposer) throws(RoomSearch.GaveUp) -> [Scene]
  ) {
    do throws(RoomSearch.GaveUp) {
      let scenes = try scenes(self)
      guard !scenes.isEmpty else { return }
      proposals += try [ownProposal(subject, scenes)].compactMap(\.self)
      proposals += try boundProposals(subject, scenes)
      proposals += try rateProposals(subject, scenes)
      proposals += try windowProposals(subject, scenes)
      proposals += try dateProposals(subject, scenes)
    } catch {
      givenUp.append(subject.name.string)
    }
  }

  /// What a request carries that a cost rule prices; nil where none is found.
  private func filler(of subject: Subject) -> Filler? {
    guard let room = try? space.room(of: [subject.contender], within: .everything) else {
      return nil
    }
    let looked = space.axes(of: subject.scope, in: .afterRouting)
    var box = Box.everything
    for side in room.sides where looked.contains(side.axis) && !isDecided(side.axis) {
      box.restrict(side.axis, to: side.atoms)
    }
    return Filler(box: box, rates: subject.rates)
  }

  /// Whether a decision finds the value rather than being told it.
  private func isDecided(_ axis: Int) -> Bool {
    [.tier, .requestedModel, .balancePercent].contains(space.axes[axis].attribute)
  }
}
