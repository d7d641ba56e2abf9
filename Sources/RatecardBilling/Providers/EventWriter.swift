internal import RatecardJSON
internal import RatecardValues

/// Writes events as Dodo Payments takes them.
///
/// Numbers are JSON numbers, exact: none passes through a binary floating-point number. The
/// provider's limits are kept: 50 properties, names of 100 characters, texts of 500.
enum EventWriter {
  private static let propertyLimit = 50
  private static let nameLimit = 100
  private static let textLimit = 500

  /// The body that hands over a batch.
  static func batch(_ events: [MeterEvent]) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("events")
    json.beginArray()
    for event in events { write(event, to: &json) }
    json.endArray()
    json.endObject()
    return json.bytes
  }

  /// Writes an event as an object.
  static func write(_ event: MeterEvent, to json: inout JSONWriter) {
    json.beginObject()
    json.member("event_id", event.id)
    json.member("customer_id", event.customer)
    json.member("event_name", event.name)
    json.member("timestamp", timestamp(event.at))
    json.key("metadata")
    json.beginObject()
    let own = event.occurredAt == nil ? [event.property] : [event.property, "occurred_at"]
    let names = event.properties.keys.filter { !own.contains($0) && isShort($0) }
      .sorted { ExactText($0) < ExactText($1) }
    for name in names.prefix(propertyLimit - 2) {
      json.key(name)
      switch event.properties[name] {
      case .text(let text)?: json.string(cut(text, to: textLimit))
      case .number(let number)?: json.number(number.description)
      case .flag(let flag)?: json.bool(flag)
      case nil: json.null()
      }
    }
    json.key(event.property)
    json.number(event.amount.description)
    if let occurredAt = event.occurredAt { json.member("occurred_at", timestamp(occurredAt)) }
    json.endObject()
    json.endObject()
  }

  /// An instant to the millisecond: not everyone reads nine decimals.
  static func timestamp(_ instant: Instant) -> String {
    let past = instant.nanoseconds % 1_000_000
    return (Instant(nanoseconds: instant.nanoseconds - past) ?? instant).description
  }

  /// A text of at most so many characters (Unicode scalars); a longer one ends with a mark.
  static func cut(_ text: String, to limit: Int) -> String {
    // No character has less than a byte.
    guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return text }
    var cut = String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))
    cut.append("…")
    return String(cut)
  }

  private static func isShort(_ name: String) -> Bool { name.unicodeScalars.count <= nameLimit }
}
