import RatecardValues

/// How rows that were read are answered, each odd one left open.
extension Flat<RowFrame> {
  typealias Answers = UnsafeMutablePointer<Evaluator.Verdict>

  /// The answer to one row, which may be left open.
  @inline(__always)
  func answerOne(
    _ integers: UnsafePointer<Int>, _ odd: UInt64, _ request: inout Request
  ) -> Evaluator.Verdict {
    var odd = odd
    if !base.pointee.isPlain { odd |= workOut(1, integers, odd, &request) }
    let atoms = base.pointee.atoms
    var verdict = Evaluator.Verdict(tierRule: -1, routeRule: -1)
    if base.pointee.isDecision {
      verdict = route(atoms)
      if verdict.costRule < 0 { return odd == 0 ? verdict : .open }
    } else if base.pointee.copiesModel {
      copyModel(atoms)
    }
    verdict.costRule = base.pointee.kernel.costs.winner(atoms)
    if !price(atoms, integers, &verdict) { odd = 1 }
    return odd == 0 ? verdict : .open
  }

  /// Answers a block of rows; the bits of those that are left open.
  @inline(__always)
  func answerAll(
    _ count: Int, _ integers: UnsafePointer<Int>, _ odd: UInt64, _ request: inout Request,
    _ answers: Answers
  ) -> UInt64 {
    var odd = odd
    let (atoms, stride) = (base.pointee.atoms, base.pointee.stride)
    if !base.pointee.isPlain { odd |= workOut(count, integers, odd, &request) }
    for row in 0..<count {
      if base.pointee.isDecision {
        answers[row] = route(atoms + row &* stride)
      } else {
        if base.pointee.copiesModel { copyModel(atoms + row &* stride) }
        answers[row] = Evaluator.Verdict(tierRule: -1, routeRule: -1, costRule: 0)
      }
    }
    base.pointee.kernel.costs.winners(count, atoms, stride) { row, rule in
      if answers[row].costRule >= 0 { answers[row].costRule = rule < 0 ? -2 : rule }
    }
    for row in 0..<count {
      let numbers = integers + row &* base.pointee.integerCount
      // A route that refuses leaves nothing to price.
      if answers[row].costRule == -1 { continue }
      if !price(atoms + row &* stride, numbers, &answers[row]) { odd |= bit(row) }
    }
    var left = odd
    while left != 0 {
      answers[left.trailingZeroBitCount] = .open
      left &= left &- 1
    }
    return odd
  }

  /// The model that is priced is the one asked for.
  @inline(__always)
  private func copyModel(_ atoms: UnsafeMutablePointer<Int32>) {
    // Both axes have the same atoms.
    atoms[base.pointee.places.requestedAxis] = atoms[base.pointee.places.modelAxis]
  }

  /// The tier and the route of a row, which from then on is as costs see it; its cost rule is to be
  /// found where it is 0.
  @inline(__always)
  private func route(_ atoms: UnsafeMutablePointer<Int32>) -> Evaluator.Verdict {
    atoms[base.pointee.places.tierAxis] = base.pointee.blankTier
    if !base.pointee.asksForModel {
      atoms[base.pointee.places.modelAxis] = base.pointee.blankModel
    }
    atoms[base.pointee.places.requestedAxis] = base.pointee.blankRequest
    let tierRule = base.pointee.kernel.tiers.winner(atoms)
    atoms[base.pointee.places.tierAxis] =
      tierRule < 0 ? base.pointee.places.noTier : base.pointee.kernel.tierAtoms[tierRule]
    copyModel(atoms)
    let routeRule = base.pointee.kernel.routes.winner(atoms)
    // What is decided in a circle is found elsewhere.
    if tierRule < -1 || routeRule < -1 { return .open }
    guard routeRule >= 0 else {
      return Evaluator.Verdict(tierRule: tierRule, routeRule: -1, costRule: 0)
    }
    let pick = base.pointee.kernel.picks.base + Int(routeRule)
    if pick.pointee.sideCount == 0 {
      return Evaluator.Verdict(
        tierRule: tierRule, routeRule: routeRule, costRule: pick.pointee.isDenial ? -1 : 0)
    }
    // Which side of a split serves takes its key.
    if pick.pointee.sideCount > 1 { return .open }
    atoms[base.pointee.places.modelAxis] =
      base.pointee.kernel.sides[Int(pick.pointee.firstSide)].atom
    return Evaluator.Verdict(tierRule: tierRule, routeRule: routeRule, costRule: 0, side: 0)
  }

