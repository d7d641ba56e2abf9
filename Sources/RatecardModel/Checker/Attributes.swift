internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// An entry of `attributes`, before the names it refers to are resolved.
struct AttributeDeclaration {
  /// The attribute's name, where it stands.
  let key: Node
  /// What it holds.
  let kind: Attribute.Kind
  /// The value that a request has without it.
  let defaultNode: Node?
  /// The attribute it is included in.
  let wholeNode: Node?

  /// The attribute's name.
  var name: String { key.text }
}

/// The `attributes` section.
extension CheckContext {
  /// The most attributes that a card declares.
  private static let attributeLimit = 256

  /// Reads the attributes: the built-in ones, the declared ones by name, then the payload fields
  /// that `events` look at.
  mutating func readAttributes() {
    attributes = builtInAttributes()
    var declarations: [AttributeDeclaration] = []
    for entry in namedEntries("attributes", of: "attribute", limit: Self.attributeLimit) {
      guard checkAttributeName(entry.key), let declaration = declaration(entry) else {
        faultyAttributes.insert(ExactText(entry.key.text))
        continue
      }
      declarations.append(declaration)
    }
    declarations.sort { $0.name.precedesByBytes($1.name) }

    let builtIn = Dictionary(uniqueKeysWithValues: attributes.map { (ExactText($0.name), $0) })
    for declaration in declarations {
      if let attribute = builtIn[ExactText(declaration.name)] {
        if let narrowed = narrowed(attribute, by: declaration) {
          attributes[attribute.id.index] = narrowed
        }
      } else {
        attributes.append(declared(declaration))
      }
    }
    if case .choice = attributes[AttributeID.model.index].kind {
      let model = attributes[AttributeID.model.index]
      let requested = attributes[AttributeID.requestedModel.index]
      attributes[requested.id.index] = requested.with(kind: model.kind)
    }
    for attribute in attributes { attributeIDs[ExactText(attribute.name)] = attribute.id }
    resolveWholes(declarations)
    for attribute in eventFields() {
      attributeIDs[ExactText(attribute.name)] = attribute.id
      attributes.append(attribute)
    }
    for name in faultyAttributes where !builtIn.keys.contains(name) { attributeIDs[name] = nil }
  }

  private mutating func declared(_ declaration: AttributeDeclaration) -> Attribute {
    let attribute = Attribute(
      id: AttributeID(attributes.count), name: declaration.name, kind: declaration.kind,
      origin: .declared, span: declaration.key.span)
    return attribute.with(defaultValue: defaultValue(declaration, of: attribute))
  }

  /// The value of a `default`, checked against the attribute's kind.
  mutating func defaultValue(
    _ declaration: AttributeDeclaration, of attribute: Attribute
  ) -> Value? {
    guard let node = declaration.defaultNode else { return nil }
    if node.isPlain, ["any", "present", "absent"].contains(node.text) {
      report(
        .invalidDefault, "`\(node.text)` is no value that a request could carry", at: node.span,
        help: node.text == "absent"
          ? "without `default` an attribute is absent" : "to mean the text, quote it")
      return nil
    }
    return value(node, of: attribute)
  }

  /// The kind, default and whole of an entry; nil after something was reported.
  private mutating func declaration(_ entry: Node.Entry) -> AttributeDeclaration? {
    guard !entry.value.isMissing else {
      report(
        .missingValue, "`\(entry.key.text)` has no type", at: entry.key.span,
        help: "write one of `text`, `flag`, `count`, `quantity`, `number`, `instant`, or a list "
          + "of the texts it may be")
      return nil
    }
    guard entry.value.kind == .mapping else {
      guard let kind = attributeKind(entry.value, of: entry.key.text) else { return nil }
      return AttributeDeclaration(key: entry.key, kind: kind, defaultNode: nil, wholeNode: nil)
    }
    guard
      let fields = fields(
        of: entry.value, "an attribute", keys: ["type", "default", "part_of", Self.acceptKey],
        required: ["type"], named: entry.key),
      let type = fields["type"], let kind = attributeKind(type, of: entry.key.text)
    else { return nil }
    return AttributeDeclaration(
      key: entry.key, kind: kind, defaultNode: fields["default"], wholeNode: fields["part_of"])
  }

