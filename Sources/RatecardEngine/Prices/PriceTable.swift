import RatecardValues

/// What each price comes to under each set of adjustments, worked out as far as it can be before
/// any request is seen.
///
/// A price without rates is one number. One of plain rates is a sum of integer products over a common
/// denominator. Everything else is left to `ExactAmount`, and so is what does not fit in 64 bits.
struct PriceTable: BitwiseCopyable, Sendable {
  /// How a price is found.
  struct Program: BitwiseCopyable, Sendable {
    enum Kind: BitwiseCopyable, Sendable { case flat, linear, exact }
    let kind: Kind
    /// Where it stands among those of its kind.
    let place: Int32
  }

  /// An integer product: so much for each unit of an attribute.
  struct Term: BitwiseCopyable, Sendable {
    let attribute: Int32
    let factor: Int64
  }

  /// A sum of products over a denominator, in units of the last decimal: the rule's own part between
  /// its bounds, then what is added, then the bounds of the adjustments.
  struct Linear: BitwiseCopyable, Sendable {
    var constant: Int64 = 0
    var lower = Int64.min
    var upper = Int64.max
    var added: Int64 = 0
    var lowest = Int64.min
    var highest = Int64.max
    var denominator: Int64 = 1
    /// The rule's own terms begin here.
    var firstTerm: Int32 = 0
    /// The terms that are added begin here.
    var firstAdded: Int32 = 0
    var endOfTerms: Int32 = 0
  }

  /// The kind of plan of each rule; -1: the rule refuses.
  fileprivate let planOfRule: Flat<Int32>
  fileprivate let isAdjustable: Flat<Bool>
  /// By kind of plan, then by set of adjustments.
  fileprivate let programs: Flat<Program>
  fileprivate let setCount: Int
  fileprivate let flats: Flat<Number>
  fileprivate let linears: Flat<Linear>
  fileprivate let terms: Flat<Term>
  fileprivate let decimals: Int
  fileprivate let rounding: RoundingMode

  init(
    _ plans: [PricePlan], _ adjustments: AdjustmentIndex, decimals: Int, rounding: RoundingMode,
    in arena: Arena
  ) {
    var kinds: [PricePlan: Int32] = [:]
    var kindOfRule: [Int32] = []
    var distinct: [PricePlan] = []
    kindOfRule.reserveCapacity(plans.count)
    for plan in plans {
      if plan.isDenial {
        kindOfRule.append(-1)
        continue
      }
      if let kind = kinds[plan] {
        kindOfRule.append(kind)
        continue
      }
      kinds[plan] = Int32(distinct.count)
      kindOfRule.append(Int32(distinct.count))
      distinct.append(plan)
    }
    // Memory must not grow faster than the rules do.
    let sets = adjustments.sets.count
    setCount = sets > 8 && distinct.count * sets > 16_384 + 8 * plans.count ? 1 : sets
    var programs: [Program] = []
    var flats: [Number] = []
    var linears: [Linear] = []
    var terms: [Term] = []
    for plan in distinct {
      for set in adjustments.sets.prefix(setCount) {
        let applied = set.map { adjustments.plans[Int($0)] }
        if let amount = ExactAmount.flat(plan, applied) {
          if let credits = try? amount.rounded(decimals: decimals, rounding) {
            programs.append(Program(kind: .flat, place: Int32(flats.count)))
            flats.append(credits)
            continue
          }
        } else if let form = LinearPrice(plan, applied, decimals: decimals) {
          programs.append(Program(kind: .linear, place: Int32(linears.count)))
          linears.append(form.laid(into: &terms))
          continue
        }
        programs.append(Program(kind: .exact, place: 0))
      }
    }
    self.decimals = decimals
    self.rounding = rounding
    planOfRule = arena.lay(kindOfRule)
    isAdjustable = arena.lay(plans.map(\.isAdjustable))
    self.programs = arena.lay(programs)
    self.flats = arena.lay(flats)
    self.linears = arena.lay(linears)
    self.terms = arena.lay(terms)
  }
}

extension Flat<PriceTable> {
  @inline(__always)
  func refuses(_ rule: Int32) -> Bool { base.pointee.planOfRule[rule] < 0 }

  @inline(__always)
  func adjusts(_ rule: Int32) -> Bool { base.pointee.isAdjustable[rule] }

  /// The price of a rule under a set of adjustments; nil: it takes exact arithmetic.
  @inline(__always)
  func credits(_ rule: Int32, _ set: Int32, _ request: borrowing Request) -> Number? {
    guard Int(set) < base.pointee.setCount else { return nil }
    let place = Int(base.pointee.planOfRule[rule]) &* base.pointee.setCount &+ Int(set)
    let program = base.pointee.programs[place]
    switch program.kind {
    case .flat: return base.pointee.flats[program.place]
    case .linear: return sum(base.pointee.linears.base + Int(program.place), request)
    case .exact: return nil
    }
  }

  private func sum(_ form: UnsafePointer<PriceTable.Linear>, _ request: borrowing Request)
    -> Number?
  {
    var total = form.pointee.constant
    guard add(form.pointee.firstTerm..<form.pointee.firstAdded, to: &total, request) else {
      return nil
    }
    total = min(max(total, form.pointee.lower), form.pointee.upper)
    let (sum, isTooLarge) = total.addingReportingOverflow(form.pointee.added)
    total = sum
    guard !isTooLarge,
      add(form.pointee.firstAdded..<form.pointee.endOfTerms, to: &total, request)
    else { return nil }
    total = min(max(total, form.pointee.lowest), form.pointee.highest)
    guard total >= 0 else { return nil }
    let below = form.pointee.denominator.magnitude
    let (quotient, rest) = total.magnitude.quotientAndRemainder(dividingBy: below)
    var units = quotient
    if rest != 0 {
      let other = below - rest
      switch base.pointee.rounding {
      case .up: units += 1
      case .down: break
      case .halfUp: if rest >= other { units += 1 }
      case .halfEven: if rest > other || (rest == other && units & 1 == 1) { units += 1 }
      }
    }
    return Number(units: units, decimals: base.pointee.decimals)
  }

  @inline(__always)
  private func add(
    _ range: Range<Int32>, to total: inout Int64, _ request: borrowing Request
  ) -> Bool {
    for place in range {
      let term = base.pointee.terms.base + Int(place)
      let attribute = Int(term.pointee.attribute)
      guard request.has(attribute) else { continue }
      guard let quantity = request.quantities[attribute].short else { return false }
      let (product, isTooLarge) = quantity.multipliedReportingOverflow(by: term.pointee.factor)
      let (sum, isFarTooLarge) = total.addingReportingOverflow(product)
      if isTooLarge || isFarTooLarge { return false }
      total = sum
    }
    return true
  }
}
