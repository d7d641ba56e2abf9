internal import RatecardModel
internal import RatecardReplay
internal import RatecardValues

/// Writes proposed tests as a file of a card: a section `tests` for a person to go through.
struct ProposalText {
  let tests: [ProposedTest]

  /// The longest line that a map is written on.
  private static let lineLength = 100

  /// The file.
  func text() -> String {
    var text = """
      # Proposed by `ratecard test --generate`: what the card answers today, for you to judge.
      # Keep what is meant, correct the card where it is not, and drop what nobody needs.

      tests:

      """
    var section: String?
    for test in tests {
      if test.section != section { text += "\(section == nil ? "" : "\n")  # \(test.section)\n" }
      section = test.section
      text += self.text(of: test)
    }
    return text
  }

  private func text(of test: ProposedTest) -> String {
    let question =
      switch test.question {
      case .decision: "request"
      case .price: "price"
      case .event: "event"
      }
    return "  - name: \(YAMLScalar(test.name).block)\n"
      + map(question, test.inputs.map { (YAMLScalar($0.name), Self.words($0.value)) })
      + map("expect", test.expected.map { (YAMLScalar($0.part.rawValue), Self.words($0.answer)) })
  }

  /// A map on one line, or on a line an entry where that is too long.
  private func map(_ key: String, _ entries: [(key: YAMLScalar, value: Words)]) -> String {
    let line =
      "    \(key): {"
      + entries.map { "\($0.key.flow): \($0.value.flow)" }.joined(separator: ", ") + "}\n"
    if line.unicodeScalars.count <= Self.lineLength || entries.isEmpty { return line }
    return "    \(key):\n"
      + entries.map { "      \($0.key.block): \($0.value.block)\n" }.joined()
  }

  /// A value within a line, and on a line of its own.
  private struct Words {
    let flow: String
    let block: String

    init(_ plain: String) {
      flow = plain
      block = plain
    }

    init(_ scalar: YAMLScalar) {
      flow = scalar.flow
      block = scalar.block
    }
  }

  private static func words(_ value: Value) -> Words {
    if case .text(let text) = value { return Words(YAMLScalar(text.string)) }
    return Words(value.spelling)
  }

  private static func words(_ answer: CardTest.Expected.Answer) -> Words {
    switch answer {
    case .number(let number): Words(number.grouped)
    case .text(let text): Words(YAMLScalar(text.string))
    case .texts(let texts):
      Words("[\(texts.map { YAMLScalar($0.string).flow }.joined(separator: ", "))]")
    case .absent: Words("absent")
    case .present: Words("present")
    case .parameters: preconditionFailure("proposals name no parameters")
    }
  }
}
