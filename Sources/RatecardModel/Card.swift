public import RatecardDiagnostics
public import RatecardValues

/// A rate card, read and checked: every name is resolved, every table is rules, every amount is
/// exact credits.
///
/// What it cannot tell yet is whether rules contradict each other.
///
/// Nothing in it depends on the order in which files, sections, rules or keys were written, but
/// for spans: lists are sorted, rules by name.
public struct Card: Sendable {
  /// The card's own name.
  public var name: String
  /// What a credit is.
  public var credit: Credit
  /// The built-in attributes at their fixed places, then the declared ones by name, then the
  /// payload fields that `events` look at.
  public var attributes: [Attribute]
  /// The models the card knows.
  public var models: ModelList
  /// The named windows, by name.
  public var windows: [NamedWindow]
  /// The prices and refusals.
  public var costs: [Rule<CostOutcome>]
  /// The adjustments.
  public var adjustments: [Rule<Adjustment>]
  /// The tiers' names, sorted.
  public var tierNames: [ExactText]
  /// The rules that choose a tier.
  public var tiers: [Rule<ExactText>]
  /// The rules that choose a route.
  public var routes: [Rule<RouteOutcome>]
  /// What the billing provider's events do.
  public var events: [Rule<EventOutcome>]
  /// The plans, by name.
  public var plans: [Plan]
  /// How usage is metered at the billing provider; nil: the card has no `meter` section.
  public var meter: Meter?
  /// The card's own tests, in the order of their places.
  public var tests: [CardTest]
  /// What the card promises of every request, in the order of their places.
  public var guards: [Guard]
  /// The findings that it accepts, in the order of their places.
  public var acceptances: [Acceptance]

  /// The attribute of a name.
  ///
  /// O(attributes).
  public func attribute(named name: String) -> Attribute? {
    attributes.first { ExactText($0.name) == ExactText(name) }
  }

  /// The attribute at a place.
  ///
  /// O(1).
  public subscript(id: AttributeID) -> Attribute { attributes[id.index] }
}

/// What a credit is, and how amounts are rounded to it.
public struct Credit: Hashable, Sendable {
  /// What customers call it: `premium request`.
  public var unit: String
  /// Decimals of the smallest chargeable part, 0 to 10.
  public var decimals: Int
  /// The one rounding of a price.
  public var rounding: RoundingMode
  /// What a credit is worth; lets amounts be written in that currency.
  ///
  /// Above 0.
  public var worth: Money?
  /// How a grant behaves at the billing provider.
  public var grant: GrantTerms
}

/// An amount of a currency.
public struct Money: Hashable, Sendable {
  /// The amount.
  public var amount: Number
  /// The ISO 4217 code, such as `USD`.
  public var currency: String

  /// Makes an amount of a currency.
  public init(amount: Number, currency: String) {
    self.amount = amount
    self.currency = currency
  }
}

/// How a grant of credits behaves at the billing provider; nil: not said.
public struct GrantTerms: Hashable, Sendable {
  /// What happens to use beyond the grant.
  public struct Overage: Hashable, Sendable {
    /// How overage is settled.
    public enum Settlement: String, Hashable, Sendable, CaseIterable {
      case invoiceAtBilling = "invoice_at_billing"
      case forgiveAtReset = "forgive_at_reset"
      case carryDeficit = "carry_deficit"
      case carryDeficitAutoRepay = "carry_deficit_auto_repay"
    }

    /// What a credit of overage costs.
    public var rate: Money?
    /// The most credits of overage.
    public var limit: Number?
    /// How it is settled.
    public var settlement: Settlement?

    /// Makes overage terms.
    public init(rate: Money? = nil, limit: Number? = nil, settlement: Settlement? = nil) {
      self.rate = rate
      self.limit = limit
      self.settlement = settlement
    }
  }

  /// A time by the calendar: `1 month`.
  public struct Term: Hashable, Sendable, CustomStringConvertible {
    /// What is counted.
    public enum Unit: String, Hashable, Sendable, CaseIterable {
      case day, week, month, year
    }

    /// How many, above 0.
    public var count: Int
    /// What is counted.
    public var unit: Unit

    /// Makes a term.
    public init(_ count: Int, _ unit: Unit) {
      self.count = count
      self.unit = unit
    }

    /// As the language writes it.
    public var description: String { "\(count) \(unit.rawValue)\(count == 1 ? "" : "s")" }
  }

  /// Days after which granted credits expire.
  public var expiresAfterDays: Int?
  /// The percentage of unused credits that rolls over, 0 to 100.
  public var rolloverPercent: Number?
  /// How long credits last once they rolled over.
  public var rolloverTerm: Term?
  /// How often a credit rolls over at the most.
  public var rolloverTimes: Int?
  /// What happens beyond the grant.
  public var overage: Overage?

  /// Makes terms.
  public init(
    expiresAfterDays: Int? = nil, rolloverPercent: Number? = nil, overage: Overage? = nil
  ) {
    self.expiresAfterDays = expiresAfterDays
    self.rolloverPercent = rolloverPercent
    self.overage = overage
  }
}

/// The `models` section.
public struct ModelList: Sendable {
  /// A model the card names.
  public struct Model: Hashable, Sendable {
    /// Its name, which is what rules see.
    public var name: ExactText
    /// Its class; nil: none.
    public var modelClass: ExactText?
    /// Other texts that requests may name it by.
    public var aliases: [Pattern]
    /// Where it stands.
    public var span: Span

    /// Makes a model.
    public init(name: ExactText, modelClass: ExactText?, aliases: [Pattern], span: Span) {
      self.name = name
      self.modelClass = modelClass
      self.aliases = aliases
      self.span = span
    }
  }

  /// Whether the card has the section, so that a literal model must be one of these.
  public var isDeclared: Bool
  /// The models, by name.
  public var models: [Model]

  /// Makes a list.
  public init(isDeclared: Bool, models: [Model]) {
    self.isDeclared = isDeclared
    self.models = models
  }
}

/// A named window.
public struct NamedWindow: Hashable, Sendable {
  /// Its name.
  public var name: ExactText
  /// When it holds.
  public var window: Window
  /// Where it stands.
  public var span: Span

  /// Makes a named window.
  public init(name: ExactText, window: Window, span: Span) {
    self.name = name
    self.window = window
    self.span = span
  }
}

/// A plan that customers buy.
public struct Plan: Hashable, Sendable {
  /// How often a plan's price is due.
  public enum Interval: String, Hashable, Sendable {
    case month, year, once
  }

  /// Its name, a value of `plan`.
  public var name: ExactText
  /// Its product at the billing provider.
  public var product: String?
  /// Its price; nil: not said.
  public var price: Money?
  /// How often the price is due.
  public var interval: Interval
  /// Whether the price is for each seat.
  public var isPerSeat: Bool
  /// Credits granted in each interval.
  public var credits: Number?
  /// Percentage of the grant below which the provider reports a low balance.
  public var lowBalancePercent: Number?
  /// Terms that differ from the card's own.
  public var grant: GrantTerms
  /// Where it stands.
  public var span: Span
}

/// How usage is metered at the billing provider.
public struct Meter: Hashable, Sendable {
  /// The event's name: `ai.request`.
  public var event: String
  /// How the provider adds events up; `sum`.
  public var aggregation: String
  /// The property that carries the cost: `credit_cost`.
  public var property: String
  /// The property is credits times this.
  public var unitsPerCredit: Number
  /// Attributes copied into the event, sorted by name.
  public var properties: [AttributeID]
  /// Whether an event that costs 0 is sent.
  public var sendsZeroCost: Bool
}
