import RatecardCompiler
import RatecardModel
import RatecardValues

/// The quantities that requests of a box may have, and what prices come to for them.
struct AmountProblem {
  let quantities: Quantities
  private(set) var system = AmountSystem()
  private let space: Space
  private let box: Box
  private let move: Move?
  private let target: Box
  /// The forms of the attributes, by node, before the move.
  private var forms: [LinearForm] = []
  /// The forms after it.
  private var movedForms: [LinearForm] = []
  private var watches: [Int] = []
  private var movedWatches: [Int?] = []
  /// Attributes that a request has to carry for its price.
  private var carried: Set<AttributeID> = []
  /// A bit for each marginal charge to come, the next one lowest: whether there is a quantity.
  private var variant: Int

  /// The requests of a box, as far as prices depend on `attributes`.
  ///
  /// With a move those whose moved request lies in `target`, a box that differs from the first only
  /// in what moves. Of marginal charges the bits of `variant` say which are of a quantity above 0.
  init(
    _ attributes: Set<AttributeID>, in box: Box, of space: Space, moving move: Move? = nil,
    into target: Box = .everything, variant: Int = 0
  ) throws(Overflow) {
    self.space = space
    self.box = box
    self.move = move
    self.target = target
    self.variant = variant
    carried = move?.attributes ?? []
    quantities = try Quantities(attributes.union(carried), of: space.card)
    for node in quantities.nodes {
      forms.append(node.form)
      let variable = system.variable(isIntegral: node.hasIntegralVariable)
      // Where every variable is an integer the attributes are too, but not the other way round.
      if node.hasIntegralVariable { system.watch(variable, isIntegral: true) }
    }
    for (node, form) in zip(quantities.nodes, forms) {
      watches.append(system.watch(form, isIntegral: node.isIntegral))
    }
    movedForms = forms
    movedWatches = forms.map { _ in nil }
    if let move { try addMove(move) }
  }

  private mutating func addMove(_ move: Move) throws(Overflow) {
    var increase = LinearForm(constant: .one)
    if !move.isByOne {
      increase = system.variable(isIntegral: false)
      system.watch(increase, within: Interval(lower: Nudged.zero.justAbove, upper: nil))
    }
    for (index, node) in quantities.nodes.enumerated()
    where move.attributes.contains(node.attribute) {
      movedForms[index] = try forms[index] + increase
      movedWatches[index] = system.watch(movedForms[index], isIntegral: node.isIntegral)
    }
    // What grows still fits into what does not.
    for (index, node) in quantities.nodes.enumerated()
    where !move.attributes.contains(node.attribute) {
      var parts = LinearForm.zero
      for part in node.parts { parts = try parts + movedForms[part] }
      if node.parts.contains(where: { move.attributes.contains(quantities.nodes[$0].attribute) }) {
        system.require(try parts - forms[index], atMost: .zero)
      }
    }
  }

  /// How many ways there are for marginal charges to be of nothing or of something; nil: too many.
  static func variants(of formulas: [PriceFormula]) -> Range<Int>? {
    let count = formulas.reduce(0) { count, formula in
      count + formula.charges.count { if case .marginal = $0.shape { true } else { false } }
    }
    return count > 6 ? nil : 0..<(1 << count)
  }

  /// What a price comes to before its rounding.
  mutating func amount(
    of formula: PriceFormula, afterMove: Bool = false
  ) throws(Overflow) -> LinearForm {
    var own = try sum(formula.own, afterMove)
    if let bounds = formula.ownBounds { own = try system.amount(of: own, by: bounds) }
    var total = try (own + sum(formula.added, afterMove)) * formula.factor
    if let bounds = formula.bounds { total = try system.amount(of: total, by: bounds) }
    return total
  }

  private mutating func sum(
    _ sum: PriceFormula.Sum, _ afterMove: Bool
  ) throws(Overflow) -> LinearForm {
    var total = LinearForm(constant: sum.flat)
    for charge in sum.charges {
      total = try total.adding(amount(of: charge, afterMove), times: charge.factor)
    }
    return total
  }

  private mutating func amount(
    of charge: PriceFormula.Charge, _ afterMove: Bool
  ) throws(Overflow) -> LinearForm {
    let form = form(of: charge.attribute, afterMove)
    let isIntegral = space.card[charge.attribute].kind == .count
    switch charge.shape {
    case .rate(let each):
      var quantity = form
      for part in charge.innerParts { quantity = try quantity - self.form(of: part, afterMove) }
      return try quantity * each
    case .curve(let curve):
      return try system.amount(of: form, by: curve, isIntegral: isIntegral)
    case .marginal(let curve, let total, let after):
      let isUsed = variant & 1 == 1
      variant >>= 1
      guard isUsed else {
        system.watch(form, within: .zero)
        return .zero
      }
      let least = isIntegral ? Nudged(.one) : Nudged.zero.justAbove
      system.watch(form, within: Interval(lower: least, upper: nil))
      carried.insert(after)
      let quantity = try system.amount(of: form, by: curve, isIntegral: isIntegral)
      let start = self.form(of: after, afterMove)
      let end = try system.amount(of: start + quantity, by: total)
      return try end - system.amount(of: start, by: total)
    }
  }

  /// What a charge's rounded quantity, or the number its bands are entered by, must not exceed:
  /// beyond it there is no price.
  mutating func exceed(_ charge: PriceFormula.Charge) throws(Overflow) -> Bool {
    let form = form(of: charge.attribute, false)
    let isIntegral = space.card[charge.attribute].kind == .count
    switch charge.shape {
    case .rate: return false
    case .curve(let curve):
      guard let end = try (curve.domain() ?? .zero).upper else { return false }
      system.watch(form, within: Interval(lower: end.justAbove, upper: nil))
    case .marginal(let curve, let total, let after):
      guard let end = try total.domain()?.upper else { return false }
      let least = isIntegral ? Nudged(.one) : Nudged.zero.justAbove
      system.watch(form, within: Interval(lower: least, upper: nil))
      carried.insert(after)
      let quantity = try system.amount(of: form, by: curve, isIntegral: isIntegral)
      system.watch(
        try self.form(of: after, false) + quantity,
        within: Interval(lower: end.justAbove, upper: nil))
    }
    return true
  }

