internal import RatecardModel
internal import RatecardValues

/// What the names in a request mean: attributes by name, and models by name or alias.
struct RequestNames: Sendable {
  private let places: [ExactText: Int]
  private let modelNames: Set<ExactText>
  private let literalAliases: [ExactText: ExactText]
  /// The globs among the aliases, the one with more literal characters first.
  private let globAliases: [(glob: Glob, model: ExactText)]

  init(_ card: Card) {
    places = Dictionary(
      uniqueKeysWithValues: card.attributes.map { (ExactText($0.name), $0.id.index) })
    modelNames = Set(card.models.models.map(\.name))
    var literals: [ExactText: ExactText] = [:]
    var globs: [(glob: Glob, model: ExactText)] = []
    for model in card.models.models {
      for alias in model.aliases {
        switch alias {
        case .value(.text(let text)): literals[text] = model.name
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
  func place(of name: String) -> Int? { places[ExactText(name)] }

  /// The name of the model that a text means: the text itself when no alias takes it.
  func model(_ text: String) -> String {
    let exact = ExactText(text)
    if modelNames.contains(exact) { return text }
    if let name = literalAliases[exact] { return name.string }
    return globAliases.first { $0.glob.matches(text) }?.model.string ?? text
  }
}
