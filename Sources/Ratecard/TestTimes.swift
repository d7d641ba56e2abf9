internal import RatecardDiagnostics
internal import RatecardEngine
internal import RatecardModel
internal import RatecardValues

/// Finds tests that depend on the day they run: without `at`, and answered differently at different
/// instants in a part that they name.
extension RateCard {
  /// Asks each test without `at` at an instant of every stretch of time that the rules tell apart.
  ///
  /// O(tests × stretches) answers.
  func checkTests(into bag: inout DiagnosticBag) {
    guard let instants = evaluator.table.layout.time?.examples.sorted(), instants.count > 1
    else { return }
    for test in model.tests where !test.inputs.contains(where: { $0.name == "at" }) {
      guard let diagnostic = timeDependence(of: test, at: instants) else { continue }
      bag.add(diagnostic)
    }
  }

  /// What a test's answer is in the parts that the test names, in words.
  private func timeDependence(of test: CardTest, at instants: [Instant]) -> Diagnostic? {
    let parts = test.expected.map(\.part)
    var changes: [(at: Instant, answer: TestedParts)] = []
    for instant in instants {
      let answer = TestedParts(self, test, parts, at: instant)
      if changes.last?.answer != answer { changes.append((instant, answer)) }
    }
    guard changes.count > 1 else { return nil }
    let shown = changes.prefix(4)
    var notes = shown.map { change in
      Diagnostic.Note("at \(change.at): \(change.answer.words)")
    }
    if changes.count > shown.count {
      notes.append(Diagnostic.Note("and \(changes.count - shown.count) more changes"))
    }
    let example = changes[1].at
    return Diagnostic(
      .testDependsOnTime, "the answer to this test changes with time, and its request has no `at`",
      at: test.span, help: "say when the request is made, such as `at: \(example)`", notes: notes)
  }
}

/// The parts of an answer that a test names.
private struct TestedParts: Equatable {
  let words: ExactText

  init(_ card: RateCard, _ test: CardTest, _ parts: [CardTest.Expected.Part], at now: Instant) {
    let request = Dictionary(
      test.inputs.map { ($0.name, RequestValue.text($0.text)) }, uniquingKeysWith: { $1 })
    var words: [String]
    do throws(RequestError) {
      switch test.question {
      case .decision:
        let decision = try card.decide(request, at: now)
        words = parts.map { Self.words($0, decision) }
      case .price:
        let quote = try card.price(request, at: now)
        let decision = Decision(
          outcome: quote.outcome, rule: quote.rule, adjustments: quote.adjustments)
        words = parts.map { Self.words($0, decision) }
      case .event:
        let reaction = try card.react(to: request, at: now)
        words = parts.map { Self.words($0, reaction) }
      }
    } catch {
      words = ["error \(error.code.rawValue)"]
    }
    self.words = ExactText(words.joined(separator: ", "))
  }

  private static func words(_ part: CardTest.Expected.Part, _ decision: Decision) -> String {
    let text: String? =
      switch part {
      case .credits, .denied, .error:
        switch decision.outcome {
        case .priced(let credits): "\(credits) credits"
        case .denied(let reason): "denied: \(reason)"
        }
      case .rule: decision.rule
      case .tier: decision.tier
      case .tierRule: decision.tierRule
      case .model: decision.model
      case .requestedModel: decision.requestedModel
      case .queue: decision.queue
      case .route: decision.route
      case .fallbacks: decision.fallbacks.joined(separator: ", ")
      case .adjustments: decision.adjustments.joined(separator: ", ")
      case .params: decision.parameters.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      case .notify: nil
      }
    if part == .credits || part == .denied || part == .error { return text ?? "" }
    return "\(part.rawValue) \(text ?? "absent")"
  }

  private static func words(_ part: CardTest.Expected.Part, _ reaction: Reaction?) -> String {
    let text =
      switch part {
      case .tier: reaction?.tier
      case .notify: reaction?.notify
      default: reaction?.rule
      }
    return "\(part.rawValue) \(text ?? "absent")"
  }
}
