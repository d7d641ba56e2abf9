public import RatecardValues

/// The files of a card, kept so that usage admitted under it can be priced by it.
public struct CardSource: Hashable, Sendable {
  /// A file of a card.
  public struct File: Hashable, Sendable {
    /// Its path from the card's folder.
    public var path: String
    /// What it holds.
    public var bytes: [UInt8]

    /// Makes a file.
    public init(path: String, bytes: [UInt8]) {
      self.path = path
      self.bytes = bytes
    }
  }

  /// The card's version, which its files follow from.
  public var version: String
  /// The card's name.
  public var name: String
  /// Its files; read back they are sorted by path.
  public var files: [File]
  /// When it was last used.
  public var usedAt: Instant

  /// Makes a card's source.
  public init(version: String, name: String, files: [File], usedAt: Instant) {
    self.version = version
    self.name = name
    self.files = files
    self.usedAt = usedAt
  }
}
