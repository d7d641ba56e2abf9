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
    /// The price, where it is one number: its significand and its exponent.
    let significand: Int128
    let exponent: Int32
    /// Where it stands among the linear ones, where it is one.
    let place: Int32
    let kind: Kind

    fileprivate init(_ kind: Kind, place: Int = 0, credits: Number = .zero) {
      (self.kind, self.place) = (kind, Int32(place))
      (significand, exponent) = (credits.significand, Int32(credits.exponent))
    }
  }

  /// What is known of a rule before its price.
  struct Rule: BitwiseCopyable, Sendable {
    /// The kind of its plan; -1: it refuses.
    let plan: Int32
    let isAdjustable: Bool
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

  fileprivate let rules: Flat<Rule>
  /// By kind of plan, then by set of adjustments.
  fileprivate let programs: Flat<Program>
  fileprivate let setCount: Int
  fileprivate let linears: Flat<Linear>
  fileprivate let terms: Flat<Term>
  fileprivate let decimals: Int
  fileprivate let rounding: RoundingMode

  init(
    _ plans: [PricePlan], _ adjustments: AdjustmentIndex, decimals: Int, rounding: RoundingMode,
    in arena: Arena
  ) {
    var kinds: [PricePlan: Int32] = [:]
    var rules: [Rule] = []
    var distinct: [PricePlan] = []
    rules.reserveCapacity(plans.count)
    for plan in plans {
      if plan.isDenial {
        rules.append(Rule(plan: -1, isAdjustable: plan.isAdjustable))
        continue
      }
      if let kind = kinds[plan] {
        rules.append(Rule(plan: kind, isAdjustable: plan.isAdjustable))
        continue
      }
      kinds[plan] = Int32(distinct.count)
      rules.append(Rule(plan: Int32(distinct.count), isAdjustable: plan.isAdjustable))
      distinct.append(plan)
    }
    // Memory must not grow faster than the rules do.
    let sets = adjustments.sets.count
    setCount = sets > 8 && distinct.count * sets > 16_384 + 8 * plans.count ? 1 : sets
    var programs: [Program] = []
    var linears: [Linear] = []
    var terms: [Term] = []
    for plan in distinct {
      for set in adjustments.sets.prefix(setCount) {
        let applied = set.map { adjustments.plans[Int($0)] }
        if let amount = ExactAmount.flat(plan, applied) {
          if let credits = try? amount.rounded(decimals: decimals, rounding) {
            programs.append(Program(.flat, credits: credits))
            continue
          }
        } else if let form = LinearPrice(plan, applied, decimals: decimals) {
          programs.append(Program(.linear, place: linears.count))
          linears.append(form.laid(into: &terms))
          continue
        }
        programs.append(Program(.exact))
      }
    }
    self.decimals = decimals
    self.rounding = rounding
    self.rules = arena.lay(rules)
    self.programs = arena.lay(programs)
    self.linears = arena.lay(linears)
    self.terms = arena.lay(terms)
  }
}

/// The numbers of a request that a price is a sum of.
protocol ShortQuantities: ~Copyable {
  /// The quantity of an attribute, 0 where it is not carried; nil: it is no short integer.
  func short(_ attribute: Int) -> Int64?
}

extension Flat<PriceTable> {
  /// What is known of a rule before its price.
  @inline(__always)
  func rule(_ rule: Int32) -> PriceTable.Rule { base.pointee.rules[rule] }

  /// How a plan is priced under a set of adjustments; nil: that is not known beforehand.
  @inline(__always)
  func program(_ plan: Int32, _ set: Int32) -> UnsafePointer<PriceTable.Program>? {
    guard Int(set) < base.pointee.setCount else { return nil }
    return base.pointee.programs.base + (Int(plan) &* base.pointee.setCount &+ Int(set))
  }

  /// The price of a plan under a set of adjustments; nil: it takes exact arithmetic.
  @inline(__always)
  func credits(
    _ plan: Int32, _ set: Int32, _ quantities: borrowing some ShortQuantities & ~Copyable
  ) -> Number? {
    guard let program = program(plan, set) else { return nil }
    switch program.pointee.kind {
    case .flat:
      return Number(
        canonicalSignificand: program.pointee.significand, exponent: Int(program.pointee.exponent))
    case .linear: return sum(program.pointee.place, quantities)
    case .exact: return nil
    }
  }

  /// The price that is a sum of products; nil: it takes exact arithmetic.
  @inline(__always)
  func sum(
    _ linear: Int32, _ quantities: borrowing some ShortQuantities & ~Copyable
  ) -> Number? {
    let form = base.pointee.linears.base + Int(linear)
    var total = form.pointee.constant
    guard add(form.pointee.firstTerm..<form.pointee.firstAdded, to: &total, quantities) else {
      return nil
    }
    total = min(max(total, form.pointee.lower), form.pointee.upper)
    let (sum, isTooLarge) = total.addingReportingOverflow(form.pointee.added)
    total = sum
    guard !isTooLarge,
      add(form.pointee.firstAdded..<form.pointee.endOfTerms, to: &total, quantities)
    else { return nil }
    total = min(max(total, form.pointee.lowest), form.pointee.highest)
    return total < 0 ? nil : rounded(total, over: form.pointee.denominator)
  }

  @inline(__always)
  private func rounded(_ total: Int64, over denominator: Int64) -> Number {
    let below = denominator.magnitude
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
    _ range: Range<Int32>, to total: inout Int64,
    _ quantities: borrowing some ShortQuantities & ~Copyable
  ) -> Bool {
    for place in range {
      let term = base.pointee.terms.base + Int(place)
      guard let quantity = quantities.short(Int(term.pointee.attribute)) else { return false }
      let (product, isTooLarge) = quantity.multipliedReportingOverflow(by: term.pointee.factor)
      let (sum, isFarTooLarge) = total.addingReportingOverflow(product)
      if isTooLarge || isFarTooLarge { return false }
      total = sum
    }
    return true
  }
}
