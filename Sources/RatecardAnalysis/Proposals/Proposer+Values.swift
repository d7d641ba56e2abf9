import RatecardCompiler
import RatecardModel
import RatecardValues

/// Proposals for rules themselves and for the values at which something changes.
extension Proposer {
  /// One request for which the rule wins.
  func ownProposal(
    _ subject: Subject, _ scenes: [Scene]
  ) throws(RoomSearch.GaveUp) -> Proposal? {
    var choices: [Proposal.Choice] = []
    for scene in scenes {
      guard let room = try scene.room(in: space), let values = values(in: room, scene) else {
        continue
      }
      choices.append(
        choice(scene, [("", values)], room))
    }
    return proposal(subject, isOfRule: true, choices)
  }

  /// The values around every bound of the rule's conditions.
  mutating func boundProposals(
    _ subject: Subject, _ scenes: [Scene]
  ) throws(RoomSearch.GaveUp) -> [Proposal] {
    var proposals: [Proposal] = []
    for (attribute, bound) in subject.scope.bounds(card) {
      let what = "\(attribute.index) \(bound)"
      guard !isSeen(what, of: subject.entry, in: subject.section) else { continue }
      var choices: [Proposal.Choice] = []
      for scene in scenes {
        if attribute == .balancePercent {
          choices += try percentChoices(scene, at: bound)
        } else {
          choices += try [choice(scene, attribute, bound)].compactMap(\.self)
        }
      }
      guard let proposal = proposal(subject, choices) else { continue }
      see(what, of: subject.entry, in: subject.section)
      proposals.append(proposal)
    }
    return proposals
  }

  /// The quantities around every bound of the rule's rates: those of bands for each cell, the others
  /// once for a table.
  mutating func rateProposals(
    _ subject: Subject, _ scenes: [Scene]
  ) throws(RoomSearch.GaveUp) -> [Proposal] {
    var proposals: [Proposal] = []
    for bound in subject.rates.flatMap(\.bounds) {
      let entry = bound.isOfBand ? subject.name : subject.entry
      let what = "\(bound.attribute.index) \(bound.bound)"
      guard !isSeen(what, of: entry, in: subject.section) else { continue }
      var choices: [Proposal.Choice] = []
      var entered: [Proposal.Choice] = []
      for scene in scenes {
        choices += try [choice(scene, bound.attribute, bound.bound)].compactMap(\.self)
        if let after = bound.after {
          entered += try [choice(scene, bound, enteredAt: after)].compactMap(\.self)
        }
      }
      guard let proposal = proposal(subject, isOfEntry: !bound.isOfBand, choices) else { continue }
      see(what, of: entry, in: subject.section)
      proposals.append(proposal)
      proposals += [self.proposal(subject, isOfEntry: false, entered)].compactMap(\.self)
    }
    return proposals
  }

  /// One unit, where the bands are entered at the end of one of them.
  private func choice(
    _ scene: Scene, _ bound: RateBound, enteredAt after: AttributeID
  ) throws(RoomSearch.GaveUp) -> Proposal.Choice? {
    let given: [AttributeID: Value] = [after: .number(bound.bound), bound.attribute: .number(.one)]
    var box = Box.everything
    for (attribute, value) in given {
      guard let axis = space.axis(of: attribute, in: .afterRouting) else { continue }
      guard let atom = space.atom(of: value, on: axis) else { return nil }
      box.restrict(axis, to: AtomSet(atom: atom))
    }
    guard let room = try scene.room(in: space, within: box),
      let values = values(in: room, scene, given: given)
    else { return nil }
    let title = "\(card[bound.attribute].name) with \(card[after].name) at \(bound.bound.grouped)"
    return choice(scene, [(title, values)], room)
  }

  /// Requests that differ in one value: where the rule wins for one of them, and as it is there.
  private func choice(
    _ scene: Scene, _ id: AttributeID, _ bound: Number
  ) throws(RoomSearch.GaveUp) -> Proposal.Choice? {
    let attribute = card[id]
    let points = space.points(around: bound, of: id)
    let axis = space.axis(of: id, in: .afterRouting)
    // At the bound itself, above, then below it.
    for point in points.dropFirst() + points.prefix(1) {
      var box = Box.everything
      if let axis, let atom = space.atom(of: point.number.value(of: attribute), on: axis) {
        box.restrict(axis, to: AtomSet(atom: atom))
      }
      guard let room = try scene.room(in: space, within: box) else { continue }
      // What is part of a whole has to fit into it at its greatest, too.
      let isPart = axis.map(space.partSums.axes.contains) ?? false
      for settled in isPart ? points.reversed() : [point] {
        let given = [id: settled.number.value(of: attribute)]
        let balances = id == .balance ? points.map(\.number) : []
        guard let base = values(in: room, scene, given: given, otherBalances: balances) else {
          continue
        }
        let words = bound.value(of: attribute).spelling
        let cases = points.map { point in
          (
            title: "\(attribute.name) \(point.place) \(words)",
            values: base.merging([id: point.number.value(of: attribute)]) { $1 }
          )
        }
        return choice(scene, cases, room)
      }
    }
    return nil
  }

