public import Ratecard
public import RatecardDiagnostics
public import RatecardModel
internal import RatecardValues

/// What came of one of a card's tests.
public struct CardTestResult: Sendable {
  /// A part of the answer that is not what the test expects.
  public struct Mismatch: Hashable, Sendable {
    /// The part, as cards spell it.
    public let part: String
    /// What the test expects.
    public let expected: String
    /// What the card answers; nil: the answer does not have the part.
    public let actual: String?
    /// Where the test says so.
    public let span: Span
  }

  /// The test.
  public let test: CardTest
  /// What the card answers.
  public let answer: TestAnswer
  /// What differs; empty: the test passes.
  public let mismatches: [Mismatch]

  /// Whether the answer is what the test expects.
  public var passes: Bool { mismatches.isEmpty }
}

/// A run of a card's own tests.
public struct CardTestRun: Sendable {
  /// One result a test, in the order of their places.
  public let results: [CardTestResult]
  private let card: RateCard

  /// How many tests fail.
  public var failures: Int { results.count { !$0.passes } }

  /// Runs the tests of a card whose names satisfy a filter.
  ///
  /// A test without `at` is run at a fixed instant: a card whose answers to it change with time does
  /// not load.
  public init(_ card: RateCard, where isWanted: (String) -> Bool = { _ in true }) {
    self.card = card
    results = card.model.tests.filter { isWanted($0.name) }.map { test in
      let request = Dictionary(
        test.inputs.map { ($0.name, RequestValue.text($0.text)) },
        uniquingKeysWith: { first, _ in first })
      let answer = TestAnswer(card, test.question, request, at: .earliest)
      return CardTestResult(
        test: test, answer: answer,
        mismatches: test.expected.compactMap { Self.mismatch($0, answer) })
    }
  }

  /// What of the card the tests reach.
  ///
  /// O(rules × tests) at worst.
  public func coverage() -> TestCoverage { TestCoverage(card, results) }

  private static func mismatch(
    _ expected: CardTest.Expected, _ answer: TestAnswer
  ) -> CardTestResult.Mismatch? {
    let actual = answer[expected.part]
    let wanted: String
    switch expected.answer {
    case .present:
      guard actual == nil else { return nil }
      wanted = "present"
    case .absent:
      guard actual != nil else { return nil }
      wanted = "absent"
    case .number(let number):
      guard actual != .number(number) else { return nil }
      wanted = number.description
    case .text(let text):
      guard actual != .text(text) else { return nil }
      wanted = text.string
    case .texts(let texts):
      // Adjustments have no order of their own; fallbacks do.
      let ordered = expected.part == .adjustments ? texts.sorted() : texts
      guard actual != .texts(ordered) else { return nil }
      wanted = AnswerPart.texts(ordered).description
    case .parameters(let parameters):
      let ordered = parameters.sorted { $0.name < $1.name }
      guard actual != .parameters(ordered) else { return nil }
      wanted = AnswerPart.parameters(ordered).description
    }
    return CardTestResult.Mismatch(
      part: expected.part.rawValue, expected: wanted, actual: actual?.description,
      span: expected.span)
  }
}

/// The order of names: by their UTF-8 bytes.
func byBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
