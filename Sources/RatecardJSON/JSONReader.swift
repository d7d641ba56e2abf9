/// Reads a JSON document (RFC 8259) token by token, strictly.
///
/// Text is checked before it is handed out: UTF-8, escapes, surrogate pairs, control characters. A
/// name that stands twice in an object is a failure, and so is nesting deeper than `depthLimit`.
/// Numbers are checked and keep their text. Any bytes may be given; after a failure the reader is
/// good for nothing but `restart`.
///
///     bytes.withUnsafeBufferPointer { bytes in
///       var reader = JSONReader(bytes)
///       while try reader.next() != .end { … }
///     }
public struct JSONReader {
  // SAFETY: the reader only reads within the buffer, every index is compared with its count first.
  // The caller keeps the bytes alive and unchanged while the reader is in use, as the initialisers
  // ask.
  private var bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var expects = Expectation.value
  private var open: [Container] = []
  private var names: [JSONSlice] = []
  /// By depth, all the names of an object that has too many to look through one by one.
  private var manyNames: [Int: Set<[UInt8]>] = [:]
  private let depthLimit: Int

  /// What may come next.
  private enum Expectation {
    /// A value.
    case value
    /// A value, or the end of the array that just began.
    case firstItem
    /// A name, or the end of the object that just began.
    case firstName
    /// The value of the name just read.
    case memberValue
    /// A comma, or the end of what is open, or of the document.
    case more
  }

  /// An object or array that has not ended.
  private struct Container {
    let isObject: Bool
    /// Where its names begin in `names`.
    let firstName: Int
  }

  /// Starts at the beginning of a document; its bytes must stay while the reader is used.
  public init(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int = 128) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// Starts over with another document, reusing the reader's storage.
  public mutating func restart(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    position = 0
    expects = .value
    open.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    manyNames.removeAll()
  }

  /// The byte behind the last token.
  public var offset: Int { position }

  /// How many objects and arrays are open.
  public var depth: Int { open.count }

  /// Reads the next token; after the document's end it is `.end` again and again.
  public mutating func next() throws(JSONFailure) -> JSONToken {
    skipSpace()
    switch expects {
    case .value, .memberValue:
      return try readValue()
    case .firstItem:
      if peek == UInt8(ascii: "]") { return close(.endArray) }
      return try readValue()
    case .firstName:
      if peek == UInt8(ascii: "}") { return close(.endObject) }
      return try readName()
    case .more:
      guard let container = open.last else {
        guard position == bytes.count else { throw fail("nothing follows the document's value") }
        return .end
      }
      if peek == UInt8(ascii: ",") {
        position += 1
        skipSpace()
        return container.isObject ? try readName() : try readValue()
      }
      if container.isObject {
        guard peek == UInt8(ascii: "}") else { throw unexpected("`,` or `}`") }
        return close(.endObject)
      }
      guard peek == UInt8(ascii: "]") else { throw unexpected("`,` or `]`") }
      return close(.endArray)
    }
  }

  /// Skips the rest of the value whose first token was just read.
  public mutating func skip(_ first: JSONToken) throws(JSONFailure) {
    guard first == .beginObject || first == .beginArray else { return }
    let outside = open.count - 1
    while open.count > outside { _ = try next() }
  }