  /// Balances around a percentage of what a plan grants, or the request itself.
  private func percentChoices(
    _ scene: Scene, at percent: Number
  ) throws(RoomSearch.GaveUp) -> [Proposal.Choice] {
    let plans = card.plans.filter { $0.credits.map { !$0.isZero } ?? false }
      .sorted { $0.span < $1.span }
    let grants: [(attribute: AttributeID, value: Value, amount: Number)] =
      plans.map { (.plan, .text($0.name), $0.credits ?? .zero) }
      + [100, 10, 1].map { (.granted, .number(Number($0)), Number($0)) }
    var choices: [Proposal.Choice] = []
    for grant in grants where choices.isEmpty {
      guard let balance = percent.multiplied(by: grant.amount)?.multiplied(by: .percent) else {
        continue
      }
      let points = space.points(around: balance, of: .balance)
      for point in points.dropFirst() + points.prefix(1) {
        let given = [grant.attribute: grant.value, .balance: .number(point.number)]
        var box = Box.everything
        for (attribute, value) in given.merging(
          [.granted: .number(grant.amount)], uniquingKeysWith: { $1 })
        {
          guard let axis = space.axis(of: attribute, in: .afterRouting) else { continue }
          box.restrict(
            axis, to: space.atom(of: value, on: axis).map { AtomSet(atom: $0) } ?? .empty)
        }
        guard let axis = space.axis(of: .balancePercent, in: .afterRouting),
          let atom = space.percentAtom(of: point.number, grant.amount)
        else { continue }
        box.restrict(axis, to: AtomSet(atom: atom))
        guard let room = try scene.room(in: space, within: box),
          let base = values(in: room, scene, given: given)
        else { continue }
        let cases = points.map { point in
          (
            title: "balance_percent \(point.place) \(percent.grouped)",
            values: base.merging([.balance: .number(point.number)]) { $1 }
          )
        }
        choices.append(choice(scene, cases, room))
        break
      }
    }
    return choices
  }
}

extension Proposer {
  /// The plainest values of a room, but `at`.
  func values(
    in room: Box, _ scene: Scene, given: [AttributeID: Value] = [:], otherBalances: [Number] = []
  ) -> [AttributeID: Value]? {
    var given = given
    var quantities: [AttributeID: Number] = [:]
    // What is looked at closely speaks for itself.
    let isClose = scene.rates.contains { given[$0.attribute] != nil }
    for rate in scene.rates {
      if !isClose {
        quantities[rate.attribute] = rate.plainQuantity(
          isInteger: card[rate.attribute].kind == .count, decimals: card.credit.decimals)
      }
      guard case .graduated(_, let after?) = rate.schedule, card[after].defaultValue == nil,
        given[after] == nil
      else { continue }
      if let axis = space.axis(of: after, in: .afterRouting), let atoms = room[axis],
        !atoms.contains(0)
      {
        continue
      }
      given[after] = .number(.zero)
    }
    return PlainRequest(
      in: room, of: scene, given: given, quantities: quantities, otherBalances: otherBalances,
      space: space
    ).values()
  }

  /// Requests as a choice, with the instant at which to ask if that matters.
  func choice(
    _ scene: Scene, _ cases: [(title: String, values: [AttributeID: Value])], _ room: Box
  ) -> Proposal.Choice {
    let at = time.flatMap { time in
      time.instant(in: room[time.axis] ?? space.axes[time.axis].all)
    }
    return Proposal.Choice(
      question: scene.question,
      cases: cases.map { item in
        Proposal.Case(
          title: item.title, pairs: PlainRequest.pairs(item.values, card),
          at: item.values[.at] == nil ? at : nil)
      })
  }

  /// A proposal, unless there is no way to ask.
  func proposal(
    _ subject: Subject, isOfRule: Bool = false, isOfEntry: Bool = true,
    _ choices: [Proposal.Choice]
  ) -> Proposal? {
    guard !choices.isEmpty else { return nil }
    return Proposal(
      section: subject.section, rule: subject.name,
      subject: (isOfEntry && !isOfRule ? subject.entry : subject.name).string, isOfRule: isOfRule,
      isOfCell: subject.table != nil, choices: choices)
  }
}
