internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `tests` section: what is asked. What must be answered is in `Expectations.swift`.
extension CheckContext {
  /// The most tests of a card.
  private static let testLimit = 100_000

  /// Reads the tests, in the order of their places.
  mutating func readTests() -> [CardTest] {
    var names = NameTable(of: "test")
    var tests: [CardTest] = []
    for node in listItems("tests", of: "test", limit: Self.testLimit) {
      if let test = test(node, names: &names) { tests.append(test) }
    }
    return tests.sorted { $0.span < $1.span }
  }

  private mutating func test(_ node: Node, names: inout NameTable) -> CardTest? {
    let questions = CardTest.Question.allCases.map(\.key)
    guard
      let fields = fields(
        of: node, "a test", keys: ["name"] + questions + ["expect"], required: ["expect"])
    else { return nil }
    let asked = fields.present(questions)
    if asked.isEmpty, !fields.isFaulty {
      report(
        .missingKey, "a test needs `request`, `price` or `event`", at: node.span,
        help: "`request` asks for the whole decision, `price` for the cost alone, `event` for "
          + "what a provider's event does")
    }
    reportConflict(among: questions, in: fields, because: "a test asks one thing")
    let name = fields["name"].flatMap { node -> String? in
      guard let name = self.name(node, "a test's name") else { return nil }
      return names.claim(name, at: node.span, in: &self) ? name : nil
    }
    guard let question = CardTest.Question.allCases.first(where: { $0.key == asked.first }),
      let request = fields[question.key]
    else { return nil }
    let inputs = inputs(request, of: question)
    let expected = fields["expect"].flatMap { expectations($0, of: question) }
    guard let inputs, let expected else { return nil }
    let pairs = inputs.map { "\($0.name): \($0.text)" }.joined(separator: ", ")
    return CardTest(
      name: name ?? (pairs.isEmpty ? "an empty request" : pairs), question: question,
      inputs: inputs, expected: expected, span: node.span)
  }

  /// The attributes of a test's request, as written, by name.
  private mutating func inputs(
    _ node: Node, of question: CardTest.Question
  ) -> [CardTest.Input]? {
    guard node.kind == .mapping else {
      report(
        .wrongKind, "`\(question.key)` must be a map of attributes, this is \(node.inWords)",
        at: node.span, help: "write `\(question.key): {request_type: chat}`")
      return nil
    }
    var inputs: [CardTest.Input] = []
    for entry in node.entries {
      let name = entry.key.text
      guard !entry.value.isMissing else {
        report(
          .missingValue, "`\(name)` has no value", at: entry.key.span,
          help: "to ask without the attribute, leave it out")
        continue
      }
      guard let text = text(entry.value, "an attribute of a request") else { continue }
      inputs.append(CardTest.Input(name: name, text: text, span: entry.key.span))
    }
    if question == .event, !node.entries.contains(where: { $0.key.text == "on" }) {
      report(
        .missingKey, "`event` needs `on`", at: node.span,
        help: "write the event's type: `on: credit.balance_low`")
    }
    return inputs.sorted { $0.name.precedesByBytes($1.name) }
  }
}

extension CardTest.Question {
  /// Every question, in the order in which the reference lists them.
  static let allCases: [CardTest.Question] = [.decision, .price, .event]

  /// The key of a test that asks it.
  var key: String {
    switch self {
    case .decision: "request"
    case .price: "price"
    case .event: "event"
    }
  }

  /// The parts that its answer may have.
  var parts: [CardTest.Expected.Part] {
    switch self {
    case .decision: CardTest.Expected.Part.allCases.filter { $0 != .notify }
    case .price: [.credits, .rule, .adjustments, .denied, .error]
    case .event: [.tier, .notify, .rule, .error]
    }
  }
}
