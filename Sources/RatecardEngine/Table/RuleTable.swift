public import RatecardValues

/// A compiled rate card: immutable and ready to answer.
///
/// Attributes and rules are places in the card's own lists; whoever shows an answer to a person
/// looks the names up there.
public struct RuleTable: Sendable {
  /// An attribute as a request needs it.
  public struct Attribute: Sendable {
    /// What values it takes.
    public enum Kind: Sendable {
      /// Any text.
      case text
      /// A closed set: only the classifier's literals are values.
      case choice
      /// True or false.
      case flag
      /// An integer, 0 or more.
      case count
      /// A decimal, 0 or more.
      case quantity
      /// A signed decimal.
      case number
      /// A point in time.
      case instant
      /// Worked out; no request carries it.
      case derived
    }

    /// What values it takes.
    public let kind: Kind
    /// The axis it decides; -1: no condition looks at it.
    public let axis: Int
    /// The texts of the axis, or of a closed set.
    public let texts: TextClassifier?
    /// The numbers of the axis; of instants, their nanoseconds.
    public let numbers: NumberClassifier?
    /// The atom of "not carried"; -1 where it always is.
    public let absentAtom: Int32

    /// Makes an attribute.
    public init(
      kind: Kind, axis: Int, texts: TextClassifier?, numbers: NumberClassifier?,
      absentAtom: Int32
    ) {
      self.kind = kind
      self.axis = axis
      self.texts = texts
      self.numbers = numbers
      self.absentAtom = absentAtom
    }
  }

  /// The places of the attributes that mean something to the engine itself.
  public struct BuiltIns: Sendable {
    /// The model that rules see.
    public var model: Int
    /// The model asked for.
    public var requestedModel: Int
    /// The tier chosen.
    public var tier: Int
    /// The customer's plan.
    public var plan: Int
    /// The credits left.
    public var balance: Int
    /// The credits of the current grant.
    public var granted: Int
    /// The one as a percentage of the other.
    public var balancePercent: Int
    /// When the request was admitted.
    public var at: Int

    /// Names the places.
    public init(
      model: Int, requestedModel: Int, tier: Int, plan: Int, balance: Int, granted: Int,
      balancePercent: Int, at: Int
    ) {
      self.model = model
      self.requestedModel = requestedModel
      self.tier = tier
      self.plan = plan
      self.balance = balance
      self.granted = granted
      self.balancePercent = balancePercent
      self.at = at
    }
  }

  /// Adjustments that exclude each other.
  public struct Group: Sendable {
    /// The rules of the group.
    public let index: RuleIndex
    /// The place of each of its rules in the list of adjustments.
    public let members: [Int32]

    /// Makes a group.
    public init(index: RuleIndex, members: [Int32]) {
      self.index = index
      self.members = members
    }
  }

  /// A whole and its direct parts, as places of attributes.
  public struct PartSum: Sendable {
    /// The whole.
    public let whole: Int
    /// The parts.
    public let parts: [Int]

    /// Makes a sum.
    public init(whole: Int, parts: [Int]) {
      self.whole = whole
      self.parts = parts
    }
  }

  /// A rule set whose rules each choose something.
  public struct Section<Plan: Sendable>: Sendable {
    /// Which rule wins.
    public let index: RuleIndex
    /// What each rule says.
    public let plans: [Plan]

    /// Makes a section.
    public init(index: RuleIndex, plans: [Plan]) {
      self.index = index
      self.plans = plans
    }
  }

  /// The adjustments: those that stand alone, and the groups.
  public struct Adjustments: Sendable {
    /// The adjustments without a group.
    public let alone: RuleIndex
    /// The place in `plans` of each rule of `alone`.
    public let members: [Int32]
    /// The groups.
    public let groups: [Group]
    /// What each adjustment does.
    public let plans: [AdjustmentPlan]

    /// Makes the section.
    public init(
      alone: RuleIndex, members: [Int32], groups: [Group], plans: [AdjustmentPlan]
    ) {
      self.alone = alone
      self.members = members
      self.groups = groups
      self.plans = plans
    }
  }

  /// What a request is checked and classified by.
  public struct Layout: Sendable {
    /// The attributes, by place.
    public let attributes: [Attribute]
    /// The places of the built-ins.
    public let builtIns: BuiltIns
    /// How many axes there are.
    public let axisCount: Int
    /// The time axis and its place; nil: no condition looks at time.
    public let time: TimeClassifier?
    /// The axis of time; -1: there is none.
    public let timeAxis: Int
    /// What parts and wholes must obey.
    public let sums: [PartSum]
    /// The grant of each plan, by name.
    public let grants: [ExactText: Number]
    /// Whether a cost rule or an adjustment looks at `tier`.
    public let costsNeedTier: Bool

    /// Makes a layout.
    public init(
      attributes: [Attribute], builtIns: BuiltIns, axisCount: Int, time: TimeClassifier?,
      timeAxis: Int, sums: [PartSum], grants: [ExactText: Number], costsNeedTier: Bool
    ) {
      self.attributes = attributes
      self.builtIns = builtIns
      self.axisCount = axisCount
      self.time = time
      self.timeAxis = timeAxis
      self.sums = sums
      self.grants = grants
      self.costsNeedTier = costsNeedTier
    }
  }

  /// What a request is checked and classified by.
  public let layout: Layout
  /// Each rule's plan is the atom of its tier on the axis of `tier`.
  public let tiers: Section<Int32>
  /// The rules that choose a route.
  public let routes: Section<RoutePlan>
  /// The rules that price.
  public let costs: Section<PricePlan>
  /// The adjustments.
  public let adjustments: Adjustments
  /// What the billing provider's events do.
  public let events: RuleIndex
  /// Decimals of the one rounding.
  public let decimals: Int
  /// Mode of the one rounding.
  public let rounding: RoundingMode

  /// Puts the compiled parts together.
  public init(
    layout: Layout, tiers: Section<Int32>, routes: Section<RoutePlan>,
    costs: Section<PricePlan>, adjustments: Adjustments, events: RuleIndex, decimals: Int,
    rounding: RoundingMode
  ) {
    self.layout = layout
    self.tiers = tiers
    self.routes = routes
    self.costs = costs
    self.adjustments = adjustments
    self.events = events
    self.decimals = decimals
    self.rounding = rounding
  }
}
