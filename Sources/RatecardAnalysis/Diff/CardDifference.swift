public import RatecardModel
import RatecardValues

/// What changes in meaning from one card to another, and nothing else.
///
/// Names of rules, their order, the files they stand in and rules that change no answer are no part
/// of it.
public struct CardDifference: Sendable {
  /// The parts of a card, in the order in which they are shown.
  public enum Section: String, Hashable, Sendable, CaseIterable {
    case card, credit, attributes, models, tiers, routes, costs, adjustments, events, plans, meter
  }

  /// The attributes of both cards: what the answers of `regions` speak of.
  ///
  /// Its other parts are those of the second card.
  public let vocabulary: Card
  /// What changes in the parts that are no rules, by section and subject.
  public let details: [DetailChange]
  /// The requests that are answered differently, by section and conditions.
  public let regions: [RegionChange]

  /// Whether both cards mean the same.
  public var isEmpty: Bool { details.isEmpty && regions.isEmpty }

  /// Which way amounts go, for some request or plan.
  public var trend: Trend {
    details.reduce(into: Trend()) { $0.formUnion($1.trend) }
      .union(regions.reduce(into: Trend()) { $0.formUnion($1.trend) })
  }
}

/// A field that changes in a part of a card that is no rule.
public struct DetailChange: Hashable, Sendable {
  /// What happens to it.
  public enum Change: Hashable, Sendable {
    /// Only the second card has it: this member of the field, or (nil) the subject itself.
    case added(String?)
    /// Only the first card has it: this member of the field, or (nil) the subject itself.
    case removed(String?)
    /// It says something else; nil: nothing.
    case value(before: String?, after: String?)
  }

  /// Where it stands.
  public let section: CardDifference.Section
  /// What it belongs to, such as a plan's name; empty for the section itself.
  public let subject: String
  /// The field, such as `credits`; empty for the subject itself.
  public let field: String
  /// What happens to it.
  public let change: Change
  /// Which way what customers pay goes by it.
  public let trend: Trend
}

/// Requests that the second card answers differently from the first, all in the same way.
public struct RegionChange: Sendable {
  /// Some of the requests, as conditions that all hold.
  public struct Requests: Sendable {
    /// The conditions in words, such as `model: gpt-4o or o1`; none: every request.
    public let conditions: [String]
    /// One such request, by the attributes' names.
    public let example: [(name: String, value: String)]
  }

  /// The rules that answer.
  public let section: CardDifference.Section
  /// The requests; no two of these have one in common.
  public let requests: [Requests]
  /// What the first card says.
  public let before: RuleAnswer
  /// What the second card says.
  public let after: RuleAnswer
  /// Where both are prices: what changes in them.
  public let components: [ComponentChange]
  /// Which way the amount goes, for some of these requests.
  public let trend: Trend
}

/// Which way amounts go: up for some request, down for some, or both where it cannot be told.
public struct Trend: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8

  /// Makes a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Something may cost more.
  public static let rises = Trend(rawValue: 1)
  /// Something may cost less.
  public static let falls = Trend(rawValue: 2)

  /// Which way an amount goes.
  init(_ before: Rational, _ after: Rational) {
    self = before < after ? .rises : before > after ? .falls : []
  }
}
