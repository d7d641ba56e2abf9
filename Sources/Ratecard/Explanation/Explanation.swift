public import RatecardValues

/// An answer with everything that led to it, made by walking the card as it is written rather than
/// the table that answers are made by.
///
/// It holds texts and places only, so that it can be shown without the card.
public struct Explanation: Sendable {
  /// The answer that is explained.
  public enum Answer: Sendable {
    /// The whole decision.
    case decision(Decision)
    /// The cost alone.
    case quote(Quote)
    /// There is none, and why.
    case failure(RequestError)
  }

  /// A place in the card's files.
  public struct Place: Hashable, Sendable {
    /// The file's path, as it was read.
    public let path: String
    /// The line, from 1.
    public let line: Int
    /// The column in UTF-8 bytes, from 1.
    public let column: Int
  }

  /// An attribute as the rules saw it.
  public struct Reading: Hashable, Sendable {
    /// The attribute's name.
    public let name: String
    /// What the request says; nil where it says nothing.
    public let written: String?
    /// What the rules saw; nil: absent.
    public let value: String?
    /// How the one became the other, where they differ: "alias of `gpt-4o`", "default".
    public let remark: String?
  }

  /// Why a candidate did not win.
  public struct Defeat: Hashable, Sendable {
    /// The kinds of reasons.
    public enum Reason: String, Hashable, Sendable {
      /// The winner names it in `overrides:`.
      case overrides
      /// The winner's conditions select a proper part of its requests.
      case moreSpecific = "more_specific"
      /// The winner refuses, and a refusal wins.
      case refusal
      /// The winner says the same, and its name sorts first.
      case sameOutcome = "same_outcome"
    }

    /// The rule that beats it.
    public let by: String
    /// Why.
    public let reason: Reason
  }

  /// A rule whose conditions hold.
  public struct Candidate: Hashable, Sendable {
    /// The rule's name.
    public let rule: String
    /// Where it stands.
    public let place: Place
    /// Its conditions, in words; empty: it has none.
    public let conditions: String
    /// What it says, in words.
    public let says: String
    /// What beats it; empty for the winner.
    public let defeats: [Defeat]
  }

  /// A section's rules and which of them won.
  public struct Stage: Hashable, Sendable {
    /// The section: `tiers`, `routes`, `costs`; `adjustments`, or one group of them.
    public let section: String
    /// The rules whose conditions hold: the winner first, then by name.
    public let candidates: [Candidate]
    /// The rule that won; nil: none matches.
    ///
    /// Of `adjustments` outside a group all apply, and this is nil.
    public let winner: String?
    /// What follows from it, in words.
    public internal(set) var remark: String?
  }

  /// A step on the way to the amount.
  public struct Step: Hashable, Sendable {
    /// What the step is: `input_tokens`, `sum`, `markup`, `rounding`.
    public let label: String
    /// How its amount comes about: "1200 × 75 per 1M".
    public let detail: String
    /// The step's own part: a charge, an amount added; nil where it has none.
    public let part: Rational?
    /// The price after the step; nil among the components, before their sum.
    public let total: Rational?
  }

  /// The card's name.
  public let card: String
  /// The card's version.
  public let version: String
  /// The attributes that the request carries or a rule might see, by name.
  public let attributes: [Reading]
  /// The stages in the order they are decided.
  public let stages: [Stage]
  /// The amount, step by step; empty where there is no price.
  public let steps: [Step]
  /// The answer.
  public let answer: Answer
}
