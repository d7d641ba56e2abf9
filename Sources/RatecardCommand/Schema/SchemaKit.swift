internal import RatecardJSON

/// Puts JSON Schema together: a few words that keep the sections below readable.
enum Kit {
  typealias Members = [(name: String, schema: JSONValue)]

  /// A reference to one of the shared definitions.
  static func shared(_ name: String, _ description: String? = nil) -> JSONValue {
    object([("$ref", .string("#/$defs/\(name)"))] + describing(description))
  }

  /// A map with known keys and no others.
  static func map(
    _ description: String, _ properties: Members, required: [String] = [], rules: Members = []
  ) -> JSONValue {
    var members: Members = [
      ("type", "object"), ("description", .string(description)), ("properties", object(properties)),
    ]
    if !required.isEmpty { members.append(("required", texts(required))) }
    members += rules
    members.append(("additionalProperties", false))
    return object(members)
  }

  /// A map from names that the author chooses.
  static func names(
    _ description: String, to value: JSONValue, known: Members = [], rules: Members = []
  ) -> JSONValue {
    var members: Members = [("type", "object"), ("description", .string(description))]
    if !known.isEmpty { members.append(("properties", object(known))) }
    return object(members + rules + [("additionalProperties", value)])
  }

  /// A list that is not empty.
  static func list(_ description: String? = nil, of item: JSONValue) -> JSONValue {
    object([("type", "array")] + describing(description) + [("items", item), ("minItems", 1)])
  }

  /// One, or a list of such.
  static func oneOrMore(_ description: String, _ item: JSONValue) -> JSONValue {
    any(description, [item, list(of: item)])
  }

  /// One of several shapes.
  static func any(_ description: String, _ shapes: [JSONValue]) -> JSONValue {
    object([("description", .string(description)), ("anyOf", .array(shapes))])
  }

  /// One of several shapes.
  static func any(_ shapes: [JSONValue]) -> JSONValue { object([("anyOf", .array(shapes))]) }

  /// One of a few words.
  static func words(_ description: String, _ words: [String]) -> JSONValue {
    object([("description", .string(description)), ("enum", texts(words))])
  }

  /// A text of a certain spelling.
  static func pattern(_ pattern: String, _ description: String? = nil) -> JSONValue {
    object([("type", "string")] + describing(description) + [("pattern", .string(pattern))])
  }

  /// `true` or `false`.
  static func flag(_ description: String) -> JSONValue {
    object([("type", "boolean"), ("description", .string(description))])
  }

  /// An integer within bounds.
  static func integer(_ description: String, from: Int, to: Int? = nil) -> JSONValue {
    var members: Members = [
      ("type", "integer"), ("description", .string(description)), ("minimum", .number("\(from)")),
    ]
    if let to { members.append(("maximum", .number("\(to)"))) }
    return object(members)
  }

  /// Exactly one of these keys.
  static func exactlyOne(_ keys: [String]) -> (name: String, schema: JSONValue) {
    ("oneOf", .array(keys.map { required([$0]) }))
  }

  /// At least one of these keys.
  static func atLeastOne(_ keys: [String]) -> (name: String, schema: JSONValue) {
    ("anyOf", .array(keys.map { required([$0]) }))
  }

  /// Where a key stands, others do not.
  static func when(_ key: String, excludes others: [String]) -> JSONValue {
    object([
      ("if", required([key])),
      ("then", object([("properties", object(others.map { ($0, false) }))])),
    ])
  }

  /// These keys stand there.
  static func required(_ keys: [String]) -> JSONValue { object([("required", texts(keys))]) }

  static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

  static func object(_ members: Members) -> JSONValue {
    .object(members.map { JSONValue.Member($0.name, $0.schema) })
  }

  private static func describing(_ description: String?) -> Members {
    description.map { [("description", .string($0))] } ?? []
  }
}
