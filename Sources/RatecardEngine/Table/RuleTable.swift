public import RatecardValues

/// A compiled rate card: immutable and ready to answer.
///
/// Attributes and rules are places in the card's own lists; whoever shows an answer to a person
/// looks the names up there.
public final class RuleTable: Sendable {
  /// An attribute as a request needs it.
  public struct Attribute: Sendable {
    /// What values it takes.
    public enum Kind: BitwiseCopyable, Sendable {
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
    public let texts: TextValues?
    /// The cuts of the axis, ascending, each just before or just after a value; of instants, their
    /// nanoseconds.
    public let cuts: [(value: Number, isAfter: Bool)]
    /// The atom of "not carried"; -1 where it always is.
    public let absentAtom: Int32

    /// Makes an attribute.
    public init(
      kind: Kind, axis: Int, texts: TextValues?, cuts: [(value: Number, isAfter: Bool)],
      absentAtom: Int32
    ) {
      self.kind = kind
      self.axis = axis
      self.texts = texts
      self.cuts = cuts
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

  /// What a request is checked and classified by.
  public let layout: Layout
  /// Each rule's plan is the atom of its tier on the axis of `tier`.
  public let tiers: Section<Int32>
  /// The rules that choose a route.
  public let routes: Section<RoutePlan>
  /// The rules that price.
  public let costs: Section<PricePlan>
  /// The adjustments.
  public let adjustments: AdjustmentIndex
  /// What the billing provider's events do.
  public let events: RuleIndex
  /// Decimals of the one rounding.
  public let decimals: Int
  /// Mode of the one rounding.
  public let rounding: RoundingMode

  private let arena: Arena
  /// What decisions read, in one place of its own.
  let kernel: Flat<Kernel>

  /// Puts the compiled parts together.
  public init(
    layout: Layout, tiers: Section<Int32>, routes: Section<RoutePlan>,
    costs: Section<PricePlan>, adjustments: AdjustmentIndex, events: RuleIndex, decimals: Int,
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
    arena = Arena()
    var picks: [RoutePick] = []
    var sides: [Split.Side] = []
    for plan in routes.plans {
      picks.append(
        RoutePick(
          isDenial: plan.isDenial, splitKey: Int32(plan.splitKey), firstSide: Int32(sides.count),
          sideCount: Int32(plan.sides.count)))
      sides += plan.sides.map(Split.Side.init)
    }
    kernel = arena.lay([
      Kernel(
        tiers: arena.lay([tiers.index.kernel]), tierAtoms: arena.lay(tiers.plans),
        routes: arena.lay([routes.index.kernel]), picks: arena.lay(picks), sides: arena.lay(sides),
        costs: arena.lay([costs.index.kernel]), adjustments: adjustments.graph,
        prices: arena.lay([
          PriceTable(
            costs.plans, adjustments, decimals: decimals, rounding: rounding, in: arena)
        ]))
    ])
  }

  /// What decisions read, laid out flat: no references, so that none are counted.
  struct Kernel: BitwiseCopyable, Sendable {
    let tiers: Flat<RuleIndex.Kernel>
    let tierAtoms: Flat<Int32>
    let routes: Flat<RuleIndex.Kernel>
    let picks: Flat<RoutePick>
    let sides: Flat<Split.Side>
    let costs: Flat<RuleIndex.Kernel>
    let adjustments: DecisionGraph
    let prices: Flat<PriceTable>
  }
}

extension RuleTable {
  /// The same table, which finds rules by rows of bits alone; adjustments too, unless they are kept.
  package func withoutGraphs(keepingAdjustments: Bool = false) -> RuleTable {
    RuleTable(
      layout: layout, tiers: Section(index: tiers.index.withoutGraph, plans: tiers.plans),
      routes: Section(index: routes.index.withoutGraph, plans: routes.plans),
      costs: Section(index: costs.index.withoutGraph, plans: costs.plans),
      adjustments: keepingAdjustments ? adjustments : adjustments.withoutGraphs,
      events: events.withoutGraph, decimals: decimals,
      rounding: rounding)
  }
}

/// What a route rule says, laid out flat.
struct RoutePick: BitwiseCopyable, Sendable {
  let isDenial: Bool
  /// The attribute that decides a split; -1: there is none.
  let splitKey: Int32
  let firstSide: Int32
  let sideCount: Int32
}
