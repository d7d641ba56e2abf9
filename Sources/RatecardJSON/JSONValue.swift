/// A JSON document as a tree, for tools; what is fast reads tokens.
///
/// Objects keep their members' order; numbers keep their text, and equal texts make equal numbers.
public indirect enum JSONValue: Hashable, Sendable {
  /// A name and its value.
  public struct Member: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// An object.
  case object([Member])
  /// An array.
  case array([JSONValue])
  /// A string.
  case string(String)
  /// A number, by its text.
  case number(String)
  /// `true` or `false`.
  case bool(Bool)
  /// `null`.
  case null

  /// The value of an object's member; nil without such a member, or when it is no object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The items of an array; nil when it is none.
  public var items: [JSONValue]? {
    guard case .array(let items) = self else { return nil }
    return items
  }

  /// The members of an object; nil when it is none.
  public var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The text of a string; nil when it is none.
  public var string: String? {
    guard case .string(let string) = self else { return nil }
    return string
  }
}

extension JSONValue {
  /// Reads a whole document, as strictly as `JSONReader` does.
  public init(parsing bytes: [UInt8], depthLimit: Int = 128) throws(JSONFailure) {
    let result = bytes.withUnsafeBufferPointer { bytes in
      Result<JSONValue, JSONFailure> { () throws(JSONFailure) in
        var reader = JSONReader(bytes, depthLimit: depthLimit)
        let value = try JSONValue(from: &reader, first: try reader.next())
        _ = try reader.next()
        return value
      }
    }
    self = try result.get()
  }

  /// Reads a whole document, as strictly as `JSONReader` does.
  public init(parsing text: String, depthLimit: Int = 128) throws(JSONFailure) {
    try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
  }

  /// Reads the value whose first token was just read; the reader is then behind it.
  public init(from reader: inout JSONReader, first: JSONToken) throws(JSONFailure) {
    switch first {
    case .beginObject:
      var members: [Member] = []
      while case .key(let name) = try reader.next() {
        let text = reader.text(of: name)
        members.append(Member(text, try JSONValue(from: &reader, first: try reader.next())))
      }
      self = .object(members)
    case .beginArray:
      var items: [JSONValue] = []
      while true {
        let token = try reader.next()
        if token == .endArray { break }
        items.append(try JSONValue(from: &reader, first: token))
      }
      self = .array(items)
    case .string(let slice): self = .string(reader.text(of: slice))
    case .number(let slice): self = .number(reader.text(of: slice))
    case .bool(let value): self = .bool(value)
    case .null: self = .null
    case .key, .endObject, .endArray, .end: throw reader.fail("a value is expected")
    }
  }

  /// Appends the value to a document that is being written.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .object(let members):
      writer.beginObject()
      for member in members {
        writer.key(member.name)
        member.value.write(to: &writer)
      }
      writer.endObject()
    case .array(let items):
      writer.beginArray()
      for item in items { item.write(to: &writer) }
      writer.endArray()
    case .string(let text): writer.string(text)
    case .number(let text): writer.number(text)
    case .bool(let value): writer.bool(value)
    case .null: writer.null()
    }
  }

  /// The document's text, on one line or indented by two spaces a level.
  public func text(pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty: pretty)
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A number.
  public init(integerLiteral value: Int) { self = .number(String(value)) }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object, its members in the order written.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}
