import Testing

/// Colour is for terminals, and obeys whoever wants it otherwise.
@Suite struct ColorTests {
  static let broken = CommandRun.cards + "/broken"

  @Test(arguments: [
    (terminal: false, environment: [String: String](), words: [String](), colored: false),
    (terminal: true, environment: [:], words: [], colored: true),
    (terminal: true, environment: ["NO_COLOR": "1"], words: [], colored: false),
    (terminal: true, environment: ["NO_COLOR": ""], words: [], colored: true),
    (terminal: true, environment: ["TERM": "dumb"], words: [], colored: false),
    (terminal: true, environment: [:], words: ["--color", "never"], colored: false),
    (terminal: false, environment: [:], words: ["--color=always"], colored: true),
    (terminal: true, environment: ["NO_COLOR": "1"], words: ["--color", "always"], colored: true),
  ])
  func isForTerminals(
    _ given: (terminal: Bool, environment: [String: String], words: [String], colored: Bool)
  ) {
    let run = CommandRun(
      ["lint", Self.broken] + given.words, environment: given.environment,
      isTerminal: given.terminal)
    #expect(run.output.contains("\u{1B}[") == given.colored)
  }
}
