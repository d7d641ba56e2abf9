import RatecardValues

/// Answers requests that all carry the same attributes, row after row, with what is the same for all of
/// them worked out once.
///
/// A row is so many texts and so many integers. What is unusual about a row (a text that takes a look at
/// every glob, an amount that needs exact fractions, anything wrong) is left to a `Request`: its verdict
/// then says that it is open.
public struct PreparedRows: ~Copyable, @unchecked Sendable {
  // SAFETY: the pointers are this value's own memory, allocated and initialized in `init`, freed in
  // `deinit`, and reached through no other value, or point into the arenas of `table`.

  /// A text of each row.
  struct TextColumn: BitwiseCopyable {
    let names: SymbolTable
    let slot: UnsafePointer<AttributeSlot>
    let axis: Int
    /// Which of a row's texts it is.
    let source: Int
    /// As a text's handle has it.
    let owner: UInt64
    /// Whether texts without a name are told apart here.
    let takesOthers: Bool
    /// Whether its symbol decides what is granted.
    let grants: Bool
  }

  /// An integer of each row.
  struct NumberColumn: BitwiseCopyable {
    let slot: UnsafePointer<AttributeSlot>
    let axis: Int
    /// Which of a row's integers it is.
    let source: Int
    /// The least that is a value.
    let least: Int64
  }

  /// How many rows are answered together at most.
  static let blockSize = 64

  let table: RuleTable
  let kernel: UnsafePointer<RuleTable.Kernel>
  let layout: UnsafePointer<RuleTable.Layout.Kernel>
  let question: Request.Question
  /// Whether rows can be answered here at all.
  let isQuick: Bool
  /// How many texts a row has.
  public let textCount: Int
  /// How many integers a row has.
  public let integerCount: Int
  /// Whether answers depend on the time that the caller says.
  public var needsTime: Bool { !isQuick || clockAxis >= 0 }

  let texts: UnsafeMutablePointer<TextColumn>
  let lookedTexts: Int
  let numbers: UnsafeMutablePointer<NumberColumn>
  /// The atoms of each row of a block, and one more a row, which nobody reads.
  let atoms: UnsafeMutablePointer<Int32>
  let stride: Int
  /// The symbol of each row's plan, where it is asked for.
  let plans: UnsafeMutablePointer<Int32>
  let recent: UnsafeMutablePointer<RecentText>
  /// By attribute, which of a row's integers it is; -1: it is none of them.
  let sources: UnsafeMutablePointer<Int32>
  /// By attribute, its quantity where it is no integer of the row: 0 for none, the least of all where
  /// it is no short integer.
  let fixed: UnsafeMutablePointer<Int64>
  /// Whether rows decide what is granted, or what is left of it.
  let worksOutBalance: Bool
  /// Whether rows say the plan that grants.
  let hasPlans: Bool
  /// Whether parts may exceed their whole.
  let checksSums: Bool
  /// Whether rows say which model they ask for.
  let asksForModel: Bool
  /// Whether the model that a row asks for is the one that it is priced for.
  let copiesModel: Bool
  /// The atoms that a decision finds on axes that it changes.
  let blankModel: Int32
  let blankRequest: Int32
  let blankTier: Int32
  /// The axis of the time that the caller says; -1: it makes no difference.
  let clockAxis: Int
  /// The time for which the rows' atoms are made.
  var clockTime: Instant?
  var clock = TimeClassifier.Recent()