  /// A type's name, or the list of a closed set.
  private mutating func attributeKind(_ node: Node, of name: String) -> Attribute.Kind? {
    switch node.kind {
    case .sequence: return closedSet(node, of: name).map(Attribute.Kind.choice)
    case .mapping:
      report(
        .wrongKind, "a type must be a word or a list of texts, this is a map", at: node.span)
      return nil
    case .scalar:
      let types: [(String, Attribute.Kind)] = [
        ("text", .text), ("flag", .flag), ("count", .count), ("quantity", .quantity),
        ("number", .number), ("instant", .instant),
      ]
      if let type = types.first(where: { $0.0 == node.text }) { return type.1 }
      let suggestion =
        Self.typeWords[node.text.lowercased()]
        ?? Suggestion.closest(to: node.text, among: types.map(\.0))
        ?? Suggestion.closest(to: node.text, among: Self.typeWords.keys)
        .flatMap { Self.typeWords[$0] }
      report(
        .unknownOption, "`\(node.text)` is not a type", at: node.span,
        help: suggestion.map { "did you mean `\($0)`?" }
          ?? "the types are `text`, `flag`, `count`, `quantity`, `number`, `instant`, or a list "
          + "of texts: `[\(node.text)]`")
      return nil
    }
  }

  /// What other languages call the types.
  private static let typeWords = [
    "string": "text", "str": "text", "varchar": "text", "bool": "flag", "boolean": "flag",
    "int": "count", "integer": "count", "uint": "count", "long": "count", "float": "quantity",
    "double": "quantity", "decimal": "quantity", "numeric": "number", "date": "instant",
    "datetime": "instant", "time": "instant", "timestamp": "instant",
  ]

  private mutating func closedSet(_ node: Node, of name: String) -> [ExactText]? {
    guard let items = items(node, "the set of `\(name)`") else { return nil }
    var texts: Set<ExactText> = []
    var isWhole = true
    for item in items {
      guard let text = text(item, "a member of a closed set") else {
        isWhole = false
        continue
      }
      guard let literal = Glob(parsing: text).literal else {
        report(
          .invalidName, "a closed set lists its texts, `\(text)` stands for many", at: item.span,
          help: "write them all, or use `text`")
        isWhole = false
        continue
      }
      guard !(item.isPlain && ["any", "present", "absent"].contains(text)) else {
        report(
          .reservedName, "`\(text)` has a meaning of its own in conditions", at: item.span,
          help: "to mean the text, quote it here and there")
        isWhole = false
        continue
      }
      guard texts.insert(ExactText(literal)).inserted else {
        report(
          .repeatedValue, "`\(literal)` stands twice in the set of `\(name)`", at: item.span,
          help: "remove one of them")
        continue
      }
      if name == "model" || name == "requested_model" { _ = modelName(item) }
    }
    return isWhole ? texts.sorted() : nil
  }

  /// Whether a text may be the name of an attribute; reported when not.
  private mutating func checkAttributeName(_ key: Node) -> Bool {
    let name = key.text
    let isWord = !name.isEmpty && name.utf8.allSatisfy(Self.isNameByte)
    guard isWord, let first = name.utf8.first, !(48...57).contains(first), first != 45 else {
      report(
        .invalidName, "`\(name)` cannot be the name of an attribute", at: key.span,
        help: "a name has letters, digits, `_` and `-`, and begins with a letter or `_`")
      return false
    }
    guard !["not", "any", "present", "absent", "credits", "event", "on"].contains(name) else {
      report(
        .reservedName, "`\(name)` is a word of the language, not a name for an attribute",
        at: key.span, help: "give it another name")
      return false
    }
    return true
  }

  /// ASCII letters, digits, `_` and `-`.
  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, 95, 45: true
    default: false
    }
  }
}
