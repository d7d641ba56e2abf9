public import RatecardValues

/// Answers requests that all carry the same attributes, row after row, with what is the same for all of
/// them worked out once.
///
/// A row is so many texts and so many integers. What is unusual about a row (a text that takes a look at
/// every glob, an amount that needs exact fractions, anything wrong) is left to a `Request`: its verdict
/// then says that it is open.
public struct PreparedRows: ~Copyable, @unchecked Sendable {
  // SAFETY: the pointers of the frame are this value's own memory, allocated and initialized in `init`,
  // freed in `deinit` or with `arena`, and reached through no other value, or point into `table`.

  private let table: RuleTable
  private let arena = Arena()
  private let frame: Flat<RowFrame>
  /// Whether rows can be answered here at all.
  public let isQuick: Bool
  /// The axis of the time that the caller says; -1: it makes no difference.
  private let clockAxis: Int
  /// The time for which the rows' atoms are made.
  private var clockTime: Instant?
  private var clock = TimeClassifier.Recent()

  /// How many texts a row has.
  public let textCount: Int
  /// How many integers a row has.
  public let integerCount: Int
  /// Whether answers depend on the time that the caller says.
  public var needsTime: Bool { !isQuick || clockAxis >= 0 }

  /// Prepares rows that carry some attributes, each once; all others have what an empty `request` has.
  ///
  /// `namesModels`: a model that the card does not name is known by no other name. `looksAtGrants`: some
  /// rule that is asked looks at what is granted, or at how much of it is left. Throws what would be wrong
  /// with every row.
  public init(
    _ request: inout Request, for question: Request.Question, texts: [Int], integers: [Int],
    namesModels: Bool, looksAtGrants: Bool
  ) throws(Request.Problem) {
    request.clear()
    let layout = request.kernel
    let places = layout.pointee.places
    let given = Set(texts + integers)
    let hasRequest =
      given.contains(places.requestedModel) || request.carries(places.requestedModel)
    try request.check(
      question, hasTier: given.contains(places.tier) || request.carries(places.tier),
      hasRequest: hasRequest)
    clockAxis = request.carries(places.at) ? -1 : layout.pointee.timeAxis
    let isFit = (try? request.workOut(at: .earliest)) != nil
    if question == .price { request.askForOwnModel() }

    func slot(_ place: Int) -> UnsafePointer<AttributeSlot> { layout.pointee.slots.base + place }
    let looksAtGrants =
      looksAtGrants
      && (layout.pointee.hasBalancePercent
        || layout.pointee.hasGrants && slot(places.granted).pointee.hasAxis)
    let columns = texts.enumerated().map { source, place in
      let isModel = place == places.model || place == places.requestedModel
      return RowFrame.TextColumn(
        names: slot(place).pointee.texts.names, slot: slot(place), axis: slot(place).pointee.axis,
        source: source,
        takesOthers: !slot(place).pointee.isClosed && (!isModel || namesModels),
        grants: looksAtGrants && place == places.plan)
    }
    let looked = columns.filter {
      $0.slot.pointee.hasAxis || $0.slot.pointee.isClosed || $0.grants
    }
    var sources = [Int32](repeating: -1, count: layout.pointee.attributeCount)
    for (source, place) in integers.enumerated() { sources[place] = Int32(source) }
    var fixed = sources.indices.map { request.short($0) ?? .min }
    if given.contains(places.plan), layout.pointee.hasGrants { fixed[places.granted] = .min }
    let worksOutBalance =
      looksAtGrants && !given.isDisjoint(with: [places.plan, places.balance, places.granted])
    let checksSums = Self.sums(of: layout).contains(where: given.contains)
    let asksForModel = given.contains(places.model)
    let stride = layout.pointee.axisCount + 1
    let atoms = UnsafeMutablePointer<Int32>.allocate(capacity: RowFrame.blockSize * stride)
    for row in 0..<RowFrame.blockSize {
      (atoms + row * stride).initialize(from: request.atoms, count: stride)
    }
    let plans = UnsafeMutablePointer<Int32>.allocate(capacity: RowFrame.blockSize)
    plans.initialize(repeating: -1, count: RowFrame.blockSize)
    let recent = UnsafeMutablePointer<RecentText>.allocate(capacity: RecentText.count)
    recent.initialize(repeating: RecentText(), count: RecentText.count)

    table = request.table
    (textCount, integerCount) = (texts.count, integers.count)
    isQuick =
      isFit && texts.allSatisfy { slot($0).pointee.takesText }
      && integers.allSatisfy { slot($0).pointee.takesNumbers }
      && !given.contains { slot($0).pointee.isSplitKey }
    frame = arena.lay([
      RowFrame(
        kernel: table.kernel.base.pointee, places: places, layout: layout,
        isDecision: question == .decision,
        isPlain: !worksOutBalance && !checksSums, worksOutBalance: worksOutBalance,
        checksSums: checksSums, asksForModel: asksForModel,
        copiesModel: question == .price && asksForModel && !hasRequest,
        blankModel: request.atoms[places.modelAxis],
        blankRequest: request.atoms[places.requestedAxis],
        blankTier: request.atoms[places.tierAxis], textCount: texts.count,
        integerCount: integers.count, texts: arena.lay(looked),
        handles: arena.lay(
          looked.map { column in
            RowFrame.HandleColumn(
              axis: Int32(column.axis), source: Int32(column.source),
              owner: layout.pointee.serial | UInt64(texts[column.source]))
          }),
        lookedTexts: looked.count,
        numbers: arena.lay(
          integers.enumerated().map { source, place in
            RowFrame.NumberColumn(
              numbers: slot(place).pointee.numbers, axis: slot(place).pointee.axis, source: source,
              least: slot(place).pointee.leastQuick)
          }),
        planSource: looked.first(where: \.grants)?.source ?? -1, atoms: atoms, stride: stride,
        plans: plans, recent: recent, sources: arena.lay(sources), fixed: arena.lay(fixed))
    ])
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
    frame.base.pointee.atoms.deallocate()
    frame.base.pointee.plans.deallocate()
    frame.base.pointee.recent.deallocate()
  }

