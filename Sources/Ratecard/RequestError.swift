/// Why a request has no answer: its own mistake, or a card that has no price for it.
public struct RequestError: Error, Hashable, Sendable {
  /// The kinds of refusal, spelled as answers and card tests spell them.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// An attribute that nobody declared, a value of the wrong type or out of its set, parts that
    /// exceed their whole, a `tier` that is missing or not for the caller to give.
    case invalidRequest = "invalid_request"
    /// No rule has a price for it, or a quantity lies past the last band.
    case unpriced
    /// The exact amount is too large or too fine to be held.
    case overflow
  }

  /// Which kind it is.
  public let code: Code
  /// What is wrong: lower case, no full stop, the caller's words in backticks.
  public let message: String
  /// The attribute it is about, if it is about one.
  public let attribute: String?
  /// What to do about it, such as "did you mean `model`?".
  public let help: String?

  /// Makes an error.
  public init(_ code: Code, _ message: String, attribute: String? = nil, help: String? = nil) {
    self.code = code
    self.message = message
    self.attribute = attribute
    self.help = help
  }
}
