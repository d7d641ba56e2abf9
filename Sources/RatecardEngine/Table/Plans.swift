public import RatecardValues

/// What a route rule says, as the engine needs it.
public struct RoutePlan: Sendable {
  /// A model that serves: the only one, or a side of a split.
  public struct Side: Sendable {
    /// The model's name.
    public let model: String
    /// Its atom on the axes of models.
    public let atom: Int32
    /// Its weight.
    public let weight: UInt64

    /// Makes a side.
    public init(model: String, atom: Int32, weight: UInt64) {
      self.model = model
      self.atom = atom
      self.weight = weight
    }
  }

  /// Whether it refuses.
  public let isDenial: Bool
  /// The one model, or the sides of a split by name; empty: the model asked for is kept.
  public let sides: [Side]
  /// The attribute that decides a split; -1: there is none.
  public let splitKey: Int

  /// Makes a plan.
  public init(isDenial: Bool, sides: [Side], splitKey: Int) {
    self.isDenial = isDenial
    self.sides = sides
    self.splitKey = splitKey
  }
}

/// A price as the engine computes it.
public struct PricePlan: Hashable, Sendable {
  /// Whether it refuses.
  public let isDenial: Bool
  /// The flat part.
  public let credits: Rational?
  /// The rates.
  public let rates: [RatePlan]
  /// The rule's own price is at least this.
  public let minimum: Rational?
  /// The rule's own price is at most this.
  public let maximum: Rational?
  /// Whether adjustments touch it.
  public let isAdjustable: Bool

  /// Makes a plan.
  public init(
    isDenial: Bool, credits: Rational?, rates: [RatePlan], minimum: Rational?,
    maximum: Rational?, isAdjustable: Bool
  ) {
    self.isDenial = isDenial
    self.credits = credits
    self.rates = rates
    self.minimum = minimum
    self.maximum = maximum
    self.isAdjustable = isAdjustable
  }
}

/// A rate as the engine computes it.
public struct RatePlan: Hashable, Sendable {
  /// How the quantity becomes an amount.
  public enum Schedule: Hashable, Sendable {
    /// Credits per unit.
    case linear(Rational)
    /// Each part at its band's rate; `after` is an attribute's place, or -1.
    case graduated([Band], after: Int)
    /// All of it at the rate of the band it falls in.
    case volume([Band])
  }

  /// A band of a schedule.
  public struct Band: Hashable, Sendable {
    /// The upper end; nil: none.
    public let bound: Rational?
    /// Whether the band holds it.
    public let isInclusive: Bool
    /// Credits per unit.
    public let rate: Rational

    /// Makes a band.
    public init(bound: Rational?, isInclusive: Bool, rate: Rational) {
      self.bound = bound
      self.isInclusive = isInclusive
      self.rate = rate
    }
  }

  /// How a quantity is brought to a multiple.
  public struct Rounding: Hashable, Sendable {
    /// Up, down or half up.
    public let mode: RoundingMode
    /// The number it becomes a multiple of.
    public let multiple: Rational

    /// Makes a rounding.
    public init(mode: RoundingMode, multiple: Rational) {
      self.mode = mode
      self.multiple = multiple
    }
  }

  /// The place of the attribute.
  public let attribute: Int
  /// The outermost parts of it that the same price also rates: their values are not charged here.
  public let innerParts: [Int]
  /// The rounding of the quantity; nil: none.
  public let rounding: Rounding?
  /// The rounded quantity is at least this.
  public let atLeast: Rational?
  /// The rounded quantity is at most this.
  public let atMost: Rational?
  /// What the quantity costs.
  public let schedule: Schedule

  /// Makes a plan.
  public init(
    attribute: Int, innerParts: [Int], rounding: Rounding?, atLeast: Rational?,
    atMost: Rational?, schedule: Schedule
  ) {
    self.attribute = attribute
    self.innerParts = innerParts
    self.rounding = rounding
    self.atLeast = atLeast
    self.atMost = atMost
    self.schedule = schedule
  }
}

/// An adjustment as the engine computes it.
public enum AdjustmentPlan: Sendable {
  /// Multiplies the whole price.
  case multiply(Rational)
  /// Multiplies components: attribute places, or -1 for the flat part.
  case multiplyComponents(Rational, of: [Int])
  /// Adds an amount.
  case add(Rational)
  /// Adds what rates come to.
  case addRates([RatePlan])
  /// The price is at least this.
  case minimum(Rational)
  /// The price is at most this.
  case maximum(Rational)
}
