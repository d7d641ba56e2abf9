public import RatecardValues
import Synchronization

/// How many layouts were ever made.
private let layoutsMade = Atomic<UInt64>(0)

extension RuleTable {
  /// What a request is checked and classified by.
  public struct Layout: Sendable {
    /// A whole and where its direct parts stand in `parts`.
    struct FlatSum: BitwiseCopyable, Sendable {
      let whole: Int32
      let firstPart: Int32
      let endOfParts: Int32
    }

    /// The credits that a plan grants.
    struct Grant: BitwiseCopyable, Sendable {
      let isGranted: Bool
      let credits: Number
    }

    /// The attributes that mean something to the engine, and their axes.
    struct Places: BitwiseCopyable, Sendable {
      let model: Int
      let requestedModel: Int
      let plan: Int
      let balance: Int
      let granted: Int
      let balancePercent: Int
      let tier: Int
      let at: Int
      /// An axis that there is not is one past the last, which nobody reads.
      let modelAxis: Int
      let requestedAxis: Int
      let tierAxis: Int
      /// The atom of no tier.
      let noTier: Int32
      /// The atom of no model asked for.
      let noRequest: Int32

      fileprivate init(_ builtIns: BuiltIns, _ attributes: [Attribute], _ axisCount: Int) {
        func axis(_ place: Int) -> Int {
          attributes[place].axis < 0 ? axisCount : attributes[place].axis
        }
        (model, requestedModel) = (builtIns.model, builtIns.requestedModel)
        (plan, balance, granted) = (builtIns.plan, builtIns.balance, builtIns.granted)
        (balancePercent, tier, at) = (builtIns.balancePercent, builtIns.tier, builtIns.at)
        modelAxis = axis(model)
        requestedAxis = axis(requestedModel)
        tierAxis = axis(tier)
        noTier = attributes[tier].absentAtom
        noRequest = attributes[requestedModel].absentAtom
      }
    }

    /// The attributes, by place.
    public let attributes: [Attribute]
    /// The places of the built-ins.
    public let builtIns: BuiltIns
    /// How many axes there are.
    public let axisCount: Int
    /// The instants and windows of the time axis; nil: no condition looks at time.
    public let time: TimeValues?
    /// The axis of time; -1: there is none.
    public let timeAxis: Int
    /// Whether a cost rule or an adjustment looks at `tier`.
    public let costsNeedTier: Bool

    private let arena: Arena
    let kernel: Flat<Kernel>

    /// What a request reads of it.
    struct Kernel: BitwiseCopyable, Sendable {
      /// What no other layout has, with room for a place below it.
      let serial: UInt64
      let attributeCount: Int
      let axisCount: Int
      let slots: Flat<AttributeSlot>
      let clock: TimeClassifier
      let timeAxis: Int
      let sumCount: Int
      let sums: Flat<FlatSum>
      let parts: Flat<Int32>
      let hasGrants: Bool
      /// By the symbol of the plan.
      let grants: Flat<Grant>
      let hasBalancePercent: Bool
      let costsNeedTier: Bool
      let places: Places
    }

    /// Makes a layout.
    ///
    /// `grants` are the credits of the plans that have some, by the plan's name, and `splitKeys` the
    /// attributes by which routes are split.
    public init(
      attributes: [Attribute], builtIns: BuiltIns, axisCount: Int, time: TimeValues?,
      timeAxis: Int, sums: [PartSum], grants: [ExactText: Number], splitKeys: Set<Int>,
      costsNeedTier: Bool
    ) {
      let arena = Arena()
      self.attributes = attributes
      self.builtIns = builtIns
      self.axisCount = axisCount
      self.time = time
      self.timeAxis = timeAxis
      self.costsNeedTier = costsNeedTier
      var parts: [Int32] = []
      var flatSums: [FlatSum] = []
      for sum in sums {
        let first = Int32(parts.count)
        parts += sum.parts.map { Int32($0) }
        flatSums.append(
          FlatSum(whole: Int32(sum.whole), firstPart: first, endOfParts: Int32(parts.count)))
      }
      let plans = attributes[builtIns.plan].texts?.symbols ?? []
      let kernel = Kernel(
        serial: layoutsMade.add(1, ordering: .relaxed).newValue << 32,
        attributeCount: attributes.count, axisCount: axisCount,
        slots: arena.lay(
          attributes.enumerated().map { place, attribute in
            AttributeSlot(
              attribute, of: axisCount, isSplitKey: splitKeys.contains(place), in: arena)
          }),
        clock: TimeClassifier(
          time ?? TimeValues(cuts: [], windows: [], atoms: [], examples: []), in: arena),
        timeAxis: timeAxis, sumCount: sums.count, sums: arena.lay(flatSums),
        parts: arena.lay(parts), hasGrants: !grants.isEmpty,
        grants: arena.lay(
          plans.map { plan in
            Grant(isGranted: grants[plan] != nil, credits: grants[plan] ?? .zero)
          }),
        hasBalancePercent: attributes[builtIns.balancePercent].axis >= 0,
        costsNeedTier: costsNeedTier, places: Places(builtIns, attributes, axisCount))
      self.kernel = arena.lay([kernel])
      self.arena = arena
    }
  }
}

/// What a value of an attribute is checked and classified by, laid out flat.
struct AttributeSlot: BitwiseCopyable, Sendable {
  /// The axis it decides; where no condition looks at it, one past the last, which nobody reads.
  let axis: Int
  let kind: RuleTable.Attribute.Kind
  /// Whether a route is split by it.
  let isSplitKey: Bool
  let hasTexts: Bool
  let hasAxis: Bool
  let takesNumbers: Bool
  let takesNegatives: Bool
  /// The least integer that is a value without further ado; the greatest of all where none is.
  let leastQuick: Int64
  /// The atom of "not carried"; -1 where it always is.
  let absentAtom: Int32
  let texts: TextClassifier
  let numbers: NumberClassifier
  /// The hash of each symbol, where a route is split by the attribute.
  let keyOfSymbol: Flat<UInt64>

  init(
    _ attribute: RuleTable.Attribute, of axisCount: Int, isSplitKey: Bool, in arena: Arena
  ) {
    kind = attribute.kind
    self.isSplitKey = isSplitKey
    hasTexts = attribute.texts != nil
    hasAxis = attribute.axis >= 0
    axis = attribute.axis >= 0 ? attribute.axis : axisCount
    takesNumbers = kind == .count || kind == .quantity || kind == .number
    takesNegatives = kind == .number
    leastQuick = !takesNumbers || isSplitKey ? .max : takesNegatives ? .min : 0
    absentAtom = attribute.absentAtom
    let values = attribute.texts ?? TextValues(symbols: [], atoms: [])
    texts = TextClassifier(values, in: arena)
    numbers = NumberClassifier(attribute.cuts, in: arena)
    keyOfSymbol = arena.lay(isSplitKey ? values.symbols.map { StableHash.of($0.string) } : [])
  }

  /// Whether it takes texts.
  var takesText: Bool { kind == .text || kind == .choice }

  /// Whether only symbols are values.
  var isClosed: Bool { kind == .choice }
}
