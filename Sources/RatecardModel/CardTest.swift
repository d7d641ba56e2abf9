public import RatecardDiagnostics
public import RatecardValues

/// A test that a card carries: a request, and what must be answered.
public struct CardTest: Sendable {
  /// What is asked.
  public enum Question: Hashable, Sendable {
    /// The whole decision (`request:`).
    case decision
    /// The cost alone (`price:`).
    case price
    /// What a provider's event does (`event:`).
    case event
  }

  /// An attribute as the test writes it; checked only when the test runs, since a test may expect
  /// `invalid_request`.
  public struct Input: Hashable, Sendable {
    /// The attribute's name.
    public var name: String
    /// The text of the value.
    public var text: String
    /// Where the pair stands.
    public var span: Span

    /// Makes an input.
    public init(name: String, text: String, span: Span) {
      self.name = name
      self.text = text
      self.span = span
    }
  }

  /// One part of the answer that the test names.
  public struct Expected: Hashable, Sendable {
    /// Which part: the answer's own keys.
    public enum Part: String, Hashable, Sendable, CaseIterable {
      case credits, rule, tier, model, queue, fallbacks, params, route, adjustments, denied, error
      case tierRule = "tier_rule"
      case requestedModel = "requested_model"
      case notify
    }

    /// What is expected of a part.
    public enum Answer: Hashable, Sendable {
      case number(Number)
      case text(ExactText)
      case texts([ExactText])
      case parameters([Route.Parameter])
      /// The part must not be in the answer (`absent`).
      case absent
      /// The part must be there, whatever it says (`denied: true`).
      case present
    }

    /// The part.
    public var part: Part
    /// What it must be.
    public var answer: Answer
    /// Where it stands.
    public var span: Span

    /// Makes an expectation.
    public init(part: Part, answer: Answer, span: Span) {
      self.part = part
      self.answer = answer
      self.span = span
    }
  }

  /// Its name, or one made of its inputs.
  public var name: String
  /// What is asked.
  public var question: Question
  /// The request.
  public var inputs: [Input]
  /// What must be answered; never empty.
  public var expected: [Expected]
  /// Where it stands.
  public var span: Span
}

/// A promise about every request, to be proved.
///
/// It speaks of the cost, `model` being the one that serves.
public struct Guard: Sendable {
  /// What is promised of the requests under the conditions.
  public enum Promise: Hashable, Sendable {
    /// The credits satisfy this (`oneOf` numbers, or a `range`); what has no price passes.
    case credits(Matcher)
    /// One unit more of any of these, everything else the same, never costs less; of a quantity
    /// that is no count, any amount more.
    ///
    /// Both requests carry the attribute, are under the conditions and have a price. A part that
    /// grows takes what it gains from the rest of its whole.
    case neverFallsIn([AttributeID])
    /// Every request is refused; one without a price is not.
    case denied
    /// No request is refused.
    case neverDenied
    /// Every request has a price: none is refused, and none is without one.
    ///
    /// That an amount is too large to be held is no breach.
    case priced
    /// The price is at most this multiple of the one that the card before has, and at least that.
    ///
    /// What either card does not price passes. Where both round alike, rounding alone breaks no
    /// bound: the amount before it has to be beyond the bound as well.
    case changes(atMost: Number?, atLeast: Number?)
  }

  /// Its name, or one made of its conditions.
  public var name: String
  /// Which requests.
  public var scope: RuleScope
  /// What is promised.
  public var promise: Promise
  /// Where it stands.
  public var span: Span

  /// Whether it compares prices with those of the card before, and says nothing of one card alone.
  public var boundsChanges: Bool {
    if case .changes = promise { true } else { false }
  }
}
