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
    digits(text.utf8.count)
    bytes.append(UInt8(ascii: ":"))
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
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
    digits(value)
    bytes.append(UInt8(ascii: ";"))
  }

  private mutating func digits(_ value: Int) {
    if (0..<10).contains(value) {
      bytes.append(UInt8(ascii: "0") + UInt8(value))
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
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
    let start = bytes.count
    let parts = self.parts(elements, write)
    let order = order(of: parts)
    if order == Array(parts.indices) { return }
    var sorted: [UInt8] = []
    sorted.reserveCapacity(bytes.count - start)
    for index in order { sorted.append(contentsOf: bytes[parts[index]]) }
    bytes.replaceSubrange(start..., with: sorted)
  }

  /// Writes each element, and answers where.
  mutating func parts<Elements: Collection>(
    _ elements: Elements, _ write: (inout CanonicalText, Elements.Element) -> Void
  ) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    parts.reserveCapacity(elements.count)
    for element in elements {
      let start = bytes.count
      write(&self, element)
      parts.append(start..<bytes.count)
    }
    return parts
  }

  /// The places of parts, sorted by their bytes.
  func order(of parts: [Range<Int>]) -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      parts.indices.sorted { bytes[parts[$0]].lexicographicallyPrecedes(bytes[parts[$1]]) }
    }
  }

  /// Writes bytes that are already canonical.
  mutating func raw(_ more: ArraySlice<UInt8>) { bytes.append(contentsOf: more) }
}
