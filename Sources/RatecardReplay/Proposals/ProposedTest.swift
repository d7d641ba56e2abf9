public import RatecardModel

/// A test that a card does not have yet, with what the card answers to it now.
public struct ProposedTest: Sendable {
  /// A value that its request gives an attribute.
  public struct Input: Hashable, Sendable {
    /// The attribute's name.
    public let name: String
    /// The value.
    public let value: Value
  }

  /// A part of the answer.
  public struct Expected: Hashable, Sendable {
    /// Which part.
    public let part: CardTest.Expected.Part
    /// What it is.
    public let answer: CardTest.Expected.Answer
  }

  /// A name that no other test of the card has.
  public internal(set) var name: String
  /// What is asked.
  public let question: CardTest.Question
  /// The request, in the order in which a person would write it.
  public let inputs: [Input]
  /// The parts of the answer that matter, as cards list them.
  public let expected: [Expected]
  /// The section of the rule that it is about.
  public let section: String
}
