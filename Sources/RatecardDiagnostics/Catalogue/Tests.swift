/// RC06: the card's own tests.
extension DiagnosticCode {
  static let testCodes: [DiagnosticCode] = [testDependsOnTime, testFails]

  /// A test that names no instant and is answered differently at different instants.
  public static let testDependsOnTime = DiagnosticCode(
    "RC0601", "test-depends-on-time",
    summary: "A test without `at` whose answer changes with time.",
    reason: """
      A test that passes today and fails tomorrow says nothing about the card. Where rules begin, \
      end or hold in windows, a test says when its request is made.
      """,
    wrong: """
      costs:
        - {name: chat, credits: 1}
        - {name: chat from 2027, from: 2027-01-01, credits: 2}
      tests:
        - price: {request_type: chat}
          expect: {credits: 1}
      """,
    right: """
      costs:
        - {name: chat, credits: 1}
        - {name: chat from 2027, from: 2027-01-01, credits: 2}
      tests:
        - price: {request_type: chat, at: 2026-12-31}
          expect: {credits: 1}
        - price: {request_type: chat, at: 2027-01-01}
          expect: {credits: 2}
      """)

  /// A test whose answer is not the one that it expects.
  public static let testFails = DiagnosticCode(
    "RC0602", "test-fails",
    summary: "A test whose answer is not the one that it expects.",
    reason: """
      The card says something else than its author promised. A card that follows its folder can \
      refuse what fails its tests; `ratecard test` runs them, and `ratecard lint` does not.
      """,
    wrong: """
      costs:
        - {name: chat, credits: 2}
      tests:
        - price: {request_type: chat}
          expect: {credits: 1}
      """,
    right: """
      costs:
        - {name: chat, credits: 2}
      tests:
        - price: {request_type: chat}
          expect: {credits: 2}
      """)
}
