internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `models` section.
extension CheckContext {
  /// The most models of a card.
  private static let modelLimit = 20_000
  /// The most aliases of a card.
  private static let aliasLimit = 100_000

  /// Reads the models into `models`, where other sections look them up.
  mutating func readModels() {
    models.isDeclared = sections.contains("models")
    var aliases: [ModelAlias] = []
    for entry in namedEntries("models", of: "model", limit: Self.modelLimit) {
      let name = ExactText(entry.key.text)
      checkValueName(entry.key, of: "model")
      models.places[name] = entry.key.span
      let (modelClass, ownAliases) = model(entry)
      aliases += ownAliases
      models.models.append(
        ModelList.Model(
          name: name, modelClass: modelClass, aliases: ownAliases.map(\.pattern).sortedByText(),
          span: entry.key.span))
    }
    models.models.sort { $0.name < $1.name }
    guard isWithin(Self.aliasLimit, aliases.map(\.node), of: "model alias", plural: "model aliases")
    else { return }
    takeAliases(aliases)
  }

  private mutating func model(_ entry: Node.Entry) -> (ExactText?, [ModelAlias]) {
    guard !entry.value.isMissing else {
      report(
        .missingValue, "`\(entry.key.text)` has no value", at: entry.key.span,
        help: "write `\(entry.key.text): {}`")
      return (nil, [])
    }
    guard
      let fields = fields(
        of: entry.value, "a model", keys: ["aliases", "class", Self.acceptKey],
        named: entry.key)
    else {
      return (nil, [])
    }
    let modelClass = fields["class"].flatMap { node -> ExactText? in
      let name = name(node, "a model's class").map(ExactText.init)
      if name != nil { checkValueName(node, of: "model class") }
      return name
    }
    let owner = ExactText(entry.key.text)
    var aliases: [ModelAlias] = []
    for item in fields["aliases"].flatMap({ oneOrMore($0, "`aliases`") }) ?? [] {
      guard let text = name(item, "an alias") else { continue }
      let alias = ModelAlias(node: item, glob: Glob(parsing: text), model: owner)
      if aliases.contains(where: { $0.glob == alias.glob }) {
        report(
          .repeatedValue, "`\(text)` stands twice among the aliases of `\(alias.model)`",
          at: item.span, help: "remove one of them")
      } else {
        aliases.append(alias)
      }
    }
    return (modelClass, aliases)
  }
}

/// An alias, where it stands.
struct ModelAlias {
  /// Where it stands.
  let node: Node
  /// The texts that it stands for.
  let glob: Glob
  /// The model that they turn into.
  let model: ExactText

  /// The alias as the card's model keeps it.
  var pattern: Pattern {
    glob.literal.map { .value(.text(ExactText($0))) } ?? .glob(glob)
  }
}

extension [Pattern] {
  /// The patterns by their texts, so that the order in which they were written is lost.
  fileprivate func sortedByText() -> [Pattern] {
    sorted { $0.text < $1.text }
  }
}

extension Pattern {
  /// The text of a name or a glob.
  fileprivate var text: ExactText {
    switch self {
    case .value(.text(let text)): text
    case .value: ""
    case .glob(let glob): ExactText(glob.description)
    }
  }
}
