public import RatecardValues

/// A request on its way to an answer: what it carries, already checked one by one and sorted into
/// the table's atoms.
///
/// Its memory is its own and used again for the next request, so that neither filling it nor
/// answering it allocates any. An answer leaves it as it was.
public struct Request: ~Copyable, @unchecked Sendable {
  // SAFETY: the pointers are this request's own memory, allocated and initialized in `init`, freed in
  // `deinit`, and reached through no other value; places are those of the table's own layout, and
  // `table` keeps what `kernel` points to.

  /// What is asked of the card.
  public enum Question: Sendable {
    /// Tier, route and cost.
    case decision
    /// The cost alone.
    case price
    /// What a provider's event does.
    case event
  }

  /// What is wrong with what a request carries.
  public enum Problem: Error, Hashable, Sendable {
    /// A text where a closed set does not have it.
    case notInSet(attribute: Int, String)
    /// A value of another kind than the attribute's.
    case wrongKind(attribute: Int)
    /// A negative count or quantity, or a count that is no integer.
    case outOfRange(attribute: Int)
    /// Parts that sum to more than their whole.
    case partsExceedWhole(whole: Int)
    /// A `tier` that the costs look at and that is not given.
    case tierMissing
    /// Numbers too large or too fine to be compared.
    case overflow(attribute: Int)
    /// What a decision finds is given.
    case foundByDecision(attribute: Int)
  }

  /// What an attribute has that is not carried, instead of a symbol.
  private static let notCarried = Int32.min
  /// What `granted` has when it comes from the plan.
  private static let worked = Int32.min + 1

  let table: RuleTable
  let kernel: UnsafePointer<RuleTable.Layout.Kernel>
  /// The atom on each axis, and one that nobody reads.
  let atoms: UnsafeMutablePointer<Int32>
  /// After the atoms, the symbol of each text that is carried; -1: another text, or another value.
  private let symbols: UnsafeMutablePointer<Int32>
  /// Atoms and symbols of a request that carries nothing but defaults.
  private let blank: UnsafeMutablePointer<Int32>
  /// The number of each attribute that carries one.
  let quantities: UnsafeMutablePointer<Quantity>
  /// A hash of the value of each attribute by which a route is split.
  private let keys: UnsafeMutablePointer<UInt64>
  /// Attributes with a default, which `clear` gives back.
  private var defaults: [(place: Int, quantity: Quantity, key: UInt64)] = []
  /// The adjustments of the last price, by place in the card, where they are no set that the table
  /// knows.
  private var applied: [Int32] = []
  /// The set of adjustments of the last price, as the table knows it; -1: it does not.
  var appliedSet: Int32 = 0
  /// When the request was admitted.
  public private(set) var at = Instant.earliest
  private var recent = TimeClassifier.Recent()

  /// An empty request for a table.
  public init(for table: RuleTable) {
    self.table = table
    kernel = table.layout.kernel.base
    let (count, axes) = (table.layout.attributes.count, table.layout.axisCount)
    atoms = .allocate(capacity: axes + 1 + count)
    atoms.initialize(repeating: -1, count: axes + 1 + count)
    symbols = atoms + axes + 1
    blank = .allocate(capacity: axes + 1 + count)
    quantities = .allocate(capacity: count)
    quantities.initialize(repeating: .zero, count: count)
    keys = .allocate(capacity: count)
    keys.initialize(repeating: 0, count: count)
    for (place, attribute) in table.layout.attributes.enumerated() {
      symbols[place] = Self.notCarried
      if attribute.axis >= 0, attribute.absentAtom >= 0 {
        atoms[attribute.axis] = attribute.absentAtom
      }
    }
    blank.initialize(from: atoms, count: axes + 1 + count)
  }

  deinit {
    atoms.deallocate()
    blank.deallocate()
    quantities.deallocate()
    keys.deallocate()
  }

