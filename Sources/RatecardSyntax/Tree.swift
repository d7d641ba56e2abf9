public import RatecardDiagnostics

/// A YAML document as a located tree: what the author wrote, and where.
///
/// Nothing is guessed about types here: every scalar is text. The nodes live in one flat arena that
/// all `Node`s of the tree share.
public struct Tree: Sendable {
  /// The file it was read from.
  public let file: FileID
  /// The document's value; nil when the file has nothing but comments.
  public let root: Node?

  init(file: FileID, root: Node?) {
    self.file = file
    self.root = root
  }
}

/// How much one file may hold; each bound has a diagnostic of its own.
public struct Limits: Sendable {
  /// The bytes of the file.
  public var fileBytes = 16 << 20
  /// The collections that stand in each other.
  public var depth = 64
  /// The nodes that aliases add to the document when each is written out.
  public var aliasExpansion = 100_000
  /// The nodes of the document.
  public var nodes = 8_000_000
  /// The mistakes that are reported before the rest of the file is left unread.
  public var mistakes = 500

  /// What a rate card may hold.
  public static let standard = Limits()

  /// Starts with the standard bounds.
  public init() {}
}
