public import RatecardValues

/// A request on its way to an answer: what it carries, already checked one by one and sorted into
/// the table's atoms.
///
/// Its memory is its own and used again for the next request, so that neither filling it nor
/// answering it allocates any. An answer leaves it as it was.
public struct Request: ~Copyable, ShortQuantities, @unchecked Sendable {
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
  static let notCarried = Int32.min
  /// What `granted` has when it comes from the plan.
  static let worked = Int32.min + 1

  let table: RuleTable
  let kernel: UnsafePointer<RuleTable.Layout.Kernel>
  /// The atom on each axis, and one that nobody reads.
  let atoms: UnsafeMutablePointer<Int32>
  /// After the atoms, the symbol of each text that is carried; -1: another text, or another value.
  let symbols: UnsafeMutablePointer<Int32>
  /// Atoms and symbols of a request that carries nothing but defaults.
  private let blank: UnsafeMutablePointer<Int32>
  /// The number of each attribute that carries one.
  let quantities: UnsafeMutablePointer<Quantity>
  /// A hash of the value of each attribute by which a route is split.
  let keys: UnsafeMutablePointer<UInt64>
  /// Attributes with a default, which `clear` gives back.
  private var defaults: [(place: Int, quantity: Quantity, key: UInt64)] = []
  /// The adjustments of the last price, by place in the card, where they are no set that the table
  /// knows.
  private var applied: [Int32] = []
  /// The set of adjustments of the last price, as the table knows it; -1: it does not.
  var appliedSet: Int32 = 0
  /// When the request was admitted.
  public internal(set) var at = Instant.earliest
  var recent = TimeClassifier.Recent()

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

  /// The quantity of an attribute, 0 where it has none; nil: it is no short integer.
  @inline(__always)
  func short(_ place: Int) -> Int64? { has(place) ? quantities[place].short : 0 }

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

  /// What a value of an attribute is checked by; a place that there is not ends here.
  @inline(__always)
  func slot(_ place: Int) -> UnsafePointer<AttributeSlot> {
    precondition(
      UInt(bitPattern: place) < UInt(bitPattern: kernel.pointee.attributeCount),
      "an attribute's handle belongs to the card that it was made by")
    return kernel.pointee.slots.base + place
  }
}