  /// Makes what the request carries now what it carries after every `clear`: defaults.
  public mutating func keepAsBlank() {
    let (count, axes) = (kernel.pointee.attributeCount, kernel.pointee.axisCount)
    blank.update(from: atoms, count: axes + 1 + count)
    defaults = (0..<count).compactMap { place in
      carries(place) ? (place, quantities[place], keys[place]) : nil
    }
  }

  /// Forgets everything it carries, but for defaults.
  public mutating func clear() {
    atoms.update(
      from: blank, count: kernel.pointee.axisCount &+ 1 &+ kernel.pointee.attributeCount)
    for value in defaults {
      quantities[value.place] = value.quantity
      keys[value.place] = value.key
    }
  }

  /// Forgets the value of an attribute, but for its default.
  public mutating func clear(_ place: Int) {
    let axis = slot(place).pointee.axis
    atoms[axis] = blank[axis]
    symbols[place] = blank[kernel.pointee.axisCount + 1 + place]
    for value in defaults where value.place == place {
      quantities[place] = value.quantity
      keys[place] = value.key
    }
  }

  /// Whether an attribute is carried.
  @inline(__always)
  public func carries(_ place: Int) -> Bool { symbols[place] > Self.worked }

  /// Whether an attribute has a value, carried or worked out.
  @inline(__always)
  func has(_ place: Int) -> Bool { symbols[place] != Self.notCarried }

  /// Its atom on an axis, once it is finished.
  package func atom(onAxis axis: Int) -> Int { Int(atoms[axis]) }

  /// Its atoms, by axis, once it is finished.
  package var allAtoms: [Int32] {
    Array(UnsafeBufferPointer(start: atoms, count: kernel.pointee.axisCount))
  }

  /// The symbol of the text that an attribute carries; -1: none, or a text that the card does not
  /// name.
  public func symbol(_ place: Int) -> Int { max(Int(symbols[place]), -1) }

  /// The number that an attribute has; nil for none.
  public func number(_ place: Int) -> Number? { has(place) ? quantities[place].number : nil }

  /// The hash by which a split chooses; nil: the attribute is not carried.
  func key(_ place: Int) -> UInt64? { has(place) ? keys[place] : nil }

  /// The adjustments of the last price, as ascending places in the card's list.
  public var appliedAdjustments: [Int32] {
    appliedSet >= 0 ? table.adjustments.sets[Int(appliedSet)] : applied
  }

  /// The set of adjustments of the last price, as the table knows it; -1: it does not.
  package var knownAdjustments: Int32 { appliedSet }

  mutating func apply(_ adjustments: [Int32]) {
    appliedSet = -1
    applied = adjustments
  }

  // MARK: Texts

  /// A text as a table knows it.
  public struct KnownText: Hashable, BitwiseCopyable, Sendable {
    /// Its symbol; -1: the card does not name it.
    public let symbol: Int32
    let atom: Int32
    let axis: Int
    /// The attribute that it was looked up for, and the layout; no other pair has the same.
    let owner: UInt64
    let key: UInt64
  }

  /// What a value of an attribute is checked by; a place that there is not ends here.
  @inline(__always)
  private func slot(_ place: Int) -> UnsafePointer<AttributeSlot> {
    precondition(
      UInt(bitPattern: place) < UInt(bitPattern: kernel.pointee.attributeCount),
      "an attribute's handle belongs to the card that it was made by")
    return kernel.pointee.slots.base + place
  }

  /// A text of a `text` or `choice` attribute as the table knows it; models by name, aliases resolved.
  public static func known(
    _ text: String, _ place: Int, of table: RuleTable
  ) throws(Problem) -> KnownText {
    var request = Request(for: table)
    try request.set(place, text: text)
    let axis = request.slot(place).pointee.axis
    return KnownText(
      symbol: request.symbols[place], atom: request.atoms[axis], axis: axis,
      owner: request.owner(place), key: request.keys[place])
  }

  @inline(__always)
  private func owner(_ place: Int) -> UInt64 {
    kernel.pointee.serial | UInt64(truncatingIfNeeded: place)
  }

