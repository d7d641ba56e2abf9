internal import RatecardModel
internal import RatecardValues

/// Works an amount out as the language defines it, step by step, and keeps every step.
struct AmountTracer {
  let card: Card
  let request: TracedRequest
  let wording: Wording
  private(set) var steps: [Explanation.Step] = []

  init(card: Card, request: TracedRequest) {
    self.card = card
    self.request = request
    wording = Wording(card)
  }

  /// Why there is no amount.
  enum Failure: Error {
    case overflow
    /// A quantity past the last band of an attribute's rate.
    case unpriced(AttributeID)
    /// A rate's `after` is not carried.
    case missing(AttributeID)
  }

  /// The price under adjustments that apply, each with its name.
  mutating func price(
    _ price: Price, adjustments: [(name: String, adjustment: Adjustment)]
  ) throws(Failure) -> Number {
    var total = Rational.zero
    var components: [Adjustment.Component: Rational] = [:]
    if let credits = price.credits {
      components[.credits] = credits
      step("credits", "flat", part: credits)
    }
    for rate in price.rates {
      let charge = try self.charge(rate, among: price.rates)
      components[.attribute(rate.attribute)] = charge
    }
    try multiplyComponents(&components, adjustments)
    for (_, amount) in components { total = try sum(total, amount) }
    step(
      "sum", "of \(components.count == 1 ? "one part" : "\(components.count) parts")", total: total)
    try bound(&total, "minimum of the rule", atLeast: price.minimum)
    try bound(&total, "maximum of the rule", atMost: price.maximum)
    if price.isAdjustable {
      try add(&total, adjustments)
      try multiply(&total, adjustments)
      try boundByAdjustments(&total, adjustments)
    }
    guard let rounded = try? total.rounded(decimals: card.credit.decimals, card.credit.rounding)
    else { throw .overflow }
    step(
      "rounding", "\(card.credit.rounding.rawValue) to \(decimals(card.credit.decimals))",
      total: try? Rational(rounded))
    return rounded
  }

  private func decimals(_ count: Int) -> String {
    count == 1 ? "1 decimal" : "\(count) decimals"
  }

  private mutating func step(
    _ label: String, _ detail: String, part: Rational? = nil, total: Rational? = nil
  ) {
    steps.append(Explanation.Step(label: label, detail: detail, part: part, total: total))
  }

  // MARK: Stages

  private mutating func multiplyComponents(
    _ components: inout [Adjustment.Component: Rational],
    _ adjustments: [(name: String, adjustment: Adjustment)]
  ) throws(Failure) {
    for (name, adjustment) in adjustments {
      guard case .multiplyComponents(let factor, let of) = adjustment.action else { continue }
      for component in of {
        guard let amount = components[component] else { continue }
        let product = try self.product(amount, factor)
        components[component] = product
        step(
          name, "\(wording.component(component)) × \(wording.amount(factor))", part: product)
      }
    }
  }

  private mutating func add(
    _ total: inout Rational, _ adjustments: [(name: String, adjustment: Adjustment)]
  ) throws(Failure) {
    for (name, adjustment) in adjustments {
      switch adjustment.action {
      case .add(let amount):
        total = try sum(total, amount)
        step(name, "added", part: amount, total: total)
      case .addRates(let rates):
        for rate in rates {
          let charge = try self.charge(rate, among: rates, label: name)
          total = try sum(total, charge)
        }
        step(name, "added", total: total)
      default: continue
      }
    }
  }

  private mutating func multiply(
    _ total: inout Rational, _ adjustments: [(name: String, adjustment: Adjustment)]
  ) throws(Failure) {
    for (name, adjustment) in adjustments {
      guard case .multiply(let factor) = adjustment.action else { continue }
      total = try product(total, factor)
      step(name, "× \(wording.amount(factor))", total: total)
    }
  }

  private mutating func boundByAdjustments(
    _ total: inout Rational, _ adjustments: [(name: String, adjustment: Adjustment)]
  ) throws(Failure) {
    var minimum: (name: String, bound: Rational)?
    var maximum: (name: String, bound: Rational)?
    for (name, adjustment) in adjustments {
      switch adjustment.action {
      case .minimum(let bound) where minimum.map({ bound > $0.bound }) ?? true:
        minimum = (name, bound)
      case .maximum(let bound) where maximum.map({ bound < $0.bound }) ?? true:
        maximum = (name, bound)
      default: continue
      }
    }
    try bound(&total, minimum?.name ?? "", atLeast: minimum?.bound)
    try bound(&total, maximum?.name ?? "", atMost: maximum?.bound)
  }

  private mutating func bound(
    _ total: inout Rational, _ label: String, atLeast: Rational? = nil, atMost: Rational? = nil
  ) throws(Failure) {
    if let atLeast {
      total = max(total, atLeast)
      step(label, "at least \(wording.amount(atLeast))", total: total)
    }
    if let atMost {
      total = min(total, atMost)
      step(label, "at most \(wording.amount(atMost))", total: total)
    }
  }

  // MARK: Charges

