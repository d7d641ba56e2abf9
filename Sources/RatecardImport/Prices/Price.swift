internal import RatecardValues

/// What some units cost, in the list's currency.
struct Rate: Hashable, Sendable {
  /// The amount for `per` units.
  var amount: Number
  /// How many units the amount is for.
  var per = 1
  /// The least quantity that is charged, where there is any.
  var atLeast: Int?
  /// The greatest quantity that is charged.
  var atMost: Int?
}

/// What a request costs: an amount for itself, and one for each unit it uses.
struct Price: Hashable, Sendable {
  /// The amount for the request itself.
  var flat: Number?
  /// The amounts by unit.
  var rates: [UsageUnit: Rate] = [:]

  /// Whether a card can hold its amounts exactly, each for one unit.
  var isSayable: Bool {
    let amounts = [Rate(amount: flat ?? .zero)] + rates.values
    return amounts.allSatisfy { rate in
      (try? Rational(rate.amount) / Rational(rate.per)) != nil
    }
  }

  /// Whether it says nothing at all.
  var isEmpty: Bool { flat == nil && rates.isEmpty }
}
