public import RatecardValues

/// What is worked out and checked once a request has all its values.
extension Request {
  /// Works out what follows from what the request carries, and checks what only the whole shows.
  ///
  /// Everything carried must be set by now; `now` is when the request is admitted where it does not
  /// say so.
  public mutating func finish(for question: Question, at now: Instant) throws(Problem) {
    try workOut(at: now)
    let layout = kernel
    try check(
      question, hasTier: carries(layout.pointee.places.tier),
      hasRequest: carries(layout.pointee.places.requestedModel))
    if question == .price { askForOwnModel() }
  }

  /// Checks that what decisions find is given where it is asked for, and only there.
  @inline(__always)
  func check(_ question: Question, hasTier: Bool, hasRequest: Bool) throws(Problem) {
    let layout = kernel
    if question == .price {
      if layout.pointee.costsNeedTier, !hasTier { throw .tierMissing }
    } else {
      if hasTier { throw .foundByDecision(attribute: layout.pointee.places.tier) }
      if hasRequest { throw .foundByDecision(attribute: layout.pointee.places.requestedModel) }
    }
  }

  /// The same for the price of a request that was routed: its tier may be missing, and it need not
  /// have asked for a model.
  package mutating func finishAsRouted(isAsked: Bool) throws(Problem) {
    try workOut(at: .earliest)
    if isAsked { askForOwnModel() }
  }

  @inline(__always)
  mutating func workOut(at now: Instant) throws(Problem) {
    let layout = kernel
    if !carries(layout.pointee.places.at) { admit(at: now) }
    if layout.pointee.sumCount > 0 { try checkSums() }
    let axis = layout.pointee.timeAxis
    if axis >= 0 { atoms[axis] = layout.pointee.clock.atom(of: at, &recent, table) }
    if layout.pointee.hasGrants { try grant() }
    if layout.pointee.hasBalancePercent { try finishBalancePercent() }
  }

  /// Works out anew what is granted and how much of it is left; false: that takes too many digits.
  mutating func workOutBalance() -> Bool {
    do {
      if kernel.pointee.hasGrants { try grant() }
      if kernel.pointee.hasBalancePercent { try finishBalancePercent() }
      return true
    } catch {
      return false
    }
  }

  private mutating func admit(at now: Instant) {
    at = now
    let place = kernel.pointee.places.at
    symbols[place] = Self.worked
    if kernel.pointee.slots.base[place].isSplitKey { hashTime() }
  }

  @inline(never)
  private func hashTime() {
    guard let number = Number(significand: at.nanoseconds, exponent: 0) else { return }
    keys[kernel.pointee.places.at] = StableHash.of(number)
  }

  /// Takes the model for the one asked for, where none is.
  mutating func askForOwnModel() {
    let places = kernel.pointee.places
    if carries(places.requestedModel) { return }
    // Both axes have the same atoms.
    atoms[places.requestedAxis] =
      carries(places.model) ? atoms[places.modelAxis] : places.noRequest
  }

  mutating func grant() throws(Problem) {
    let places = kernel.pointee.places
    if carries(places.granted) { return }
    if carries(places.plan), symbols[places.plan] >= 0 {
      let grant = kernel.pointee.grants[symbols[places.plan]]
      if grant.isGranted {
        try set(places.granted, number: grant.credits)
        symbols[places.granted] = Self.worked
        return
      }
    }
    let slot = kernel.pointee.slots.base + places.granted
    symbols[places.granted] = Self.notCarried
    atoms[slot.pointee.axis] = slot.pointee.absentAtom
  }

  mutating func finishBalancePercent() throws(Problem) {
    let places = kernel.pointee.places
    let slot = kernel.pointee.slots.base + places.balancePercent
    guard has(places.balance), has(places.granted), !quantities[places.granted].isZero else {
      atoms[slot.pointee.axis] = slot.pointee.absentAtom
      return
    }
    let (balance, granted) = (quantities[places.balance], quantities[places.granted])
    if let balance = balance.short, let granted = granted.short, granted > 0,
      let atom = slot.pointee.numbers.atom(
        of: Int128(truncatingIfNeeded: balance) &* 100, over: granted)
    {
      atoms[slot.pointee.axis] = atom
      return
    }
    do {
      let percent = try balance.rational * Rational(100) / granted.rational
      atoms[slot.pointee.axis] = try slot.pointee.numbers.atom(of: percent)
    } catch {
      throw .overflow(attribute: places.balancePercent)
    }
  }

  @inline(never)
  private func checkSums() throws(Problem) {
    for index in 0..<kernel.pointee.sumCount {
      let sum = kernel.pointee.sums[index]
      var total: Int128 = 0
      var isShort = true
      var hasParts = false
      for place in sum.firstPart..<sum.endOfParts {
        let part = Int(kernel.pointee.parts[place])
        guard carries(part) else { continue }
        hasParts = true
        guard let integer = quantities[part].short else {
          isShort = false
          break
        }
        // Sums of fewer than 2⁶³ short integers fit.
        total &+= Int128(truncatingIfNeeded: integer)
      }
      guard hasParts else { continue }
      let whole = carries(Int(sum.whole)) ? quantities[Int(sum.whole)] : .zero
      if isShort, whole.exponent == 0 {
        if total > whole.value { throw .partsExceedWhole(whole: Int(sum.whole)) }
      } else {
        try checkExactly(sum, whole)
      }
    }
  }

  private func checkExactly(
    _ sum: RuleTable.Layout.FlatSum, _ whole: Quantity
  ) throws(Problem) {
    do {
      var total = Rational.zero
      for place in sum.firstPart..<sum.endOfParts {
        let part = Int(kernel.pointee.parts[place])
        if carries(part) { total = try total + quantities[part].rational }
      }
      if total > (try whole.rational) { throw Problem.partsExceedWhole(whole: Int(sum.whole)) }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw .overflow(attribute: Int(sum.whole))
    }
  }
}
