import RatecardDiagnostics
import Testing

@Suite struct SuggestionTests {
  private static let names = [
    "gpt-4o", "gpt-4o-mini", "claude-sonnet", "o1", "request_type", "input_tokens",
    "output_tokens", "us", "tier",
  ]

  @Test(arguments: [
    ("gpt-4o-mnii", "gpt-4o-mini"),  // neighbours swapped
    ("gtp-4o", "gpt-4o"), ("gpt-40", "gpt-4o"), ("claude-sonet", "claude-sonnet"),
    ("reqest_type", "request_type"), ("REQUEST_TYPE", "request_type"),
    ("input_token", "input_tokens"),
    ("ouput_tokens", "output_tokens"), ("US", "us"), ("teir", "tier"), ("o2", "o1"),
    ("inputtokens", "input_tokens"), ("Claude-Sonnett", "claude-sonnet"),
  ])
  func likelySlips(_ written: String, _ meant: String) {
    #expect(Suggestion.closest(to: written, among: Self.names) == meant)
    #expect(Suggestion.closest(to: written, among: Self.names.reversed()) == meant)
  }

  @Test(arguments: ["", "x", "banana", "gemini-pro", "tokens", String(repeating: "gpt", count: 90)])
  func nothingNear(_ written: String) {
    #expect(Suggestion.closest(to: written, among: Self.names) == nil)
  }

  @Test func aTextIsNoSuggestionForItself() {
    #expect(Suggestion.closest(to: "chat", among: ["chat"]) == nil)
    #expect(Suggestion.closest(to: "chat", among: []) == nil)
  }

  @Test func aTextThatOnlyLooksTheSameIsASuggestion() {
    let names = ["caf\u{E9} cr\u{E8}me"]
    let found = Suggestion.closest(to: "cafe\u{301} cr\u{E8}me", among: names)
    #expect((found?.utf8).map { Array($0) } == Array(names[0].utf8))
  }

  @Test func tiesAreSettledByBytes() {
    #expect(Suggestion.closest(to: "cat", among: ["hat", "bat", "car"]) == "bat")
    #expect(Suggestion.closest(to: "cat", among: ["car", "bat", "hat"]) == "bat")
    // The right case is nearer than the wrong one.
    #expect(Suggestion.closest(to: "chta", among: ["CHAT", "chat"]) == "chat")
  }
}
