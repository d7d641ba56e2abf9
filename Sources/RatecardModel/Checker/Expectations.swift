internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// `expect`: the parts of an answer that a test names.
extension CheckContext {
  /// The error codes of an answer.
  private static let errorCodes = ["invalid_request", "unpriced", "overflow"]

  /// Reads what a test expects; nil after something was reported.
  mutating func expectations(
    _ node: Node, of question: CardTest.Question
  ) -> [CardTest.Expected]? {
    let all = CardTest.Expected.Part.allCases.map(\.rawValue)
    guard let fields = fields(of: node, "`expect`", keys: all) else { return nil }
    var expected: [CardTest.Expected] = []
    for part in CardTest.Expected.Part.allCases {
      guard let node = fields[part.rawValue], let key = fields.key(part.rawValue) else { continue }
      guard question.parts.contains(part) else {
        reportForeignPart(part, of: question, at: key.span)
        continue
      }
      if let answer = answer(node, for: part) {
        expected.append(CardTest.Expected(part: part, answer: answer, span: key.span))
      }
    }
    if fields.fields.isEmpty, !fields.isFaulty {
      report(
        .missingKey, "`expect` names no part of the answer", at: node.span,
        help: "name at least one: "
          + question.parts.map { "`\($0.rawValue)`" }
          .joined(separator: ", "))
    }
    reportContradiction(expected)
    return fields.isFaulty || expected.isEmpty ? nil : expected
  }

  private mutating func reportForeignPart(
    _ part: CardTest.Expected.Part, of question: CardTest.Question, at span: Span
  ) {
    let (answer, help): (String, String) =
      switch question {
      case .decision:
        ("a decision", "what an event does is asked with `event:`")
      case .price:
        (
          "the cost alone",
          part == .notify
            ? "what an event does is asked with `event:`"
            : "the whole decision is asked with `request:`"
        )
      case .event: ("what an event does", "the whole decision is asked with `request:`")
      }
    report(
      .foreignPart, "\(answer) has no part `\(part.rawValue)`", at: span, help: help)
  }

  /// An error has no other part, and a refusal no credits.
  private mutating func reportContradiction(_ expected: [CardTest.Expected]) {
    let given = expected.filter { $0.answer != .absent }
    func find(_ part: CardTest.Expected.Part) -> CardTest.Expected? {
      given.first { $0.part == part }
    }
    if let error = find(.error) {
      for other in given where other.part != .error {
        report(
          .conflictingKeys,
          "`\(other.part.rawValue)` cannot stand beside `error`: an error answers nothing else",
          at: other.span, help: "keep one of them",
          notes: [Diagnostic.Note("`error` is here", at: error.span)])
      }
    } else if let denied = find(.denied), let credits = find(.credits) {
      report(
        .conflictingKeys, "`credits` cannot stand beside `denied`: a refusal costs nothing",
        at: credits.span, help: "keep one of them",
        notes: [Diagnostic.Note("`denied` is here", at: denied.span)])
    }
  }

  private mutating func answer(
    _ node: Node, for part: CardTest.Expected.Part
  ) -> CardTest.Expected.Answer? {
    let what = "`\(part.rawValue)`"
    if node.kind == .scalar, node.isPlain {
      if node.text == "absent" { return .absent }
      if node.text == "present" { return .present }
      if part == .denied, let flag = Bool(node.text) { return flag ? .present : .absent }
    }
    switch part {
    case .credits: return number(node, what, from: 0).map(CardTest.Expected.Answer.number)
    case .error:
      return option(node, what, among: Self.errorCodes).map { .text(ExactText($0)) }
    case .rule, .tier, .tierRule, .model, .requestedModel, .queue, .route, .denied, .notify:
      return text(node, what).map { .text(ExactText($0)) }
    case .fallbacks, .adjustments: return texts(node, part)
    case .params: return parameters(node)
    }
  }

  /// A list of names, or the one name in its place; adjustments come by bytes, as answers do.
  private mutating func texts(
    _ node: Node, _ part: CardTest.Expected.Part
  ) -> CardTest.Expected.Answer? {
    if node.kind == .sequence, node.items.isEmpty { return .texts([]) }
    guard let items = oneOrMore(node, "`\(part.rawValue)`") else { return nil }
    let texts = items.compactMap { text($0, "an entry of `\(part.rawValue)`").map(ExactText.init) }
    guard texts.count == items.count else { return nil }
    return .texts(part == .adjustments ? texts.sorted() : texts)
  }

  private mutating func parameters(_ node: Node) -> CardTest.Expected.Answer? {
    guard node.kind == .mapping else {
      report(.wrongKind, "`params` must be a map, this is \(node.inWords)", at: node.span)
      return nil
    }
    var parameters: [Route.Parameter] = []
    for entry in node.entries {
      guard !entry.value.isMissing else {
        reportMissingValue(of: entry.key)
        continue
      }
      guard let value = parameter(entry.value, "a parameter") else { continue }
      parameters.append(Route.Parameter(name: ExactText(entry.key.text), value: value))
    }
    return .parameters(parameters.sorted { $0.name < $1.name })
  }
}
