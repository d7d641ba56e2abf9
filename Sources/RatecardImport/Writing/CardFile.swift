/// A file of an imported card.
public struct CardFile: Sendable, Equatable {
  /// Its name within the card's folder.
  public let name: String
  /// What stands in it.
  public let text: String
}
