import RatecardCompiler
import RatecardModel
import RatecardValues

/// Rated attributes, and the parts and wholes that hold each other to sums.
extension PlainRequest {
  /// Takes quantities for what is rated, wanted or settled, all of them made smaller by the same
  /// power of ten where they do not fit; false where none obey the sums.
  func takeQuantities(_ values: inout [AttributeID: Value]) -> Bool {
    for scale in 0..<(quantities.isEmpty ? 0 : 10) {
      guard let rated = rated(by: scale), let parts = parts(withQuantitiesBy: scale) else {
        continue
      }
      values.merge(rated) { $1 }
      take(parts, &values)
      return true
    }
    for attribute in quantities.keys where given[attribute] == nil {
      guard let index = space.axis(of: attribute, in: .afterRouting), isWanted(index),
        !space.partSums.axes.contains(index)
      else { continue }
      values[attribute] = value(of: space.axes[index], in: atoms(index))
    }
    guard let parts = parts(withQuantitiesBy: nil) else { return false }
    take(parts, &values)
    return true
  }

  /// The quantities of rated attributes that are no parts or wholes; nil where one does not fit.
  private func rated(by scale: Int) -> [AttributeID: Value]? {
    var values: [AttributeID: Value] = [:]
    for (attribute, quantity) in quantities where given[attribute] == nil {
      guard let number = smaller(quantity, by: scale, attribute) else { return nil }
      if let index = space.axis(of: attribute, in: .afterRouting) {
        if space.partSums.axes.contains(index) { continue }
        guard let atom = space.atom(of: .number(number), on: index), atoms(index).contains(atom)
        else { return nil }
      }
      values[attribute] = .number(number)
    }
    return values
  }

  /// Takes parts and wholes, but for a 0 where nobody looks.
  private func take(_ parts: [Int: Number], _ values: inout [AttributeID: Value]) {
    for (index, number) in parts {
      let attribute = space.axes[index].attribute
      let isLookedAt =
        given[attribute] != nil || quantities[attribute] != nil
        || scene.axes.contains(index) && box[index] != nil
      if number.isZero, !isLookedAt, mayBeLeftOut(index) { continue }
      values[attribute] = .number(number)
    }
  }

  /// Values of parts and wholes, by axis; nil where none obey the sums.
  ///
  /// `scale` is the power of ten by which quantities are made smaller; nil: they are left out.
  private func parts(withQuantitiesBy scale: Int?) -> [Int: Number]? {
    guard !space.partSums.axes.isEmpty else { return [:] }
    var known: [Int: Number] = [:]
    for attribute in space.card.attributes where attribute.partOf == nil {
      guard let index = space.axis(of: attribute.id, in: .afterRouting),
        space.partSums.axes.contains(index)
      else { continue }
      guard total(of: attribute.id, scale, into: &known) != nil else { return nil }
    }
    var whole = box
    var pinned = box
    for index in space.partSums.axes {
      if given[space.axes[index].attribute] != nil {
        // A settled value may lie outside the box: just past the bound that is looked at.
        pinned = pinned.without(index)
        whole = whole.without(index)
      } else if known[index] == nil, mayBeLeftOut(index), space.axes[index].hasAbsent,
        !(scene.axes.contains(index) && box[index] != nil)
      {
        pinned = pinned.replacing(index, by: space.axes[index].absent)
      }
    }
    var liked = known
    for index in space.partSums.axes
    where known[index] == nil && scene.axes.contains(index) && box[index] != nil {
      guard case .numbers(let numbers) = space.axes[index].domain else { continue }
      liked[index] = numbers.plain(in: atoms(index).intersection(space.axes[index].present)).first
    }
    return space.partSums.example(pinned, given: liked)
      ?? space.partSums.example(pinned, given: known)
      ?? space.partSums.example(whole, given: known)
  }

  /// What an attribute should carry: its own quantity and those of its parts, kept in `known` where
  /// that is something; nil: too large.
  private func total(
    of attribute: AttributeID, _ scale: Int?, into known: inout [Int: Number]
  ) -> Number? {
    var sum = Number.zero
    for part in space.card.attributes where part.partOf == attribute {
      guard let inner = total(of: part.id, scale, into: &known), let next = sum.adding(inner)
      else { return nil }
      sum = next
    }
    guard let index = space.axis(of: attribute, in: .afterRouting) else { return sum }
    if case .number(let number) = given[attribute] {
      known[index] = number
      return number
    }
    if let scale, let quantity = quantities[attribute],
      let own = smaller(quantity, by: scale, attribute)
    {
      guard let next = sum.adding(own) else { return nil }
      sum = next
      known[index] = sum
    }
    return sum
  }

  /// A quantity divided by a power of ten; a count does not fall below 1.
  private func smaller(_ quantity: Number, by scale: Int, _ attribute: AttributeID) -> Number? {
    guard scale > 0, !quantity.isZero else { return quantity }
    let number = Number(
      significand: quantity.significand, exponent: quantity.exponent - scale)
    guard case .count = space.card[attribute].kind, let number, !number.isInteger else {
      return number
    }
    return .one
  }
}

extension Rate {
  /// A quantity whose price shows the rate: the least power of ten, or so many of what it is rounded
  /// to, of whose price nothing is rounded; at least a hundredth, within the first band and the
  /// rate's bounds.
  ///
  /// `decimals` are those of a credit.
  func plainQuantity(isInteger: Bool, decimals: Int) -> Number {
    let base = rounding?.multiple ?? .one
    var candidates = (0...9).compactMap {
      Number(significand: base.significand, exponent: base.exponent + $0)
    }
    var perUnit = Rational.zero
    var bound: Number?
    switch schedule {
    case .linear(let rate): perUnit = rate
    case .graduated(let bands, _), .volume(let bands):
      perUnit = bands.first?.rate ?? .zero
      bound = bands.first?.bound
    }
    candidates = candidates.filter { number in
      (!isInteger || number.isInteger) && number >= atLeast ?? number && number <= atMost ?? number
        && bound.map { number < $0 } ?? true
    }
    let charged = candidates.map { number -> (charge: Rational, isExact: Bool) in
      guard let charge = try? Rational(number) * perUnit,
        let rounded = try? charge.rounded(decimals: decimals, .up)
      else { return (.zero, false) }
      return (charge, (try? Rational(rounded)) == charge && charge > .zero)
    }
    let least = (try? Rational(Number.percent)) ?? .one
    let place =
      charged.firstIndex { $0.isExact && $0.charge >= least }
      ?? charged.firstIndex { $0.charge >= .one } ?? charged.firstIndex(where: \.isExact)
    return place.map { candidates[$0] } ?? candidates.last ?? atLeast ?? .one
  }
}
