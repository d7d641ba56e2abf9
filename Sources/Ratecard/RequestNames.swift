internal import RatecardModel
internal import RatecardValues

/// What the names in a request mean: attributes by name, and models by name or alias.
struct RequestNames: Sendable {
  private let places: [String: Int]
  private let modelNames: Set<ExactText>
  private let literalAliases: [ExactText: String]
  /// The globs among the aliases, the one with more literal characters first.
  private let globAliases: [(glob: Glob, model: String)]

  init(_ card: Card) {
    places = Dictionary(
      uniqueKeysWithValues: card.attributes.map { ($0.name, $0.id.index) })
    modelNames = Set(card.models.models.map { ExactText($0.name) })
    var literals: [ExactText: String] = [:]
    var globs: [(glob: Glob, model: String)] = []
    for model in card.models.models {
      for alias in model.aliases {
        switch alias {
        case .value(.text(let text)): literals[ExactText(text)] = model.name
        case .glob(let glob): globs.append((glob, model.name))
        case .value: preconditionFailure("an alias is text")
        }
      }
    }
    literalAliases = literals
    globAliases = globs.sorted { $0.glob.literalCharacters > $1.glob.literalCharacters }
  }

  /// The place of an attribute; nil for a name that the card does not have.
  ///
  /// O(length).
  func place(of name: String) -> Int? { places[name] }

  /// The name of the model that a text means: the text itself when no alias takes it.
  func model(_ text: String) -> String {
    let exact = ExactText(text)
    if modelNames.contains(exact) { return text }
    if let name = literalAliases[exact] { return name }
    return globAliases.first { $0.glob.matches(text) }?.model ?? text
  }
}
