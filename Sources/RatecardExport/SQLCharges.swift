internal import RatecardModel
internal import RatecardValues

/// What quantities cost, in whole numbers of one part of a credit.
struct SQLCharges {
  let attributes: SQLAttributes
  /// How many of these parts are a credit.
  let parts: Int128
  private var card: Card { attributes.card }
  private var dialect: SQLDialect { attributes.dialect }

  /// A charge, and when there is none.
  struct Charge {
    var amount: SQLInteger
    var problems: [(condition: String, code: String)]
  }

  /// How many parts of a credit rates need, so that what each unit of each costs is a whole number.
  static func parts(_ rates: [Rate], _ attributes: SQLAttributes) throws(SQLRefusal) -> Int128 {
    var parts: Int128 = 1
    for rate in rates {
      let units = try SQLInteger.powerOfTen(decimals(rate, attributes))
      for amount in rate.amounts {
        let share = try Self.share(amount, units)
        parts = try SQLInteger.commonMultiple(parts, share.denominator)
      }
    }
    return parts
  }

  private static func share(_ amount: Rational, _ units: Int128) throws(SQLRefusal) -> Rational {
    do { return try amount / Rational(whole: units) } catch {
      throw SQLRefusal("its amounts may need more than 38 digits")
    }
  }

  /// An amount of credits in parts.
  func whole(_ amount: Rational) throws(SQLRefusal) -> Int128 {
    try SQLInteger.product(amount.numerator, parts / amount.denominator)
  }

  /// How many decimals the whole numbers have in which a rate's quantity is worked out.
  private static func decimals(_ rate: Rate, _ attributes: SQLAttributes) -> Int {
    var numbers = [rate.rounding?.multiple, rate.atLeast, rate.atMost].compactMap(\.self)
    var most = attributes.decimals(rate.attribute)
    switch rate.schedule {
    case .linear: break
    case .volume(let bands): numbers += bands.compactMap(\.bound)
    case .graduated(let bands, let after):
      numbers += bands.compactMap(\.bound)
      if let after { most = max(most, attributes.decimals(after)) }
    }
    return numbers.map(\.decimals).reduce(most, max)
  }

  /// What a rate comes to, less what the other rates of the same price charge of its quantity.
  func charge(_ rate: Rate, among rates: [Rate]) throws(SQLRefusal) -> Charge {
    let decimals = Self.decimals(rate, attributes)
    let units = try SQLInteger.powerOfTen(decimals)
    let rated = Set(rates.map(\.attribute))
    let carried = try quantity(rate.attribute, decimals, less: rated)
    var quantity = carried
    if let rounding = rate.rounding {
      quantity = try rounded(quantity, rounding, units)
    }
    if let least = rate.atLeast {
      quantity = quantity.atLeast(SQLInteger(try whole(least, units), dialect))
    }
    if let most = rate.atMost {
      quantity = quantity.atMost(SQLInteger(try whole(most, units), dialect))
    }
    let something = "\(carried.text) > 0"
    var charge: Charge
    switch rate.schedule {
    case .linear(let amount):
      charge = Charge(amount: try quantity * price(amount, units), problems: [])
    case .volume(let bands): charge = try volume(bands, quantity, units)
    case .graduated(let bands, let after):
      charge = try graduated(bands, after, quantity, units)
    }
    for index in charge.problems.indices {
      charge.problems[index].condition = "(\(something) AND \(charge.problems[index].condition))"
    }
    // Nothing times a rate is nothing already.
    if case .linear = rate.schedule, rate.rounding == nil, rate.atLeast == nil { return charge }
    charge.amount = SQLInteger(
      "CASE WHEN \(something) THEN \(charge.amount.text) ELSE 0 END", most: charge.amount.most)
    return charge
  }

  private func price(_ amount: Rational, _ units: Int128) throws(SQLRefusal) -> Int128 {
    try whole(try Self.share(amount, units))
  }

  private func whole(_ number: Number, _ units: Int128) throws(SQLRefusal) -> Int128 {
    do {
      let scaled = try Rational(number) * Rational(whole: units)
      return scaled.numerator
    } catch { throw SQLRefusal("its amounts may need more than 38 digits") }
  }

  // MARK: Quantities

  private func scaled(_ id: AttributeID, _ decimals: Int) throws(SQLRefusal) -> SQLInteger {
    let factor = try SQLInteger.powerOfTen(decimals - attributes.decimals(id))
    return try attributes.quantity(id) * factor
  }

