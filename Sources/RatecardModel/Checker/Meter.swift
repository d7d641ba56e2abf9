internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `meter` section.
extension CheckContext {
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
      }
    }
    return properties.sorted { $0.name.precedesByBytes($1.name) }.map(\.id)
  }
}