  /// What one rated attribute comes to, among the rates of the same price or map.
  private mutating func charge(
    _ rate: Rate, among rates: [Rate], label: String? = nil
  ) throws(Failure) -> Rational {
    let name = card[rate.attribute].name
    let label = label.map { "\($0): \(name)" } ?? name
    let (quantity, taken) = try self.quantity(of: rate.attribute, among: rates)
    guard quantity != .zero else {
      let why = request[rate.attribute] == nil ? "not carried" : "nothing to charge"
      step(label, why + taken, part: .zero)
      return .zero
    }
    var charged = quantity
    var detail = "\(quantity)" + taken
    if let rounding = rate.rounding {
      charged = try exactly { () throws(Overflow) in
        try charged.rounded(toMultipleOf: Rational(rounding.multiple), rounding.mode)
      }
      detail +=
        ", rounded \(rounding.mode.rawValue) to a multiple of \(rounding.multiple): \(charged)"
    }
    if let bound = rate.atLeast {
      let bound = try ratio(bound)
      if bound > charged { detail += ", at the least \(bound)" }
      charged = max(charged, bound)
    }
    if let bound = rate.atMost {
      let bound = try ratio(bound)
      if bound < charged { detail += ", at the most \(bound)" }
      charged = min(charged, bound)
    }
    let amount: Rational
    switch rate.schedule {
    case .linear(let perUnit):
      amount = try product(charged, perUnit)
      detail += " × \(wording.perUnit(perUnit))"
    case .volume(let bands):
      let band = try self.band(of: charged, in: bands, rate.attribute)
      amount = try product(charged, band.rate)
      detail += " × \(wording.perUnit(band.rate))" + (band.bound.map { " (band to \($0))" } ?? "")
    case .graduated(let bands, let after):
      var start = Rational.zero
      if let after {
        guard request[after] != nil else { throw .missing(after) }
        start = try ratio(request.number(after))
        detail += " after \(start)"
      }
      amount = try graduated(charged, after: start, bands, rate.attribute, &detail)
    }
    step(label, detail, part: amount)
    return amount
  }

  /// The attribute's value less its parts that are rated too, with words for what was taken off.
  private func quantity(
    of attribute: AttributeID, among rates: [Rate]
  ) throws(Failure) -> (Rational, String) {
    var quantity = try ratio(request.number(attribute))
    var words = ""
    let rated = Set(rates.map(\.attribute))
    for part in rates.map(\.attribute)
    where part != attribute && nearestRated(above: part, rated) == attribute {
      let value = try ratio(request.number(part))
      guard value != .zero else { continue }
      quantity = try exactly { () throws(Overflow) in try quantity - value }
      words += words.isEmpty ? " (\(request.number(attribute))" : ""
      words += " - \(value) \(card[part].name)"
    }
    return (quantity, words.isEmpty ? "" : words + ")")
  }

  /// The innermost rated attribute that a part lies in.
  private func nearestRated(above part: AttributeID, _ rated: Set<AttributeID>) -> AttributeID? {
    var whole = card[part].partOf
    while let candidate = whole, !rated.contains(candidate) { whole = card[candidate].partOf }
    return whole
  }

  private func band(
    of quantity: Rational, in bands: [Rate.Band], _ attribute: AttributeID
  ) throws(Failure) -> Rate.Band {
    for band in bands {
      guard let bound = band.bound else { return band }
      let end = try ratio(bound)
      if quantity < end || quantity == end && band.isInclusive { return band }
    }
    throw .unpriced(attribute)
  }

  /// The parts of `start ..< start + quantity`, each at the rate of its band.
  private func graduated(
    _ quantity: Rational, after start: Rational, _ bands: [Rate.Band], _ attribute: AttributeID,
    _ detail: inout String
  ) throws(Failure) -> Rational {
    let end = try sum(start, quantity)
    _ = try band(of: end, in: bands, attribute)
    var amount = Rational.zero
    var low = Rational.zero
    var parts: [String] = []
    for band in bands {
      let high = try band.bound.map { (bound) throws(Failure) in min(try ratio(bound), end) } ?? end
      let from = max(low, start)
      if high > from {
        let inBand = try exactly { () throws(Overflow) in try high - from }
        amount = try sum(amount, try product(inBand, band.rate))
        parts.append("\(inBand) × \(wording.perUnit(band.rate))")
      }
      low = max(low, high)
    }
    detail += ": " + parts.joined(separator: " + ")
    return amount
  }

  // MARK: Arithmetic

  private func exactly(_ body: () throws(Overflow) -> Rational) throws(Failure) -> Rational {
    do { return try body() } catch { throw .overflow }
  }

  private func ratio(_ number: Number) throws(Failure) -> Rational {
    try exactly { () throws(Overflow) in try Rational(number) }
  }

  private func sum(_ left: Rational, _ right: Rational) throws(Failure) -> Rational {
    try exactly { () throws(Overflow) in try left + right }
  }

  private func product(_ left: Rational, _ right: Rational) throws(Failure) -> Rational {
    try exactly { () throws(Overflow) in try left * right }
  }
}
