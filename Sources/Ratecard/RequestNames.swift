internal import RatecardModel
internal import RatecardValues

/// What the names in a request mean: attributes by name, and models by name or alias.
struct RequestNames: Sendable {
  private let places: [ExactText: Int]
  private let models: ModelNames

  init(_ card: Card) {
    places = Dictionary(
      uniqueKeysWithValues: card.attributes.map { (ExactText($0.name), $0.id.index) })
    models = ModelNames(card.models)
  }

  /// The place of an attribute; nil for a name that the card does not have.
  ///
  /// O(length).
  func place(of name: String) -> Int? { places[ExactText(name)] }

  /// The name of the model that a text means: the text itself when no alias takes it.
  func model(_ text: String) -> String { models.name(of: ExactText(text)).string }
}
