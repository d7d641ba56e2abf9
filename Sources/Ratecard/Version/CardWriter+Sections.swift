internal import RatecardModel
internal import RatecardValues

/// The sections that hold no rules.
extension CardWriter {
  func credit(_ credit: Credit, into text: inout CanonicalText) {
    text.text(credit.unit)
    text.integer(credit.decimals)
    text.text(credit.rounding.rawValue)
    text.optional(credit.worth) { money($1, into: &$0) }
    grant(credit.grant, into: &text)
  }

  func attribute(_ attribute: Attribute, into text: inout CanonicalText) {
    text.text(attribute.name)
    switch attribute.kind {
    case .text: text.tag("text")
    case .choice(let values):
      text.tag("choice")
      text.set(values) { $0.text($1) }
    case .flag: text.tag("flag")
    case .count: text.tag("count")
    case .quantity: text.tag("quantity")
    case .number: text.tag("number")
    case .instant: text.tag("instant")
    case .windows: text.tag("windows")
    }
    text.optional(attribute.defaultValue) { value($1, into: &$0) }
    text.optional(attribute.partOf) { $0.text(name($1)) }
    switch attribute.origin {
    case .builtIn: text.tag("built-in")
    case .declared: text.tag("declared")
    case .derived: text.tag("derived")
    case .event: text.tag("event")
    }
  }

  func model(_ model: ModelList.Model, into text: inout CanonicalText) {
    text.text(model.name)
    text.optional(model.modelClass) { $0.text($1) }
    text.set(Array(Set(model.aliases))) { pattern($1, into: &$0) }
  }

  func window(_ named: NamedWindow, into text: inout CanonicalText) {
    text.text(named.name)
    let window = named.window
    text.set(Array(Set(window.hours))) { text, hours in
      text.integer(hours.start)
      text.integer(hours.end)
    }
    text.text(window.zone.name)
    text.optional(window.days) { text, days in
      text.set(days.map(\.rawValue)) { $0.integer($1) }
    }
    text.text(window.daysZone.name)
    text.set(window.except) { $0.integer($1.daysSince1970) }
  }

  func plan(_ plan: Plan, into text: inout CanonicalText) {
    text.text(plan.name)
    text.optional(plan.product) { $0.text($1) }
    text.optional(plan.price) { money($1, into: &$0) }
    text.text(plan.interval.rawValue)
    text.flag(plan.isPerSeat)
    text.optional(plan.credits) { $0.number($1) }
    text.optional(plan.lowBalancePercent) { $0.number($1) }
    grant(plan.grant, into: &text)
  }

  func meter(_ meter: Meter, into text: inout CanonicalText) {
    text.text(meter.event)
    text.text(meter.aggregation)
    text.text(meter.property)
    text.number(meter.unitsPerCredit)
    text.set(meter.properties) { $0.text(name($1)) }
    text.flag(meter.sendsZeroCost)
  }

  func test(_ test: CardTest, into text: inout CanonicalText) {
    text.text(test.name)
    switch test.question {
    case .decision: text.tag("request")
    case .price: text.tag("price")
    case .event: text.tag("event")
    }
    text.set(test.inputs) { text, input in
      text.text(input.name)
      text.text(input.text)
    }
    text.set(test.expected) { text, expected in
      text.text(expected.part.rawValue)
      answer(expected.answer, into: &text)
    }
  }

  private func answer(_ answer: CardTest.Expected.Answer, into text: inout CanonicalText) {
    switch answer {
    case .number(let number):
      text.tag("number")
      text.number(number)
    case .text(let string):
      text.tag("text")
      text.text(string)
    case .texts(let strings):
      text.tag("texts")
      text.list(strings) { $0.text($1) }
    case .parameters(let parameters):
      text.tag("parameters")
      text.set(parameters) { text, parameter in
        text.text(parameter.name)
        value(parameter.value, into: &text)
      }
    case .absent: text.tag("absent")
    case .present: text.tag("present")
    }
  }

  func promise(_ promise: Guard, into text: inout CanonicalText) {
    text.text(promise.name)
    scope(promise.scope, into: &text)
    switch promise.promise {
    case .credits(let matcher):
      text.tag("credits")
      self.matcher(matcher, into: &text)
    case .neverFallsIn(let attributes):
      text.tag("never-falls-in")
      text.set(attributes) { $0.text(name($1)) }
    case .denied: text.tag("denied")
    case .neverDenied: text.tag("never-denied")
    case .priced: text.tag("priced")
    case .changes(let atMost, let atLeast):
      text.tag("changes")
      text.optional(atMost) { $0.number($1) }
      text.optional(atLeast) { $0.number($1) }
    }
  }

  private func grant(_ terms: GrantTerms, into text: inout CanonicalText) {
    text.optional(terms.expiresAfterDays) { $0.integer($1) }
    text.optional(terms.rolloverPercent) { $0.number($1) }
    if terms.rolloverTerm != nil || terms.rolloverTimes != nil {
      text.tag("rollover")
      text.optional(terms.rolloverTerm) { $0.text($1.description) }
      text.optional(terms.rolloverTimes) { $0.integer($1) }
    }
    text.optional(terms.overage) { text, overage in
      text.optional(overage.rate) { money($1, into: &$0) }
      text.optional(overage.limit) { $0.number($1) }
      text.optional(overage.settlement) { $0.text($1.rawValue) }
    }
  }

  private func money(_ money: Money, into text: inout CanonicalText) {
    text.number(money.amount)
    text.text(money.currency)
  }
}