  /// Gives an attribute a text that was looked up before.
  public mutating func set(_ place: Int, _ text: KnownText) {
    precondition(
      text.owner == owner(place),
      "a text's handle belongs to the attribute and the card that it was made for")
    atoms[text.axis] = text.atom
    symbols[place] = text.symbol
    keys[place] = text.key
  }

  /// Gives a `text` or `choice` attribute a text that the card names, or that its globs tell apart by
  /// how it begins and ends; false: it is another text, or the attribute takes no texts, and nothing
  /// is changed.
  ///
  /// One pass over the bytes, and for a text without a name one over the first and the last of them.
  public mutating func set(_ place: Int, named text: borrowing String) -> Bool {
    let slot = self.slot(place)
    guard slot.pointee.hasTexts else { return false }
    let symbol = slot.pointee.texts.symbol(of: text)
    if symbol < 0 { return set(place, unnamed: text) }
    atoms[slot.pointee.axis] = slot.pointee.texts.atom(of: symbol)
    if slot.pointee.isSplitKey { keys[place] = slot.pointee.keyOfSymbol[symbol] }
    symbols[place] = symbol
    return true
  }

  /// Gives a `text` or `choice` attribute a text, in UTF-8, that the card names, or any text where no
  /// rule looks at it; false: it is another text, or the attribute takes no texts, and nothing is
  /// changed.
  public mutating func set(_ place: Int, utf8 text: UnsafeBufferPointer<UInt8>) -> Bool {
    let slot = self.slot(place)
    guard slot.pointee.hasTexts else {
      guard slot.pointee.kind == .text, !slot.pointee.hasAxis, !slot.pointee.isSplitKey else {
        return false
      }
      symbols[place] = -1
      return true
    }
    let symbol = slot.pointee.texts.symbol(of: text)
    if symbol < 0 { return false }
    atoms[slot.pointee.axis] = slot.pointee.texts.atom(of: symbol)
    if slot.pointee.isSplitKey { keys[place] = slot.pointee.keyOfSymbol[symbol] }
    symbols[place] = symbol
    return true
  }

  /// Models have names by which others are known, which takes a longer look.
  @inline(never)
  private mutating func set(_ place: Int, unnamed text: borrowing String) -> Bool {
    let slot = self.slot(place)
    let places = kernel.pointee.places
    guard slot.pointee.kind == .text, slot.pointee.hasAxis, !slot.pointee.isSplitKey,
      place != places.model, place != places.requestedModel
    else { return false }
    let atom = slot.pointee.texts.atom(ofOther: text)
    if atom < 0 { return false }
    atoms[slot.pointee.axis] = atom
    symbols[place] = -1
    return true
  }