  private func quantity(
    _ id: AttributeID, _ decimals: Int, less rated: Set<AttributeID>
  ) throws(SQLRefusal) -> SQLInteger {
    let parts = innermost(id, rated)
    // A part may be finer than what it is a part of.
    let finest = parts.map { attributes.decimals($0) }.reduce(decimals, max)
    guard finest == decimals else {
      throw SQLRefusal("a part of `\(card[id].name)` is finer than the whole")
    }
    var quantity = try scaled(id, decimals)
    guard let first = parts.first else { return quantity }
    var sum = try scaled(first, decimals)
    for part in parts.dropFirst() { sum = try sum + scaled(part, decimals) }
    quantity = quantity.less(sum)
    return quantity
  }

  /// The nearest rated parts within an attribute.
  private func innermost(_ whole: AttributeID, _ rated: Set<AttributeID>) -> [AttributeID] {
    card.attributes.filter { $0.partOf == whole }.flatMap { part in
      rated.contains(part.id) ? [part.id] : innermost(part.id, rated)
    }
  }

  private func rounded(
    _ quantity: SQLInteger, _ rounding: Rate.QuantityRounding, _ units: Int128
  ) throws(SQLRefusal) -> SQLInteger {
    let multiple = try whole(rounding.multiple, units)
    let times: SQLInteger
    switch rounding.mode {
    case .down: times = try quantity.divided(by: multiple, dialect)
    case .up:
      times = try (quantity + SQLInteger(multiple - 1, dialect)).divided(by: multiple, dialect)
    case .halfUp:
      let doubled = try SQLInteger.product(multiple, 2)
      times = try (quantity * 2 + SQLInteger(multiple, dialect)).divided(by: doubled, dialect)
    case .halfEven: throw SQLRefusal("a quantity is not rounded half_even")
    }
    return try times * multiple
  }

  // MARK: Bands

  private func volume(
    _ bands: [Rate.Band], _ quantity: SQLInteger, _ units: Int128
  ) throws(SQLRefusal) -> Charge {
    var cases: [String] = []
    var most: Int128 = 0
    for band in bands {
      let charge = try quantity * price(band.rate, units)
      most = max(most, charge.most)
      if let bound = band.bound {
        let edge = try whole(bound, units)
        cases.append(
          "WHEN \(quantity.text) \(band.isInclusive ? "<=" : "<") \(edge) THEN \(charge.text)")
      } else {
        cases.append("WHEN TRUE THEN \(charge.text)")
      }
    }
    let amount = SQLInteger("CASE \(cases.joined(separator: " ")) ELSE 0 END", most: most)
    return Charge(amount: amount, problems: try past(bands, quantity, units))
  }

  /// A quantity past the last bounded band has no price.
  private func past(
    _ bands: [Rate.Band], _ quantity: SQLInteger, _ units: Int128
  ) throws(SQLRefusal) -> [(condition: String, code: String)] {
    guard let last = bands.last, let bound = last.bound else { return [] }
    let edge = try whole(bound, units)
    return [("\(quantity.text) \(last.isInclusive ? ">" : ">=") \(edge)", "unpriced")]
  }

  private func graduated(
    _ bands: [Rate.Band], _ after: AttributeID?, _ quantity: SQLInteger, _ units: Int128
  ) throws(SQLRefusal) -> Charge {
    var problems: [(condition: String, code: String)] = []
    var start: SQLInteger?
    var end = quantity
    if let after {
      problems.append(("\(attributes.column(after)) IS NULL", "invalid_request"))
      var factor: Int128 = 1
      while factor * (try SQLInteger.powerOfTen(attributes.decimals(after))) < units {
        factor = try SQLInteger.product(factor, 10)
      }
      let used = try attributes.quantity(after) * factor
      start = used
      end = try used + quantity
    }
    problems += try past(bands, end, units)
    var total = SQLInteger(0, dialect)
    var low: Int128 = 0
    for band in bands {
      var top = end
      if let bound = band.bound {
        top = end.atMost(SQLInteger(try whole(bound, units), dialect))
      }
      var bottom = SQLInteger(low, dialect)
      if let start { bottom = start.atLeast(bottom) }
      var part = top.less(bottom)
      part = SQLInteger(part.text, most: min(part.most, max(top.most - low, 0), quantity.most))
      total = try total + part * price(band.rate, units)
      if let bound = band.bound { low = try whole(bound, units) }
    }
    return Charge(amount: total, problems: problems)
  }
}

extension Rate {
  /// Every amount that a unit may cost.
  var amounts: [Rational] {
    switch schedule {
    case .linear(let amount): [amount]
    case .graduated(let bands, _), .volume(let bands): bands.map(\.rate)
    }
  }
}
