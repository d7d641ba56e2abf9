internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `meter` section.
extension CheckContext {
  /// Providers take 50 properties of an event, two of which are the cost and when it was used.
  private static let propertyLimit = 48
  /// The most characters of a property's name, as providers count them.
  private static let propertyNameLimit = 100

  /// Reads how usage is metered; nil without the section.
  mutating func readMeter() -> Meter? {
    guard let part = sections.single("meter") else { return nil }
    let keys = [
      "event", "aggregation", "property", "units_per_credit", "properties", "zero_cost",
    ]
    guard
      let fields = fields(of: part.value, "`meter`", keys: keys, required: ["event"])
    else { return nil }
    var meter = Meter(
      event: "", aggregation: "sum", property: "credit_cost", unitsPerCredit: .one, properties: [],
      sendsZeroCost: false)
    if let node = fields["event"] { meter.event = name(node, "`event`") ?? "" }
    if let node = fields["aggregation"] {
      _ = option(node, "`aggregation`", among: ["sum"])
    }
    if let node = fields["property"], let property = name(node, "`property`") {
      meter.property = property
      checkPropertyName(property, at: node)
    }
    if let node = fields["units_per_credit"], let units = number(node, "`units_per_credit`") {
      if units == .zero {
        report(.numberOutOfRange, "`units_per_credit` must be above 0", at: node.span)
      }
      meter.unitsPerCredit = units
    }
    if let node = fields["properties"] { meter.properties = meterProperties(node) }
    if let node = fields["zero_cost"] {
      meter.sendsZeroCost = option(node, "`zero_cost`", among: ["skip", "send"]) == "send"
    }
    return meter
  }

  private mutating func meterProperties(_ node: Node) -> [AttributeID] {
    if node.kind == .sequence, node.items.isEmpty { return [] }
    var properties: [Attribute] = []
    for item in oneOrMore(node, "`properties`") ?? [] {
      guard let attribute = attribute(item) else { continue }
      if attribute.kind == .windows {
        report(
          .wrongKind, "`\(attribute.name)` is a set of windows, a property must be a single value",
          at: item.span, help: "leave it out")
      } else if properties.contains(where: { $0.id == attribute.id }) {
        report(
          .repeatedValue, "`\(attribute.name)` stands twice in `properties`", at: item.span,
          help: "remove one of them")
      } else {
        properties.append(attribute)
        checkPropertyName(attribute.name, at: item)
      }
    }
    if properties.count > Self.propertyLimit {
      report(
        .tooMany,
        "a meter has at most \(Self.propertyLimit) properties, this one has \(properties.count)",
        at: node.span, help: "leave out those that no report needs")
    }
    return properties.sorted { $0.name.precedesByBytes($1.name) }.map(\.id)
  }

  private mutating func checkPropertyName(_ name: String, at node: Node) {
    let length = name.unicodeScalars.count
    guard length > Self.propertyNameLimit else { return }
    report(
      .tooMany,
      "a property's name has at most \(Self.propertyNameLimit) characters, this one has \(length)",
      at: node.span, help: "the billing provider takes no longer ones")
  }
}
