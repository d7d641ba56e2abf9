internal import RatecardDiagnostics
internal import RatecardModel
internal import RatecardValues

/// Finds tests that look at nothing: no rule of the card has a part in their answer, though they do
/// not expect an error.
extension RateCard {
  /// Asks each test once.
  ///
  /// A test that expects an error is about what reaches no rule, and so is one of an event of which
  /// every part must be absent.
  func checkTestReach(into bag: inout DiagnosticBag) {
    for test in model.tests where !test.expectsNoRule {
      guard let reason = reasonForNoRule(test) else { continue }
      bag.add(
        Diagnostic(
          .testReachesNoRule, "the answer to this test names no rule", at: test.span,
          help: test.question == .event
            ? "mend the event, or expect `tier: absent` where nothing is meant to happen"
            : "mend the request, or expect the `error`",
          notes: [Diagnostic.Note(reason)]))
    }
  }

  /// Why no rule decides what a test asks; nil: one does.
  private func reasonForNoRule(_ test: CardTest) -> String? {
    let request = Dictionary(
      test.inputs.map { ($0.name, RequestValue.text($0.text)) }, uniquingKeysWith: { $1 })
    do throws(RequestError) {
      switch test.question {
      case .decision: _ = try decide(request, at: .earliest)
      case .price: _ = try price(request, at: .earliest)
      case .event:
        guard try react(to: request, at: .earliest) == nil else { return nil }
        return "no rule of `events` holds"
      }
    } catch {
      return "\(error.code.rawValue): \(error.message)"
    }
    return nil
  }
}

extension CardTest {
  fileprivate var expectsNoRule: Bool {
    if expected.contains(where: { $0.part == .error && $0.answer != .absent }) { return true }
    return question == .event && expected.allSatisfy { $0.answer == .absent }
  }
}
