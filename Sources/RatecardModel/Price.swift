public import RatecardValues

/// What a rule of `costs` says.
public enum CostOutcome: Hashable, Sendable {
  case price(Price)
  /// A refusal, with its text for the caller.
  case deny(ExactText)
}

/// A price in credits.
///
/// All amounts are exact; those written in a currency are already divided by the worth of a credit.
public struct Price: Hashable, Sendable {
  /// The flat part; nil where the rule has none (which is not the same price as 0).
  public let credits: Rational?
  /// The rates, one an attribute, sorted by the attributes' names.
  public let rates: [Rate]
  /// The price is at least this (the largest of a cell's and its table's).
  public let minimum: Rational?
  /// The price is at most this (the smallest of a cell's and its table's).
  public let maximum: Rational?
  /// Whether adjustments touch it (`adjust: false` says no).
  public let isAdjustable: Bool

  /// Makes a price.
  public init(
    credits: Rational?, rates: [Rate], minimum: Rational? = nil, maximum: Rational? = nil,
    isAdjustable: Bool = true
  ) {
    self.credits = credits
    self.rates = rates
    self.minimum = minimum
    self.maximum = maximum
    self.isAdjustable = isAdjustable
  }
}

/// What one attribute's quantity costs.
///
/// The quantity is the attribute's value less the parts that the same price (or the same `add`
/// map) also rates; 0 costs nothing. Otherwise it is rounded, then bounded, then priced.
public struct Rate: Hashable, Sendable {
  /// How a quantity is brought to a multiple of a number, before its bounds.
  public struct QuantityRounding: Hashable, Sendable {
    /// Up, down or half up.
    public let mode: RoundingMode
    /// The number, above 0.
    public let multiple: Number

    /// Makes a rounding to multiples of `multiple`.
    public init(_ mode: RoundingMode, to multiple: Number) {
      self.mode = mode
      self.multiple = multiple
    }
  }

  /// How the bounded quantity becomes an amount.
  public enum Schedule: Hashable, Sendable {
    /// Credits per unit.
    case linear(Rational)
    /// Each part of the quantity at its band's rate; with `after`, bands are entered at that
    /// attribute's value and the price is the marginal one.
    case graduated([Band], after: AttributeID?)
    /// The whole quantity at the rate of the band it falls in.
    case volume([Band])
  }

  /// A band of a schedule; bands are sorted by their bound, an unbounded one is last.
  public struct Band: Hashable, Sendable {
    /// Its upper end; nil: none.
    public let bound: Number?
    /// Whether the band holds its bound (`up_to`) or not (`below`); true where there is none.
    public let isInclusive: Bool
    /// Credits per unit.
    public let rate: Rational

    /// Makes a band.
    public init(bound: Number?, isInclusive: Bool = true, rate: Rational) {
      self.bound = bound
      self.isInclusive = isInclusive
      self.rate = rate
    }
  }

  /// The attribute whose quantity is charged.
  public let attribute: AttributeID
  /// The rounding of the quantity, first.
  public let rounding: QuantityRounding?
  /// Then: the quantity is at least this.
  public let atLeast: Number?
  /// And at most this.
  public let atMost: Number?
  /// What the quantity costs.
  public let schedule: Schedule

  /// Makes a rate.
  public init(
    attribute: AttributeID, rounding: QuantityRounding? = nil, atLeast: Number? = nil,
    atMost: Number? = nil, schedule: Schedule
  ) {
    self.attribute = attribute
    self.rounding = rounding
    self.atLeast = atLeast
    self.atMost = atMost
    self.schedule = schedule
  }
}

/// What an adjustment does to a price; see the stages in the language reference.
public struct Adjustment: Hashable, Sendable {
  /// The one action of an adjustment.
  public enum Action: Hashable, Sendable {
    /// Multiplies the whole price.
    case multiply(Rational)
    /// Multiplies only these components of the rule's own price; sorted, none twice.
    case multiplyComponents(Rational, of: [Component])
    /// Adds an amount.
    case add(Rational)
    /// Adds what these rates come to, sorted by the attributes' names.
    case addRates([Rate])
    /// The price is at least this.
    case minimum(Rational)
    /// The price is at most this.
    case maximum(Rational)
  }

  /// A part of a rule's own price.
  public enum Component: Hashable, Comparable, Sendable {
    /// The flat part.
    case credits
    /// The charge of a rated attribute.
    case attribute(AttributeID)
  }

  /// The group whose members exclude each other, the winner being found as for rules.
  public let group: ExactText?
  /// What it does.
  public let action: Action

  /// Makes an adjustment.
  public init(group: ExactText?, action: Action) {
    self.group = group
    self.action = action
  }
}
