/// One step through a JSON document.
public enum JSONToken: Hashable, Sendable {
  /// `{`.
  case beginObject
  /// `}`.
  case endObject
  /// `[`.
  case beginArray
  /// `]`.
  case endArray
  /// A member's name; its value comes next.
  case key(JSONSlice)
  /// A string.
  case string(JSONSlice)
  /// A number.
  case number(JSONSlice)
  /// `true` or `false`.
  case bool(Bool)
  /// `null`.
  case null
  /// The end of the document.
  case end
}

/// The bytes of a name, string (without its quotes) or number in the document.
public struct JSONSlice: Hashable, Sendable {
  /// Where the bytes stand in the document.
  public let range: Range<Int>
  /// Whether escapes stand among them, so that the bytes are not yet the text.
  public let hasEscapes: Bool

  @inlinable
  init(_ range: Range<Int>, hasEscapes: Bool) {
    self.range = range
    self.hasEscapes = hasEscapes
  }
}
