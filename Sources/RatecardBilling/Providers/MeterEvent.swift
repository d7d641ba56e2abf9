internal import RatecardJSON
public import RatecardModel
internal import RatecardStore
public import RatecardValues

/// Usage as a provider's meter counts it.
public struct MeterEvent: Hashable, Sendable {
  /// A value that is told with the usage.
  public enum Property: Hashable, Sendable {
    case text(String)
    case number(Number)
    case flag(Bool)
  }

  /// The event's id at the provider for ever.
  public var id: String
  /// Who used it.
  public var customer: String
  /// The meter's event name.
  public var name: String
  /// When it is said to have been used.
  public var at: Instant
  /// When it was used, where that is not `at`: the provider takes no events so old.
  public var occurredAt: Instant?
  /// The property that the meter adds up.
  public var property: String
  /// What the meter adds.
  public var amount: Number
  /// Other properties, for reports, by name.
  public var properties: [String: Property]

  /// Makes an event.
  public init(
    id: String, customer: String, name: String, at: Instant, occurredAt: Instant? = nil,
    property: String, amount: Number, properties: [String: Property] = [:]
  ) {
    self.id = id
    self.customer = customer
    self.name = name
    self.at = at
    self.occurredAt = occurredAt
    self.property = property
    self.amount = amount
    self.properties = properties
  }
}

/// What a card says of its meter: how usage becomes events.
public struct MeterTerms: Hashable, Sendable {
  let event: String
  let property: String
  let unitsPerCredit: Number
  let attributes: [String]

  /// The terms of a card; nil where it has no meter.
  public init?(_ card: Card) {
    guard let meter = card.meter else { return nil }
    event = meter.event
    property = meter.property
    unitsPerCredit = meter.unitsPerCredit
    attributes = meter.properties.map { card[$0].name }
  }

  /// Recorded usage as an event, its amount exact; `at` stands in for when it was used.
  func event(for usage: UsageEvent, at: Instant? = nil) throws(Overflow) -> MeterEvent {
    MeterEvent(
      id: usage.id, customer: usage.customer, name: event, at: at ?? usage.occurredAt,
      occurredAt: at == nil ? nil : usage.occurredAt, property: property,
      amount: try product(usage.credits, unitsPerCredit), properties: properties(of: usage))
  }

  private func properties(of usage: UsageEvent) -> [String: MeterEvent.Property] {
    if attributes.isEmpty { return [:] }
    var text = usage.attributes
    return text.withUTF8 { (try? properties(in: JSONReader($0))) ?? [:] }
  }

  private func properties(
    in json: consuming JSONReader
  ) throws(JSONFailure) -> [String: MeterEvent.Property] {
    var properties: [String: MeterEvent.Property] = [:]
    guard try json.next() == .beginObject else { return [:] }
    while case .key(let slice) = try json.next() {
      let name = json.text(of: slice)
      let value = try json.next()
      guard name != property, attributes.contains(name) else {
        try json.skip(value)
        continue
      }
      switch value {
      case .string(let slice): properties[name] = .text(json.text(of: slice))
      case .number(let slice):
        properties[name] = (try? Number(json: json.bytes(of: slice))).map { .number($0) }
      case .bool(let flag): properties[name] = .flag(flag)
      default: try json.skip(value)
      }
    }
    return properties
  }

  private func product(_ left: Number, _ right: Number) throws(Overflow) -> Number {
    let (digits, isTooLong) = left.significand.multipliedReportingOverflow(by: right.significand)
    guard !isTooLong,
      let product = Number(significand: digits, exponent: left.exponent + right.exponent)
    else { throw Overflow() }
    return product
  }
}