  /// Gives a `text` or `choice` attribute any text; models are given by name, aliases resolved.
  public mutating func set(_ place: Int, text: String) throws(Problem) {
    if set(place, named: text) { return }
    let slot = self.slot(place)
    guard slot.pointee.takesText else { throw .wrongKind(attribute: place) }
    guard !slot.pointee.isClosed else { throw .notInSet(attribute: place, text) }
    if slot.pointee.hasAxis, let texts = table.layout.attributes[place].texts {
      guard let atom = texts.atom(ofOther: text) else { throw .notInSet(attribute: place, text) }
      atoms[slot.pointee.axis] = atom
    }
    symbols[place] = -1
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(text) }
  }

  // MARK: Others

  /// Gives a `flag` attribute its value.
  public mutating func set(_ place: Int, flag: Bool) throws(Problem) {
    let slot = self.slot(place)
    guard slot.pointee.kind == .flag else { throw .wrongKind(attribute: place) }
    atoms[slot.pointee.axis] = flag ? 1 : 0
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(flag ? "true" : "false") }
    symbols[place] = -1
  }

  /// Gives a `count`, `quantity` or `number` attribute an integer; false: that takes a closer look, and
  /// nothing is changed.
  public mutating func set(_ place: Int, quickly integer: Int64) -> Bool {
    let slot = self.slot(place)
    guard integer >= slot.pointee.leastQuick, integer != .max else { return false }
    // Without an axis there are no cuts, and the atom is written where nobody reads.
    atoms[slot.pointee.axis] = slot.pointee.numbers.atom(of: integer)
    quantities[place] = Quantity(integer)
    symbols[place] = -1
    return true
  }

  /// Gives a `count`, `quantity` or `number` attribute an integer.
  public mutating func set(_ place: Int, integer: Int64) throws(Problem) {
    if set(place, quickly: integer) { return }
    let slot = self.slot(place)
    guard slot.pointee.takesNumbers else { throw .wrongKind(attribute: place) }
    if integer < 0, !slot.pointee.takesNegatives { throw .outOfRange(attribute: place) }
    atoms[slot.pointee.axis] = slot.pointee.numbers.atom(of: integer)
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(Number(Int(integer))) }
    quantities[place] = Quantity(integer)
    symbols[place] = -1
  }

  /// Gives a `count`, `quantity` or `number` attribute its value.
  public mutating func set(_ place: Int, number: Number) throws(Problem) {
    let quantity = Quantity(number)
    if let integer = quantity.short { return try set(place, integer: integer) }
    let slot = self.slot(place)
    guard slot.pointee.takesNumbers else { throw .wrongKind(attribute: place) }
    if number.isNegative, !slot.pointee.takesNegatives { throw .outOfRange(attribute: place) }
    if !number.isInteger, slot.pointee.kind == .count { throw .outOfRange(attribute: place) }
    atoms[slot.pointee.axis] = slot.pointee.numbers.atom(of: number)
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(number) }
    quantities[place] = quantity
    symbols[place] = -1
  }

  /// Gives an `instant` attribute its value.
  public mutating func set(_ place: Int, instant: Instant) throws(Problem) {
    let slot = self.slot(place)
    guard slot.pointee.kind == .instant else { throw .wrongKind(attribute: place) }
    if place == kernel.pointee.places.at, !slot.pointee.isSplitKey {
      at = instant
      symbols[place] = -1
    } else {
      try set(place, other: instant)
    }
  }

  @inline(never)
  private mutating func set(_ place: Int, other instant: Instant) throws(Problem) {
    let slot = self.slot(place)
    guard let number = Number(significand: instant.nanoseconds, exponent: 0) else {
      throw .outOfRange(attribute: place)
    }
    if place == kernel.pointee.places.at { at = instant }
    atoms[slot.pointee.axis] = slot.pointee.numbers.atom(of: number)
    if slot.pointee.isSplitKey { keys[place] = StableHash.of(number) }
    quantities[place] = Quantity(number)
    symbols[place] = -1
  }

  // MARK: The whole

  /// Works out what follows from what the request carries, and checks what only the whole shows.
  ///
  /// Everything carried must be set by now; `now` is when the request is admitted where it does not
  /// say so.
  public mutating func finish(for question: Question, at now: Instant) throws(Problem) {
    try workOut(at: now)
    let layout = kernel
    if question == .price {
      if layout.pointee.costsNeedTier, !carries(layout.pointee.places.tier) {
        throw .tierMissing
      }
      askForOwnModel()
    } else {
      if carries(layout.pointee.places.tier) {
        throw .foundByDecision(attribute: layout.pointee.places.tier)
      }
      if carries(layout.pointee.places.requestedModel) {
        throw .foundByDecision(attribute: layout.pointee.places.requestedModel)
      }
    }
  }

  /// The same for the price of a request that was routed: its tier may be missing, and it need not
  /// have asked for a model.
  package mutating func finishAsRouted(isAsked: Bool) throws(Problem) {
    try workOut(at: .earliest)
    if isAsked { askForOwnModel() }
  }

  @inline(__always)
  private mutating func workOut(at now: Instant) throws(Problem) {
    let layout = kernel
    if !carries(layout.pointee.places.at) { admit(at: now) }
    if layout.pointee.sumCount > 0 { try checkSums() }
    let axis = layout.pointee.timeAxis
    if axis >= 0 { atoms[axis] = layout.pointee.clock.atom(of: at, &recent, table) }
    if layout.pointee.hasGrants { try grant() }
    if layout.pointee.hasBalancePercent { try finishBalancePercent() }
  }

  private mutating func admit(at now: Instant) {
    at = now
    let place = kernel.pointee.places.at
    symbols[place] = Self.worked
    if kernel.pointee.slots.base[place].isSplitKey { hashTime() }
  }

  @inline(never)
  private func hashTime() {
    guard let number = Number(significand: at.nanoseconds, exponent: 0) else { return }
    keys[kernel.pointee.places.at] = StableHash.of(number)
  }

  /// Takes the model for the one asked for, where none is.
  private mutating func askForOwnModel() {
    let places = kernel.pointee.places
    if carries(places.requestedModel) { return }
    // Both axes have the same atoms.
    atoms[places.requestedAxis] =
      carries(places.model) ? atoms[places.modelAxis] : places.noRequest
  }

  private mutating func grant() throws(Problem) {
    let places = kernel.pointee.places
    if carries(places.granted) { return }
    if carries(places.plan), symbols[places.plan] >= 0 {
      let grant = kernel.pointee.grants[symbols[places.plan]]
      if grant.isGranted {
        try set(places.granted, number: grant.credits)
        symbols[places.granted] = Self.worked
        return
      }
    }
    let slot = kernel.pointee.slots.base + places.granted
    symbols[places.granted] = Self.notCarried
    atoms[slot.pointee.axis] = slot.pointee.absentAtom
  }

  private mutating func finishBalancePercent() throws(Problem) {
    let places = kernel.pointee.places
    let slot = kernel.pointee.slots.base + places.balancePercent
    guard has(places.balance), has(places.granted), !quantities[places.granted].isZero else {
      atoms[slot.pointee.axis] = slot.pointee.absentAtom
      return
    }
    let (balance, granted) = (quantities[places.balance], quantities[places.granted])
    if let balance = balance.short, let granted = granted.short, granted > 0,
      let atom = slot.pointee.numbers.atom(
        of: Int128(truncatingIfNeeded: balance) &* 100, over: granted)
    {
      atoms[slot.pointee.axis] = atom
      return
    }
    do {
      let percent = try balance.rational * Rational(100) / granted.rational
      atoms[slot.pointee.axis] = try slot.pointee.numbers.atom(of: percent)
    } catch {
      throw .overflow(attribute: places.balancePercent)
    }
  }

  @inline(never)
  private func checkSums() throws(Problem) {
    for index in 0..<kernel.pointee.sumCount {
      let sum = kernel.pointee.sums[index]
      var total: Int128 = 0
      var isShort = true
      var hasParts = false
      for place in sum.firstPart..<sum.endOfParts {
        let part = Int(kernel.pointee.parts[place])
        guard carries(part) else { continue }
        hasParts = true
        guard let integer = quantities[part].short else {
          isShort = false
          break
        }
        // Sums of fewer than 2⁶³ short integers fit.
        total &+= Int128(truncatingIfNeeded: integer)
      }
      guard hasParts else { continue }
      let whole = carries(Int(sum.whole)) ? quantities[Int(sum.whole)] : .zero
      if isShort, whole.exponent == 0 {
        if total > whole.value { throw .partsExceedWhole(whole: Int(sum.whole)) }
      } else {
        try checkExactly(sum, whole)
      }
    }
  }

  private func checkExactly(
    _ sum: RuleTable.Layout.FlatSum, _ whole: Quantity
  ) throws(Problem) {
    do {
      var total = Rational.zero
      for place in sum.firstPart..<sum.endOfParts {
        let part = Int(kernel.pointee.parts[place])
        if carries(part) { total = try total + quantities[part].rational }
      }
      if total > (try whole.rational) { throw Problem.partsExceedWhole(whole: Int(sum.whole)) }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw .overflow(attribute: Int(sum.whole))
    }
  }
}