  /// Prepares rows that carry some attributes, each once; all others have what an empty `request` has.
  ///
  /// `namesModels`: a model that the card does not name is known by no other name. Throws what would be
  /// wrong with every row.
  public init(
    _ request: inout Request, for question: Request.Question, texts: [Int], integers: [Int],
    namesModels: Bool
  ) throws(Request.Problem) {
    request.clear()
    let (layout, places) = (request.kernel, request.kernel.pointee.places)
    let given = Set(texts + integers)
    let hasRequest =
      given.contains(places.requestedModel) || request.carries(places.requestedModel)
    try request.check(
      question, hasTier: given.contains(places.tier) || request.carries(places.tier),
      hasRequest: hasRequest)
    table = request.table
    self.layout = layout
    kernel = table.kernel.base
    self.question = question
    (textCount, integerCount) = (texts.count, integers.count)
    clockAxis = request.carries(places.at) ? -1 : layout.pointee.timeAxis
    let isFit = (try? request.workOut(at: .earliest)) != nil
    if question == .price { request.askForOwnModel() }
    asksForModel = given.contains(places.model)
    copiesModel = question == .price && asksForModel && !hasRequest
    blankModel = request.atoms[places.modelAxis]
    blankRequest = request.atoms[places.requestedAxis]
    blankTier = request.atoms[places.tierAxis]
    let (attributes, axes) = (layout.pointee.attributeCount, layout.pointee.axisCount)
    stride = axes + 1
    let dependsOnGrant = layout.pointee.hasGrants || layout.pointee.hasBalancePercent
    worksOutBalance =
      dependsOnGrant
      && !given.isDisjoint(with: [places.plan, places.balance, places.granted])
    checksSums = Self.sums(of: layout).contains(where: given.contains)

    func slot(_ place: Int) -> UnsafePointer<AttributeSlot> { layout.pointee.slots.base + place }
    var textColumns: [TextColumn] = []
    var isQuick = isFit && !given.contains { slot($0).pointee.isSplitKey }
    for (source, place) in texts.enumerated() {
      isQuick = isQuick && slot(place).pointee.takesText
      let isModel = place == places.model || place == places.requestedModel
      let grants = dependsOnGrant && place == places.plan
      let isLooked = slot(place).pointee.hasAxis || slot(place).pointee.isClosed || grants
      guard isLooked else { continue }
      textColumns.append(
        TextColumn(
          names: slot(place).pointee.texts.names, slot: slot(place),
          axis: slot(place).pointee.axis, source: source,
          owner: layout.pointee.serial | UInt64(place),
          takesOthers: !slot(place).pointee.isClosed && (!isModel || namesModels),
          grants: grants))
    }
    var numberColumns: [NumberColumn] = []
    for (source, place) in integers.enumerated() {
      isQuick = isQuick && slot(place).pointee.takesNumbers
      numberColumns.append(
        NumberColumn(
          slot: slot(place), axis: slot(place).pointee.axis, source: source,
          least: slot(place).pointee.leastQuick))
    }
    self.isQuick = isQuick
    hasPlans = textColumns.contains(where: \.grants)
    self.texts = .allocate(capacity: textColumns.count)
    self.texts.initialize(from: textColumns, count: textColumns.count)
    lookedTexts = textColumns.count
    numbers = .allocate(capacity: numberColumns.count)
    numbers.initialize(from: numberColumns, count: numberColumns.count)
    atoms = .allocate(capacity: Self.blockSize * stride)
    for row in 0..<Self.blockSize {
      (atoms + row * stride).initialize(from: request.atoms, count: stride)
    }
    plans = .allocate(capacity: Self.blockSize)
    plans.initialize(repeating: -1, count: Self.blockSize)
    recent = .allocate(capacity: RecentText.count)
    recent.initialize(repeating: RecentText(), count: RecentText.count)
    sources = .allocate(capacity: attributes)
    sources.initialize(repeating: -1, count: attributes)
    for (source, place) in integers.enumerated() { sources[place] = Int32(source) }
    fixed = .allocate(capacity: attributes)
    for place in 0..<attributes {
      (fixed + place).initialize(to: request.short(place) ?? .min)
    }
    if worksOutBalance { fixed[places.granted] = .min }

    request.clear()
  }

  /// The attributes that are parts of others, and those.
  private static func sums(of layout: UnsafePointer<RuleTable.Layout.Kernel>) -> [Int] {
    (0..<layout.pointee.sumCount).flatMap { index in
      let sum = layout.pointee.sums[index]
      return [Int(sum.whole)]
        + (sum.firstPart..<sum.endOfParts).map { Int(layout.pointee.parts[$0]) }
    }
  }

  deinit {
    texts.deallocate()
    numbers.deallocate()
    atoms.deallocate()
    plans.deallocate()
    recent.deallocate()
    sources.deallocate()
    fixed.deallocate()
  }
}
