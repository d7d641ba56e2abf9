internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// In which unit the provider reads the price of a credit of overage, about which its own documents
/// contradict each other.
public enum OverageUnit: String, Hashable, Sendable, CaseIterable {
  /// The currency's main unit: 0.04 USD is `0.04`.
  case main
  /// Its smallest: 0.04 USD is `4`.
  case smallest
}

/// What happens to credits that were granted, as the provider calls it.
struct CreditTerms {
  let terms: GrantTerms
  let unit: OverageUnit?

  /// The terms of a plan over the card's own.
  init(_ plan: GrantTerms, over card: GrantTerms, _ unit: OverageUnit?) {
    var terms = GrantTerms()
    terms.expiresAfterDays = plan.expiresAfterDays ?? card.expiresAfterDays
    // Said anew, it is said as a whole.
    let rollover = plan.rolloverPercent == nil ? card : plan
    terms.rolloverPercent = rollover.rolloverPercent
    terms.rolloverTerm = rollover.rolloverTerm
    terms.rolloverTimes = rollover.rolloverTimes
    if plan.overage != nil || card.overage != nil {
      terms.overage = .init(
        rate: plan.overage?.rate ?? card.overage?.rate,
        limit: plan.overage?.limit ?? card.overage?.limit,
        settlement: plan.overage?.settlement ?? card.overage?.settlement)
    }
    self.terms = terms
    self.unit = unit
  }

  /// What keeps the provider from taking them.
  var obstacles: [String] {
    var found: [String] = []
    if let percent = terms.rolloverPercent, !percent.isInteger {
      found.append("the provider rolls over whole percent, and the card says \(percent)")
    }
    if let overage = terms.overage {
      if let limit = overage.limit, !limit.isInteger {
        found.append("the provider limits overage to whole credits, and the card says \(limit)")
      }
      if overage.rate == nil, overage.settlement == .invoiceAtBilling {
        found.append("overage is invoiced, and the card has no `rate` for it")
      }
      if let rate = overage.rate, rate.inSmallestUnit == nil {
        found.append("the rate of overage has too many digits")
      }
    }
    return found
  }

  /// The price of a credit of overage, where it says nothing else to read it in either unit; nil: it
  /// is not settled what to send.
  private func price(_ rate: Money) -> (wanted: JSONValue, or: JSONValue?) {
    let main = JSONValue.string(rate.amount.description)
    let smallest = JSONValue.string((rate.inSmallestUnit ?? rate.amount).description)
    switch unit {
    case .main?: return (main, nil)
    case .smallest?: return (smallest, nil)
    case nil: return (main, main == smallest ? nil : smallest)
    }
  }

  func fields(_ place: Field.Place) -> [Field] {
    var fields: [Field] = []
    if let days = terms.expiresAfterDays {
      fields.append(Field(place, "expires_after_days", .number(String(days))))
    }
    let percent = terms.rolloverPercent ?? .zero
    fields.append(Field(place, "rollover_enabled", .bool(!percent.isZero)))
    if !percent.isZero {
      fields.append(Field(place, "rollover_percentage", JSONValue(percent)))
      if let term = terms.rolloverTerm {
        fields += [
          Field(place, "rollover_timeframe_count", .number(String(term.count))),
          Field(
            place, "rollover_timeframe_interval", .string(term.unit.rawValue.capitalizingFirst)),
        ]
      }
      if let times = terms.rolloverTimes {
        fields.append(Field(place, "max_rollover_count", .number(String(times))))
      }
    }
    fields.append(Field(place, "overage_enabled", .bool(terms.overage != nil)))
    guard let overage = terms.overage else { return fields }
    if let limit = overage.limit {
      // Of a product it is a text.
      fields.append(
        Field(
          place, "overage_limit",
          place == .top ? JSONValue(limit) : .string(limit.description)))
    }
    if let settlement = overage.settlement {
      fields.append(Field(place, "overage_behavior", .string(settlement.rawValue)))
    }
    // Without a rate nobody pays for it; the provider wants a price all the same.
    let rate = overage.rate ?? Money(amount: .zero, currency: "USD")
    let price = price(rate)
    fields.append(Field(place, "price_per_unit", price.wanted, or: price.or))
    fields.append(Field(place, "currency", .string(rate.currency)))
    return fields
  }
}

extension String {
  /// The text with its first letter as a capital.
  var capitalizingFirst: String { prefix(1).uppercased() + dropFirst() }
}