  /// The bytes of a slice as they stand in the document.
  public func bytes(of slice: JSONSlice) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[slice.range])
  }

  /// The text of a slice, its escapes resolved.
  public func text(of slice: JSONSlice) -> String {
    guard slice.hasEscapes else { return String(decoding: bytes(of: slice), as: UTF8.self) }
    var text: [UInt8] = []
    JSONReader.unescape(bytes(of: slice), into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the text of a slice, its escapes resolved, as UTF-8.
  public func append(_ slice: JSONSlice, to text: inout [UInt8]) {
    if slice.hasEscapes {
      JSONReader.unescape(bytes(of: slice), into: &text)
    } else {
      text.append(contentsOf: bytes(of: slice))
    }
  }

  /// A failure at the reader's place, for a caller who expected something else.
  public func fail(_ message: String) -> JSONFailure { JSONFailure(message, at: position) }

  // MARK: - Structure

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    guard let start = bytes.baseAddress else { return }
    position = JSONRun.afterSpace(start + position, start + bytes.count) - start
  }

  private mutating func readValue() throws(JSONFailure) -> JSONToken {
    switch peek {
    case UInt8(ascii: "{"):
      try begin(isObject: true)
      return .beginObject
    case UInt8(ascii: "["):
      try begin(isObject: false)
      return .beginArray
    case UInt8(ascii: "\""):
      let slice = try readString()
      expects = .more
      return .string(slice)
    case UInt8(ascii: "t"):
      try readWord("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try readWord("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try readWord("null")
      return .null
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      let slice = try readNumber()
      expects = .more
      return .number(slice)
    default:
      throw unexpected("a value")
    }
  }

  private mutating func begin(isObject: Bool) throws(JSONFailure) {
    guard open.count < depthLimit else {
      throw fail("the document is nested more than \(depthLimit) deep")
    }
    open.append(Container(isObject: isObject, firstName: names.count))
    expects = isObject ? .firstName : .firstItem
    position += 1
  }

  private mutating func close(_ token: JSONToken) -> JSONToken {
    if let container = open.popLast() {
      if !manyNames.isEmpty { manyNames[open.count + 1] = nil }
      names.removeLast(names.count - container.firstName)
    }
    position += 1
    expects = .more
    return token
  }

  private mutating func readName() throws(JSONFailure) -> JSONToken {
    guard peek == UInt8(ascii: "\"") else { throw unexpected("a name in double quotes") }
    let start = position
    let slice = try readString()
    guard isNew(slice) else {
      throw JSONFailure("the name `\(text(of: slice))` stands twice in one object", at: start)
    }
    skipSpace()
    guard peek == UInt8(ascii: ":") else { throw unexpected("`:`") }
    position += 1
    expects = .memberValue
    return .key(slice)
  }

  private mutating func readWord(_ word: StaticString) throws(JSONFailure) {
    let count = word.utf8CodeUnitCount
    let isThere = word.withUTF8Buffer { word in
      bytes.count - position >= count
        && word.elementsEqual(bytes[position..<position + count])
    }
    guard isThere else { throw unexpected("a value") }
    position += count
    expects = .more
  }

  private func unexpected(_ expected: String) -> JSONFailure {
    guard position < bytes.count else {
      return fail("\(expected) is expected, but the document ends")
    }
    let rest = bytes[position..<min(bytes.count, position + 16)]
    if position == 0, rest.starts(with: [0xEF, 0xBB, 0xBF]) {
      return fail("the document begins with a byte order mark")
    }
    let character = String(decoding: rest, as: UTF8.self).prefix(1)
    return fail("\(expected) is expected, not `\(character)`")
  }

  // MARK: - Names

  /// Remembers a name of the innermost object; false when the object has it already.
  private mutating func isNew(_ name: JSONSlice) -> Bool {
    guard let first = open.last?.firstName else { return true }
    let few = 16
    if names.count - first < few {
      for index in first..<names.count where isSame(names[index], name) { return false }
      names.append(name)
      return true
    }
    let depth = open.count
    if manyNames[depth] == nil { manyNames[depth] = Set(names[first...].map { resolved($0) }) }
    let text = resolved(name)
    return manyNames[depth]?.insert(text).inserted ?? true
  }

  private func isSame(_ left: JSONSlice, _ right: JSONSlice) -> Bool {
    if left.hasEscapes || right.hasEscapes { return resolved(left) == resolved(right) }
    let count = left.range.count
    guard count == right.range.count else { return false }
    for offset in 0..<count
    where bytes[left.range.lowerBound + offset] != bytes[right.range.lowerBound + offset] {
      return false
    }
    return true
  }

  private func resolved(_ slice: JSONSlice) -> [UInt8] {
    var text: [UInt8] = []
    append(slice, to: &text)
    return text
  }

  // MARK: - Scalars

  private mutating func readNumber() throws(JSONFailure) -> JSONSlice {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let first = position
    guard skipDigits() > 0 else { throw unexpected("a digit") }
    if bytes[first] == UInt8(ascii: "0"), position > first + 1 {
      throw JSONFailure("a number does not begin with a needless 0", at: first)
    }
    if peek == UInt8(ascii: ".") {
      position += 1
      guard skipDigits() > 0 else { throw unexpected("a digit after the point") }
    }
    if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if peek == UInt8(ascii: "-") || peek == UInt8(ascii: "+") { position += 1 }
      guard skipDigits() > 0 else { throw unexpected("a digit of the exponent") }
    }
    return JSONSlice(start..<position, hasEscapes: false)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
    return position - start
  }

  /// Reads a string from its opening to its closing quote; the slice is what stands between.
  private mutating func readString() throws(JSONFailure) -> JSONSlice {
    let opening = position
    position += 1
    let start = position
    var hasEscapes = false
    while true {
      skipPlain()
      guard position < bytes.count else { break }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return JSONSlice(start..<position - 1, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try checkEscape()
      case 0..<0x20:
        throw fail("a control character must be escaped in a string")
      default:
        guard let length = UTF8Check.length(in: bytes, at: position) else {
          throw fail("the text is not UTF-8")
        }
        position += length
      }
    }
    throw JSONFailure("the string that begins here has no end", at: opening)
  }

  private mutating func skipPlain() {
    guard let start = bytes.baseAddress else { return }
    position = JSONRun.afterPlain(start + position, start + bytes.count) - start
  }

  private mutating func checkEscape() throws(JSONFailure) {
    let start = position
    position += 1
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      guard let unit = JSONReader.hexUnit(bytes, at: position + 1) else {
        throw JSONFailure("four hexadecimal digits must follow `\\u`", at: start)
      }
      position += 5
      if unit & 0xFC00 == 0xD800 {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u"),
          let low = JSONReader.hexUnit(bytes, at: position + 2), low & 0xFC00 == 0xDC00
        else { throw JSONFailure("half of a surrogate pair stands alone", at: start) }
        position += 6
      } else if unit & 0xFC00 == 0xDC00 {
        throw JSONFailure("half of a surrogate pair stands alone", at: start)
      }
    default:
      throw JSONFailure("there is no such escape in a JSON string", at: start)
    }
  }

  /// Four hexadecimal digits as a UTF-16 unit.
  private static func hexUnit(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32? {
    guard bytes.count - start >= 4 else { return nil }
    var unit: UInt32 = 0
    for offset in 0..<4 {
      let byte = bytes[start + offset]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// Resolves the escapes of a string that has been checked.
  private static func unescape(_ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) {
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\\"), position < bytes.count else {
        text.append(byte)
        continue
      }
      let mark = bytes[position]
      position += 1
      switch mark {
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "u"):
        guard var value = hexUnit(bytes, at: position) else { continue }
        position += 4
        if value & 0xFC00 == 0xD800, let low = hexUnit(bytes, at: position + 2) {
          value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
          position += 6
        }
        if let scalar = Unicode.Scalar(value), let units = UTF8.encode(scalar) {
          text.append(contentsOf: units)
        }
      default: text.append(mark)
      }
    }
  }
}
