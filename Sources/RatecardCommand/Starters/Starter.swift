/// A rate card to begin with: its files, with comments and tests.
struct Starter: Sendable {
  /// A file of the card.
  struct File: Sendable {
    /// Its path inside the folder.
    let path: String
    let text: String
  }

  /// What `--from` calls it.
  let name: String
  /// What it is, in a line of help.
  let summary: String
  let files: [File]

  /// Every starter; the first is written unless another is asked for.
  static let all: [Starter] = [cursor, tokens, openai, elevenlabs]
}
