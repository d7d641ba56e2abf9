public import RatecardValues

/// A request on its way to an answer: what it carries, already checked one by one and sorted into
/// the table's atoms.
///
/// Its storage can be used again for the next request.
public struct Request: Sendable {
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
  }

  /// A value that the engine keeps for the arithmetic.
  struct Quantity: Sendable {
    var isCarried = false
    var number = Number.zero
  }

  let layout: RuleTable.Layout
  /// The atom on each axis.
  package internal(set) var atoms: [Int32]
  /// The number of each attribute that has one.
  private(set) var quantities: [Quantity]
  /// The text of each attribute that carries one.
  private(set) var texts: [String?]
  /// A hash of the value of each attribute that carries one, for splits.
  private(set) var splitHashes: [UInt64?]
  /// When the request was admitted.
  public private(set) var at: Instant
  /// Adjustments that apply, by place in the card.
  var applied: [Int32] = []

  /// An empty request for a table.
  public init(for table: RuleTable) {
    layout = table.layout
    atoms = Array(repeating: -1, count: layout.axisCount)
    quantities = Array(repeating: Quantity(), count: layout.attributes.count)
    texts = Array(repeating: nil, count: layout.attributes.count)
    splitHashes = Array(repeating: nil, count: layout.attributes.count)
    at = .earliest
    clear()
  }

  /// Forgets everything it carries and keeps the storage.
  public mutating func clear() {
    for (place, attribute) in layout.attributes.enumerated() {
      quantities[place].isCarried = false
      texts[place] = nil
      splitHashes[place] = nil
      if attribute.axis >= 0, attribute.absentAtom >= 0 {
        atoms[attribute.axis] = attribute.absentAtom
      }
    }
  }

  /// Whether an attribute is carried.
  public func carries(_ place: Int) -> Bool { splitHashes[place] != nil }

  /// Its atom on an axis, once it is finished.
  public func atom(onAxis axis: Int) -> Int { Int(atoms[axis]) }

  /// The text that an attribute carries; nil for none.
  public func text(_ place: Int) -> String? { texts[place] }

  /// The number that an attribute carries; nil for none.
  public func number(_ place: Int) -> Number? {
    quantities[place].isCarried ? quantities[place].number : nil
  }

  /// Gives a `text` or `choice` attribute its text; models are given by name, aliases resolved.
  public mutating func set(_ place: Int, text: String) throws(Problem) {
    let attribute = layout.attributes[place]
    switch attribute.kind {
    case .text:
      break
    case .choice:
      guard attribute.texts?.place(of: text) != nil else {
        throw .notInSet(attribute: place, text)
      }
    default:
      throw .wrongKind(attribute: place)
    }
    if attribute.axis >= 0, let texts = attribute.texts {
      guard let atom = texts.atom(of: text) else { throw .notInSet(attribute: place, text) }
      atoms[attribute.axis] = atom
    }
    texts[place] = text
    splitHashes[place] = StableHash.of(text)
  }

  /// Gives a `flag` attribute its value.
  public mutating func set(_ place: Int, flag: Bool) throws(Problem) {
    let attribute = layout.attributes[place]
    guard case .flag = attribute.kind else { throw .wrongKind(attribute: place) }
    if attribute.axis >= 0 { atoms[attribute.axis] = flag ? 1 : 0 }
    texts[place] = flag ? "true" : "false"
    splitHashes[place] = StableHash.of(flag ? "true" : "false")
  }

  /// Gives a `count`, `quantity` or `number` attribute its value.
  public mutating func set(_ place: Int, number: Number) throws(Problem) {
    let attribute = layout.attributes[place]
    switch attribute.kind {
    case .count:
      guard number.isInteger, !number.isNegative else { throw .outOfRange(attribute: place) }
    case .quantity:
      guard !number.isNegative else { throw .outOfRange(attribute: place) }
    case .number:
      break
    default:
      throw .wrongKind(attribute: place)
    }
    if attribute.axis >= 0, let numbers = attribute.numbers {
      atoms[attribute.axis] = numbers.atom(of: number)
    }
    quantities[place] = Quantity(isCarried: true, number: number)
    splitHashes[place] = StableHash.of(number)
  }

  /// Gives an `instant` attribute its value.
  public mutating func set(_ place: Int, instant: Instant) throws(Problem) {
    let attribute = layout.attributes[place]
    guard case .instant = attribute.kind else { throw .wrongKind(attribute: place) }
    guard let number = Number(significand: instant.nanoseconds, exponent: 0) else {
      throw .outOfRange(attribute: place)
    }
    if place == layout.builtIns.at { at = instant }
    if attribute.axis >= 0, let numbers = attribute.numbers {
      atoms[attribute.axis] = numbers.atom(of: number)
    }
    quantities[place] = Quantity(isCarried: true, number: number)
    splitHashes[place] = StableHash.of(number)
  }

  /// Works out what follows from what the request carries, and checks what only the whole shows.
  ///
  /// Everything carried must be set by now, defaults and `at` included.
  public mutating func finish(for question: Question) throws(Problem) {
    try checkSums()
    let builtIns = layout.builtIns
    if let time = layout.time { atoms[layout.timeAxis] = time.atom(of: at) }
    if !carries(builtIns.granted), let plan = texts[builtIns.plan],
      let grant = layout.grants[ExactText(plan)]
    {
      try set(builtIns.granted, number: grant)
    }
    try finishBalancePercent()
    switch question {
    case .decision, .event:
      break
    case .price:
      if layout.costsNeedTier, !carries(builtIns.tier) { throw .tierMissing }
      if !carries(builtIns.requestedModel), let model = texts[builtIns.model] {
        try set(builtIns.requestedModel, text: model)
      }
    }
  }

  private mutating func finishBalancePercent() throws(Problem) {
    let builtIns = layout.builtIns
    let attribute = layout.attributes[builtIns.balancePercent]
    guard attribute.axis >= 0, let numbers = attribute.numbers,
      let balance = number(builtIns.balance), let granted = number(builtIns.granted),
      !granted.isZero
    else { return }
    do {
      let percent = try Rational(balance) * Rational(100) / Rational(granted)
      atoms[attribute.axis] = try numbers.atom(of: percent)
    } catch {
      throw .overflow(attribute: builtIns.balancePercent)
    }
  }

  private func checkSums() throws(Problem) {
    for sum in layout.sums {
      guard sum.parts.contains(where: { quantities[$0].isCarried }) else { continue }
      do {
        var total = Rational.zero
        for part in sum.parts where quantities[part].isCarried {
          total = try total + Rational(quantities[part].number)
        }
        let whole = quantities[sum.whole].isCarried ? quantities[sum.whole].number : .zero
        if total > (try Rational(whole)) { throw Problem.partsExceedWhole(whole: sum.whole) }
      } catch let problem as Problem {
        throw problem
      } catch {
        throw .overflow(attribute: sum.whole)
      }
    }
  }
}
