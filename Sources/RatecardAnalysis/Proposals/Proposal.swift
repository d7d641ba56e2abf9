package import RatecardModel
package import RatecardValues

/// Requests that a card's tests should make about one thing: a rule, or the values around one of
/// its bounds.
///
/// What they are answered today is for somebody else to find out: a proposal only knows, by
/// reasoning about all requests, where something can be seen.
package struct Proposal: Sendable {
  /// A value that a request gives an attribute, by the name that requests use.
  package struct Pair: Hashable, Sendable {
    package let name: String
    package let value: Value
  }

  /// One request.
  package struct Case: Sendable {
    /// What is particular about it: `input_tokens at 200_000`; empty: that the rule wins.
    package let title: String
    package let pairs: [Pair]
    /// When it is to be asked if its answer changes with time; nil: it does not, or the pairs say.
    package let at: Instant?
  }

  /// One way to ask: requests that differ in one thing only.
  package struct Choice: Sendable {
    package let question: CardTest.Question
    package let cases: [Case]
  }

  /// The section of the rule: `costs`.
  package let section: String
  /// The rule that should be named by an answer to one of the cases.
  package let rule: ExactText
  /// What the cases are about: the rule, or its table where they are about a bound of all cells.
  package let subject: String
  /// Whether it asks for the rule itself rather than about a bound.
  package let isOfRule: Bool
  /// Whether the rule is a cell of a table.
  package let isOfCell: Bool
  /// Ways to ask, the plainest first.
  package let choices: [Choice]
}
