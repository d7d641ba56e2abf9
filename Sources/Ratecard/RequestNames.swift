internal import RatecardEngine
internal import RatecardModel
internal import RatecardValues

/// What the names in a request mean: attributes by name, and models by name or alias.
struct RequestNames: Sendable {
  private let places: [ExactText: Int]
  private let models: ModelNames
  /// Whether some texts are names of models by a pattern.
  let hasModelPatterns: Bool
  private let arena = Arena()
  /// The places of the attributes that a request may carry.
  private let carried: SymbolTable

  init(_ card: Card) {
    places = Dictionary(
      uniqueKeysWithValues: card.attributes.map { (ExactText($0.name), $0.id.index) })
    models = ModelNames(card.models)
    hasModelPatterns = card.models.models.contains { model in
      model.aliases.contains { if case .glob = $0 { true } else { false } }
    }
    let own = card.attributes.filter { $0.origin != .event && $0.origin != .derived }
    carried = SymbolTable(
      own.map { (ExactText($0.name), Int32($0.id.index), -1) }, in: arena)
  }

  /// The place of an attribute; nil for a name that the card does not have.
  ///
  /// O(length).
  func place(of name: String) -> Int? { places[ExactText(name)] }

  /// The place of an attribute that a request may carry, by its name in UTF-8; nil for another name.
  ///
  /// O(length).
  func place(utf8 name: UnsafeBufferPointer<UInt8>) -> Int? {
    let place = carried.place(of: name)
    return place < 0 ? nil : Int(place)
  }

  /// The name of the model that a text means: the text itself when no alias takes it.
  func model(_ text: String) -> String { models.name(of: ExactText(text)).string }
}
