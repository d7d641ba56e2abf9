import RatecardModel
import RatecardValues

/// A quantity at which a rate changes.
struct RateBound: Hashable {
  let attribute: AttributeID
  let bound: Number
  /// The attribute at whose value bands are entered.
  let after: AttributeID?
  /// Whether a band ends there; else the quantity is rounded or bounded there.
  let isOfBand: Bool
}

extension Rate {
  /// The quantities, as requests carry them, at which a band ends, the quantity becomes another
  /// multiple, or a bound of it begins to matter; ascending.
  var bounds: [RateBound] {
    var found: [RateBound] = []
    func add(_ bound: Number?, isInclusive: Bool, isOfBand: Bool) {
      var after: AttributeID?
      if isOfBand, case .graduated(_, let attribute) = schedule { after = attribute }
      guard let bound, let raw = unrounded(bound, isInclusive: isInclusive) else { return }
      guard !found.contains(where: { $0.bound == raw }) else { return }
      found.append(
        RateBound(attribute: attribute, bound: raw, after: after, isOfBand: isOfBand))
    }
    switch schedule {
    case .linear: break
    case .graduated(let bands, _), .volume(let bands):
      for band in bands { add(band.bound, isInclusive: band.isInclusive, isOfBand: true) }
    }
    add(atLeast, isInclusive: true, isOfBand: false)
    add(atMost, isInclusive: true, isOfBand: false)
    // Where the first multiple ends.
    if let rounding { add(rounding.multiple, isInclusive: rounding.mode == .up, isOfBand: false) }
    return found.sorted { $0.bound < $1.bound }
  }

  /// The quantity before rounding at which the rounded one passes a bound; nil: out of range.
  private func unrounded(_ bound: Number, isInclusive: Bool) -> Number? {
    guard let rounding else { return bound }
    do {
      let multiple = try Rational(rounding.multiple)
      let exact = try Rational(bound)
      // The greatest multiple that does not pass.
      var last = try exact.rounded(toMultipleOf: multiple, .down)
      if last == exact, !isInclusive { last = try last - multiple }
      let next = try last + multiple
      let raw: Rational
      switch rounding.mode {
      case .up: raw = last
      case .down: raw = next
      case .halfUp, .halfEven: raw = try (last + next) / Rational(2)
      }
      return try raw.rounded(decimals: 38, .down)
    } catch {
      return nil
    }
  }
}
