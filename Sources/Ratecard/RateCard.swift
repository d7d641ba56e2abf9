public import RatecardDiagnostics
public import RatecardModel

/// A rate card that has loaded: immutable, and safe to ask from many threads at once.
public struct RateCard: Sendable {
  /// The card, read and checked.
  public let model: Card
  /// SHA-256, in hexadecimal, of what the card says; see `CardVersion`.
  public let version: String
  /// The files it was read from; the spans of `model` lie in them.
  public let files: [SourceFile]

  /// The card's own name.
  public var name: String { model.name }
}
