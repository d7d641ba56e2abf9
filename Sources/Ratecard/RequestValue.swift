public import RatecardValues

/// A value that a request gives an attribute.
///
/// Literals work wherever one is wanted: `["model": "gpt-4o", "input_tokens": 1200, "batch": true]`.
public enum RequestValue: Hashable, Sendable {
  /// Text, or a number, flag or instant spelled as text for an attribute of such a type.
  case text(String)
  /// A number. It is not text: an attribute of type `text` refuses it.
  case number(Number)
  /// True or false.
  case flag(Bool)
  /// A point in time.
  case instant(Instant)
  /// Not carried, the same as leaving the attribute out: JSON's `null`, an empty CSV cell.
  case absent
}

extension RequestValue: ExpressibleByStringLiteral {
  /// Makes a text.
  public init(stringLiteral value: String) { self = .text(value) }
}

extension RequestValue: ExpressibleByIntegerLiteral {
  /// Makes a number.
  public init(integerLiteral value: Int) { self = .number(Number(value)) }
}

extension RequestValue: ExpressibleByBooleanLiteral {
  /// Makes a flag.
  public init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension RequestValue: ExpressibleByNilLiteral {
  /// Makes an absent value.
  public init(nilLiteral: ()) { self = .absent }
}