  /// Asks for a quantity without the number that its bands are entered by; false where a request
  /// cannot leave that out.
  mutating func omitStart(of charge: PriceFormula.Charge) throws(Overflow) -> Bool {
    guard case .marginal(_, _, let after) = charge.shape,
      try QuantityRange(of: space.card[after], in: box, of: space).mayBeAbsent
    else { return false }
    let isIntegral = space.card[charge.attribute].kind == .count
    let least = isIntegral ? Nudged(.one) : Nudged.zero.justAbove
    system.watch(
      form(of: charge.attribute, false), within: Interval(lower: least, upper: nil))
    system.watch(form(of: after, false), within: .zero)
    return true
  }

  /// Asks that the rounded price `second`, of the moved request where there is a move, is below the
  /// rounded price `first`, each times a factor.
  ///
  /// Where both are rounded alike it must be so before the rounding too. What is returned are both
  /// prices before their rounding.
  @discardableResult
  mutating func requireFall(
    from first: PriceFormula, times firstFactor: Rational = .one,
    to second: PriceFormula, times secondFactor: Rational = .one
  ) throws(Overflow) -> (first: LinearForm, second: LinearForm) {
    let before = try amount(of: first)
    let after = try amount(of: second, afterMove: true)
    // With equal factors it is so anyway, as rounding alike never turns two amounts around.
    if first.steps == second.steps {
      system.require(
        try after * secondFactor - before * firstFactor, atMost: Nudged.zero.justBelow)
    }
    let high =
      try system.amount(of: before, by: Curve(first.steps), isFinal: true)
      * firstFactor
    let low =
      try system.amount(of: after, by: Curve(second.steps), isFinal: true)
      * secondFactor
    // Both are multiples of this, which is above 0 where one of them can be.
    let unit = try Rational.greatestCommonUnit(
      first.steps.unit * firstFactor, second.steps.unit * secondFactor)
    let least = unit > .zero ? try low - high + LinearForm(constant: unit) : .init(constant: .one)
    system.require(least, atMost: .zero)
    return (before, after)
  }

  /// Asks that an amount lies in a range.
  mutating func require(_ form: LinearForm, within range: Interval) {
    system.watch(form, within: range)
  }

  /// What a request carries that has the numbers found by a search, nil for an attribute that it
  /// leaves out; with `afterMove` the moved one.
  ///
  /// Nil where some number has too many digits.
  func values(
    _ numbers: [Number], afterMove: Bool = false
  ) -> [AttributeID: Number?]? {
    var result: [AttributeID: Number?] = [:]
    for (index, node) in quantities.nodes.enumerated() {
      let form = afterMove ? movedForms[index] : forms[index]
      var value = form.constant == .one ? Number.one : .zero
      for term in form.terms {
        guard let sum = value.adding(numbers[term.symbol]) else { return nil }
        value = sum
      }
      let range = try? QuantityRange(of: space.card[node.attribute], in: box, of: space)
      let isLeftOut =
        value.isZero && !carried.contains(node.attribute) && range?.mayBeAbsent ?? false
      result[node.attribute] = .some(isLeftOut ? nil : value)
    }
    return result
  }

  private func form(of attribute: AttributeID, _ afterMove: Bool) -> LinearForm {
    guard let place = quantities.nodes.firstIndex(where: { $0.attribute == attribute }) else {
      preconditionFailure("a problem knows the quantities of its prices")
    }
    return afterMove ? movedForms[place] : forms[place]
  }

  /// The ranges that a search may begin with: one list for each way to choose a stretch of values
  /// for each attribute.
  ///
  /// Nil: there are too many.
  func starts() throws(Overflow) -> [[Interval]]? {
    var starts = [system.watches.map(\.range)]
    for (index, node) in quantities.nodes.enumerated() {
      let attribute = space.card[node.attribute]
      let isCarried = carried.contains(node.attribute)
      let values = try QuantityRange(of: attribute, in: box, of: space)
      starts = narrowed(starts, watches[index], isCarried ? values.carried : values.stretches)
      if let moved = movedWatches[index] {
        let values = try QuantityRange(of: attribute, in: target, of: space)
        starts = narrowed(starts, moved, values.carried)
      }
      if starts.count > 4_096 { return nil }
    }
    return starts
  }

  private func narrowed(
    _ starts: [[Interval]], _ watch: Int, _ stretches: [Interval]
  ) -> [[Interval]] {
    starts.flatMap { ranges in
      stretches.compactMap { stretch in
        var result = ranges
        result[watch] = result[watch].intersection(stretch)
        return result[watch].isEmpty ? nil : result
      }
    }
  }
}

extension AmountProblem {
  /// The ways in which the second price, of a moved request, may be below the first.
  static func falls(
    _ move: Move, _ first: PriceFormula, _ box: Box, _ second: PriceFormula, _ target: Box,
    _ space: Space
  ) throws -> [AmountProblem] {
    guard let variants = variants(of: [first, second]) else { throw Undecided.tooManySteps }
    let attributes = first.attributes.union(second.attributes)
    return try variants.map { variant in
      var problem = try AmountProblem(
        attributes, in: box, of: space, moving: move, into: target, variant: variant)
      try problem.requireFall(from: first, to: second)
      return problem
    }
  }
}