  /// The answer to a row, which may be left open.
  ///
  /// The request is for the same table, and is used for what it takes to work out a balance.
  public mutating func answer(
    _ texts: UnsafePointer<String>, _ integers: UnsafePointer<Int>, at now: Instant,
    _ request: inout Request
  ) -> Evaluator.Verdict {
    guard isQuick else { return .open }
    setClock(now)
    let odd = frame.read(1, texts) | frame.read(1, integers)
    return frame.answerOne(integers, odd, &request)
  }

  /// The same where texts were looked up before.
  public mutating func answer(
    _ texts: UnsafePointer<Request.KnownText>, _ integers: UnsafePointer<Int>, at now: Instant,
    _ request: inout Request
  ) -> Evaluator.Verdict {
    guard isQuick else { return .open }
    setClock(now)
    frame.read(1, texts)
    return frame.answerOne(integers, frame.read(1, integers), &request)
  }

  /// The answers to many rows, and how many of them are left open.
  public mutating func answer(
    _ count: Int, _ texts: UnsafePointer<String>, _ integers: UnsafePointer<Int>,
    at now: Instant, _ request: inout Request,
    into answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> Int {
    guard isQuick else { return leaveOpen(count, answers) }
    setClock(now)
    var (first, open) = (0, 0)
    while first < count {
      let size = min(count &- first, RowFrame.blockSize)
      let numbers = integers + first &* integerCount
      let odd = frame.read(size, texts + first &* textCount) | frame.read(size, numbers)
      open &+= frame.answerAll(size, numbers, odd, &request, answers + first).nonzeroBitCount
      first &+= size
    }
    return open
  }

  /// The same where texts were looked up before.
  public mutating func answer(
    _ count: Int, _ texts: UnsafePointer<Request.KnownText>, _ integers: UnsafePointer<Int>,
    at now: Instant, _ request: inout Request,
    into answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> Int {
    guard isQuick else { return leaveOpen(count, answers) }
    setClock(now)
    var (first, open) = (0, 0)
    while first < count {
      let size = min(count &- first, RowFrame.blockSize)
      let numbers = integers + first &* integerCount
      frame.read(size, texts + first &* textCount)
      let odd = frame.read(size, numbers)
      open &+= frame.answerAll(size, numbers, odd, &request, answers + first).nonzeroBitCount
      first &+= size
    }
    return open
  }

  /// The same where texts are in UTF-8, each with 16 bytes from its start on that may be read.
  public mutating func answer(
    _ count: Int, _ texts: UnsafePointer<UnsafeBufferPointer<UInt8>>,
    _ integers: UnsafePointer<Int>, at now: Instant, _ request: inout Request,
    into answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> Int {
    guard isQuick else { return leaveOpen(count, answers) }
    setClock(now)
    var (first, open) = (0, 0)
    while first < count {
      let size = min(count &- first, RowFrame.blockSize)
      let numbers = integers + first &* integerCount
      let odd = frame.read(size, texts + first &* textCount) | frame.read(size, numbers)
      open &+= frame.answerAll(size, numbers, odd, &request, answers + first).nonzeroBitCount
      first &+= size
    }
    return open
  }

  private func leaveOpen(
    _ count: Int, _ answers: UnsafeMutablePointer<Evaluator.Verdict>
  ) -> Int {
    answers.update(repeating: .open, count: count)
    return count
  }

  @inline(__always)
  private mutating func setClock(_ now: Instant) {
    if clockAxis >= 0, now != clockTime { moveClock(to: now) }
  }

  @inline(never)
  private mutating func moveClock(to now: Instant) {
    clockTime = now
    let atom = table.layout.kernel.base.pointee.clock.atom(of: now, &clock, table)
    for row in 0..<RowFrame.blockSize {
      frame.base.pointee.atoms[row &* frame.base.pointee.stride &+ clockAxis] = atom
    }
  }
}
