/// How rows that were read are answered, each odd one left open.
extension Flat<RowFrame> {
  typealias Answers = UnsafeMutablePointer<Evaluator.Verdict>

  /// Answers one row; false: it is left open.
  @inline(__always)
  func answerOne(
    _ integers: UnsafePointer<Int>, _ odd: UInt64, _ request: inout Request, _ answer: Answers
  ) -> Bool {
    var odd = odd
    if !base.pointee.isPlain { odd |= workOut(1, integers, odd, &request) }
    let atoms = base.pointee.atoms
    var (verdict, isDenied) = (Evaluator.Verdict(tierRule: -1, routeRule: -1), false)
    if base.pointee.isDecision {
      isDenied = !route(atoms, &verdict)
    } else if base.pointee.copiesModel {
      copyModel(atoms)
    }
    if !isDenied { verdict.costRule = base.pointee.kernel.pointee.costs.winner(atoms) }
    answer.pointee = verdict
    if isDenied ? verdict.routeRule < -1 : !price(atoms, integers, answer) { odd = 1 }
    if odd == 0 { return true }
    answer.pointee = .open
    return false
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
    var denied: UInt64 = 0
    for row in 0..<count {
      var verdict = Evaluator.Verdict(tierRule: -1, routeRule: -1)
      if base.pointee.isDecision {
        if !route(atoms + row &* stride, &verdict) { denied |= bit(row) }
      } else if base.pointee.copiesModel {
        copyModel(atoms + row &* stride)
      }
      answers[row] = verdict
    }
    base.pointee.kernel.pointee.costs.winners(count, atoms, stride) { row, rule in
      answers[row].costRule = rule
    }
    for row in 0..<count {
      if denied & bit(row) != 0 {
        answers[row].costRule = answers[row].routeRule < -1 ? -2 : -1
        if answers[row].isOpen { odd |= bit(row) }
      } else if !price(
        atoms + row &* stride, integers + row &* base.pointee.integerCount, answers + row)
      {
        odd |= bit(row)
      }
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
    let layout = base.pointee.layout
    // Both axes have the same atoms.
    atoms[layout.pointee.places.requestedAxis] = atoms[layout.pointee.places.modelAxis]
  }

  /// The tier and the route of a row, which from then on is as costs see it; false: the route refuses,
  /// or, where it is below -1, is still to be found.
  @inline(__always)
  private func route(
    _ atoms: UnsafeMutablePointer<Int32>, _ verdict: inout Evaluator.Verdict
  ) -> Bool {
    let (layout, kernel) = (base.pointee.layout, base.pointee.kernel)
    atoms[layout.pointee.places.tierAxis] = base.pointee.blankTier
    if !base.pointee.asksForModel {
      atoms[layout.pointee.places.modelAxis] = base.pointee.blankModel
    }
    atoms[layout.pointee.places.requestedAxis] = base.pointee.blankRequest
    let tierRule = kernel.pointee.tiers.winner(atoms)
    atoms[layout.pointee.places.tierAxis] =
      tierRule < 0 ? layout.pointee.places.noTier : kernel.pointee.tierAtoms[tierRule]
    copyModel(atoms)
    let routeRule = kernel.pointee.routes.winner(atoms)
    verdict = Evaluator.Verdict(
      tierRule: tierRule, routeRule: tierRule < -1 ? tierRule : routeRule)
    guard verdict.routeRule >= 0 else { return verdict.routeRule == -1 }
    let pick = kernel.pointee.picks.base + Int(routeRule)
    guard pick.pointee.sideCount > 0 else { return !pick.pointee.isDenial }
    // Which side of a split serves takes its key.
    if pick.pointee.sideCount > 1 {
      verdict = Evaluator.Verdict(tierRule: -1, routeRule: -2)
      return false
    }
    verdict.side = 0
    atoms[layout.pointee.places.modelAxis] =
      kernel.pointee.sides[Int(pick.pointee.firstSide)].atom
    return true
  }

  /// Prices a row by its rule; false: that takes a longer look, or there is no price.
  @inline(__always)
  private func price(
    _ atoms: UnsafeMutablePointer<Int32>, _ integers: UnsafePointer<Int>, _ answer: Answers
  ) -> Bool {
    let rule = answer.pointee.costRule
    if rule < 0 { return false }
    let kernel = base.pointee.kernel
    let known = kernel.pointee.prices.rule(rule)
    if known.plan < 0 { return true }
    var set: Int32 = 0
    if known.isAdjustable {
      guard kernel.pointee.adjustments.isComplete else { return false }
      set = kernel.pointee.adjustments.leaf(atoms)
    }
    guard let program = kernel.pointee.prices.program(known.plan, set) else { return false }
    if program.pointee.kind == .flat {
      answer.pointee.credits = program.pointee.credits
      return true
    }
    return program.pointee.kind == .linear && sum(program.pointee.place, integers, answer)
  }

  @inline(never)
  private func sum(
    _ linear: Int32, _ integers: UnsafePointer<Int>, _ answer: Answers
  ) -> Bool {
    let prices = base.pointee.kernel.pointee.prices
    guard let credits = prices.sum(linear, quantities(integers)) else { return false }
    answer.pointee.credits = credits
    return true
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
    let places = base.pointee.layout.pointee.places
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
