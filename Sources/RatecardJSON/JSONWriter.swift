/// Writes a JSON document, value by value; commas, colons and indentation come by themselves.
///
/// The calls must make a document: names only in objects, each followed by a value, and everything
/// that begins ends. Names are not compared with one another.
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.key("credits")
///     writer.string("10")
///     writer.endObject()   // writer.bytes: {"credits":"10"}
public struct JSONWriter: Sendable {
  /// What has been written, as UTF-8.
  public private(set) var bytes: [UInt8]
  private let pretty: Bool
  /// What is open, the innermost apart from those around it: every item looks at it.
  private var innermost: Container?
  private var outer: [Container] = []
  private var followsName = false

  private struct Container {
    let isObject: Bool
    var isEmpty = true
  }

  /// Starts a document behind `bytes`; `pretty` puts each item on a line, two spaces a level.
  public init(appendingTo bytes: [UInt8] = [], pretty: Bool = false) {
    self.bytes = bytes
    self.pretty = pretty
  }

  /// The document as a string.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Forgets what has been written and starts another document in the same storage.
  public mutating func restart() {
    bytes.removeAll(keepingCapacity: true)
    innermost = nil
    outer.removeAll(keepingCapacity: true)
    followsName = false
  }

  /// Appends bytes as they are, such as a line's end between two documents.
  public mutating func raw(_ raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }

  /// Begins an object.
  public mutating func beginObject() { begin("{", isObject: true) }

  /// Ends the object that is open.
  public mutating func endObject() { end("}", isObject: true) }

  /// Begins an array.
  public mutating func beginArray() { begin("[", isObject: false) }

  /// Ends the array that is open.
  public mutating func endArray() { end("]", isObject: false) }

  /// Writes a member's name; its value comes next.
  public mutating func key(_ name: String) {
    precondition(innermost?.isObject == true && !followsName, "a name stands in an object")
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    if pretty { bytes.append(UInt8(ascii: " ")) }
    followsName = true
  }

  /// Writes a string.
  public mutating func string(_ text: String) {
    beginValue()
    quote(text)
  }

  /// Writes a number by its text, which must be a JSON number.
  public mutating func number(_ text: String) {
    precondition(!text.isEmpty, "a number has a text")
    beginValue()
    bytes.append(contentsOf: text.utf8)
  }

  /// Writes an integer.
  public mutating func number(_ integer: Int) { number(String(integer)) }

  /// Writes `true` or `false`.
  public mutating func bool(_ value: Bool) {
    beginValue()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes `null`.
  public mutating func null() {
    beginValue()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes a member with a string.
  public mutating func member(_ name: String, _ text: String) {
    key(name)
    string(text)
  }

  /// Writes a member with an integer.
  public mutating func member(_ name: String, _ integer: Int) {
    key(name)
    number(integer)
  }

  /// Writes a member with `true` or `false`.
  public mutating func member(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  private mutating func begin(_ bracket: Unicode.Scalar, isObject: Bool) {
    beginValue()
    bytes.append(UInt8(ascii: bracket))
    if let innermost { outer.append(innermost) }
    innermost = Container(isObject: isObject)
  }

  private mutating func end(_ bracket: Unicode.Scalar, isObject: Bool) {
    guard let container = innermost, container.isObject == isObject, !followsName else {
      preconditionFailure("what ends is what began last, and a name has a value")
    }
    innermost = outer.popLast()
    if pretty, !container.isEmpty { breakLine() }
    bytes.append(UInt8(ascii: bracket))
  }

  private mutating func beginValue() {
    if followsName {
      followsName = false
      return
    }
    precondition(innermost?.isObject != true, "a value in an object has a name")
    separate()
  }

  /// Writes the comma and the line break before an item of what is open.
  private mutating func separate() {
    guard let isEmpty = innermost?.isEmpty else { return }
    if !isEmpty { bytes.append(UInt8(ascii: ",")) }
    innermost?.isEmpty = false
    if pretty { breakLine() }
  }

  private var depth: Int { outer.count + (innermost == nil ? 0 : 1) }

  private mutating func breakLine() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { text in
      guard var place = text.baseAddress else { return }
      let end = place + text.count
      while place < end {
        let next = JSONRun.afterPlain(place, end)
        bytes.append(contentsOf: UnsafeBufferPointer(start: place, count: next - place))
        guard next < end else { break }
        escape(next.pointee)
        place = next + 1
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a byte of a string, as an escape where it does not stand for itself.
  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
    case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
    case 0x08: bytes.append(contentsOf: "\\b".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0C: bytes.append(contentsOf: "\\f".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0..<0x20:
      bytes.append(contentsOf: "\\u00".utf8)
      bytes.append(UInt8(ascii: "0") + byte >> 4)
      let digit = byte & 0x0F
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    default: bytes.append(byte)
    }
  }
}
