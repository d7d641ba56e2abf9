internal import RatecardValues

/// Every amount of an entry, so that it can be seen what each of them changes.
extension LiteLLMEntry {
  /// Where an amount stands.
  enum Place {
    case amount(String)
    case sized(Int)
    case tier(Int, String)
    case offPeak(String)
    case search(String)
  }

  /// The places of all amounts but those that are 0, with what a comment calls them, in a stable order.
  var places: [(place: Place, title: String)] {
    func keys(_ amounts: [String: Number]) -> [String] {
      amounts.filter { !$0.value.isZero }.keys.sorted(by: precedes)
    }
    var places = keys(amounts).map { (Place.amount($0), $0) }
    for (index, sized) in sized.enumerated() where !sized.amount.isZero {
      places.append((.sized(index), "\(sized.key)_\(sized.size)"))
    }
    for (index, tier) in tiers.enumerated() {
      places += keys(tier.amounts).map { (.tier(index, $0), "tiered_pricing.\($0)") }
    }
    places += keys(offPeak).map { (.offPeak($0), "off_peak_pricing.\($0)") }
    places += keys(searches).map { (.search($0), "search_context_size_\($0)") }
    return places
  }

  /// The entry with another amount in a place, which is not 0 either.
  func changing(_ place: Place) -> LiteLLMEntry {
    var entry = self
    switch place {
    case .amount(let key): entry.amounts[key]?.change()
    case .sized(let index): entry.sized[index].amount.change()
    case .tier(let index, let key): entry.tiers[index].amounts[key]?.change()
    case .offPeak(let key): entry.offPeak[key]?.change()
    case .search(let key): entry.searches[key]?.change()
    }
    return entry
  }
}

extension Number {
  fileprivate mutating func change() {
    self = Number(significand: significand == 1 ? 3 : 1, exponent: exponent) ?? self
  }
}