  /// Prices a row by its rule; false: that takes a longer look, or there is no price.
  @inline(__always)
  private func price(
    _ atoms: UnsafeMutablePointer<Int32>, _ integers: UnsafePointer<Int>,
    _ verdict: inout Evaluator.Verdict
  ) -> Bool {
    if verdict.costRule < 0 { return false }
    let prices = base.pointee.kernel.prices
    let known = prices.rule(verdict.costRule)
    if known.plan < 0 { return true }
    var set: Int32 = 0
    if known.isAdjustable {
      guard base.pointee.kernel.adjustments.isComplete else { return false }
      set = base.pointee.kernel.adjustments.leaf(atoms)
    }
    guard let program = prices.program(known.plan, set) else { return false }
    if program.pointee.kind == .flat {
      verdict.setCredits(
        program.pointee.significand, exponent: Int(program.pointee.exponent))
      return true
    }
    guard program.pointee.kind == .linear,
      let credits = sum(program.pointee.place, integers)
    else { return false }
    verdict.setCredits(credits.significand, exponent: credits.exponent)
    return true
  }

  @inline(never)
  private func sum(_ linear: Int32, _ integers: UnsafePointer<Int>) -> Number? {
    base.pointee.kernel.prices.sum(linear, quantities(integers))
  }

  // MARK: What follows from a row

  /// Works out and checks what is not plain about rows; the bits of those that take a longer look.
  @inline(never)
  private func workOut(
    _ count: Int, _ integers: UnsafePointer<Int>, _ odd: UInt64, _ request: inout Request
  ) -> UInt64 {
    var found: UInt64 = 0
    if base.pointee.worksOutBalance { found = workOutBalances(count, integers, odd, &request) }
    if base.pointee.checksSums {
      for row in 0..<count {
        let quantities = quantities(integers + row &* base.pointee.integerCount)
        if !sumsFit(quantities) { found |= bit(row) }
      }
    }
    return found
  }

  /// What is granted by each row's plan, and which part of it is left.
  @inline(__always)
  private func workOutBalances(
    _ count: Int, _ integers: UnsafePointer<Int>, _ odd: UInt64, _ request: inout Request
  ) -> UInt64 {
    let places = base.pointee.places
    let slots = base.pointee.layout.pointee.slots
    let axes = (slots[places.granted].axis, slots[places.balancePercent].axis)
    var found: UInt64 = 0
    request.clear()
    for row in 0..<count where odd & bit(row) == 0 {
      let integers = integers + row &* base.pointee.integerCount
      if base.pointee.planSource >= 0 { request.symbols[places.plan] = base.pointee.plans[row] }
      let isSet =
        set(places.balance, integers, &request) && set(places.granted, integers, &request)
      if !isSet || !request.workOutBalance() { found |= bit(row) }
      let atoms = base.pointee.atoms + row &* base.pointee.stride
      atoms[axes.0] = request.atoms[axes.0]
      atoms[axes.1] = request.atoms[axes.1]
    }
    request.clear()
    return found
  }

  @inline(__always)
  private func set(
    _ place: Int, _ integers: UnsafePointer<Int>, _ request: inout Request
  ) -> Bool {
    let source = base.pointee.sources[place]
    return source < 0 || request.set(place, quickly: Int64(integers[Int(source)]))
  }

  /// Whether the parts of a row lie within their whole, as far as that is seen quickly.
  @inline(__always)
  private func sumsFit(_ quantities: RowFrame.Quantities) -> Bool {
    let layout = base.pointee.layout
    var isFit = true
    for index in 0..<layout.pointee.sumCount {
      let sum = layout.pointee.sums[index]
      var total: Int64 = 0
      for place in sum.firstPart..<sum.endOfParts {
        let part = quantities.short(Int(layout.pointee.parts[place]))
        let (next, overflows) = total.addingReportingOverflow(part ?? 0)
        if overflows || part == nil { isFit = false }
        total = next
      }
      if total > quantities.short(Int(sum.whole)) ?? -1 { isFit = false }
    }
    return isFit
  }
}
