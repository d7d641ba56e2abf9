internal import RatecardModel
internal import RatecardValues

/// Writes what a card says as bytes that mean one thing only.
///
/// Every part is a tag and its contents, texts with their lengths before them, so that no two
/// different cards give the same bytes. Lists whose order means nothing are sorted by their bytes.
struct CanonicalText {
  private(set) var bytes: [UInt8] = []

  /// Writes a text: its length, then its bytes.
  mutating func text(_ text: String) {
    bytes.append(contentsOf: String(text.utf8.count).utf8)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: text.utf8)
  }

  /// Writes a text: its length, then its bytes.
  mutating func text(_ text: ExactText) { self.text(text.string) }

  /// Writes a tag, which says what comes next.
  mutating func tag(_ tag: StaticString) {
    tag.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: " "))
  }

  /// Writes a number.
  mutating func integer(_ value: Int) {
    bytes.append(contentsOf: String(value).utf8)
    bytes.append(UInt8(ascii: ";"))
  }

  /// Writes a number.
  mutating func number(_ value: Number) { text(value.description) }

  /// Writes a ratio in lowest terms.
  mutating func rational(_ value: Rational) {
    text(String(value.numerator))
    text(String(value.denominator))
  }

  /// Writes true or false.
  mutating func flag(_ value: Bool) { bytes.append(UInt8(ascii: value ? "1" : "0")) }

  /// Writes whether there is a value, and the value.
  mutating func optional<Value>(
    _ value: Value?, _ write: (inout CanonicalText, Value) -> Void
  ) {
    flag(value != nil)
    if let value { write(&self, value) }
  }

  /// Writes a list in its order.
  mutating func list<Elements: Collection>(
    _ elements: Elements, _ write: (inout CanonicalText, Elements.Element) -> Void
  ) {
    integer(elements.count)
    for element in elements { write(&self, element) }
  }

  /// Writes a list whose order means nothing.
  mutating func set<Elements: Collection>(
    _ elements: Elements, _ write: (inout CanonicalText, Elements.Element) -> Void
  ) {
    integer(elements.count)
    if elements.count == 1, let only = elements.first { return write(&self, only) }
    for part in CanonicalText.parts(elements, write).sorted(by: { $0.lexicographicallyPrecedes($1) }
    ) {
      bytes.append(contentsOf: part)
    }
  }

  /// What each element is written as, on its own.
  static func parts<Elements: Collection>(
    _ elements: Elements, _ write: (inout CanonicalText, Elements.Element) -> Void
  ) -> [[UInt8]] {
    elements.map { element in
      var part = CanonicalText()
      write(&part, element)
      return part.bytes
    }
  }

  /// Writes bytes that are already canonical.
  mutating func raw(_ more: [UInt8]) { bytes.append(contentsOf: more) }
}
