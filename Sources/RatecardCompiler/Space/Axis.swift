import RatecardModel
import RatecardValues

/// One dimension of the space of requests, cut into atoms: sets of values that no condition of the
/// card tells apart.
///
/// The atom of "not carried", where there is one, is the last.
struct Axis: Sendable {
  /// The values that the atoms stand for.
  enum Domain: Sendable {
    case texts(TextDomain)
    /// `false`, then `true`.
    case flags
    case numbers(NumberDomain)
    case times(TimeDomain)
  }

  /// The attribute whose value the axis is; `at` for the joint axis of time and windows.
  let attribute: AttributeID
  let domain: Domain
  /// Whether a request may leave the attribute out.
  let hasAbsent: Bool
  /// How many atoms there are, that of "not carried" included.
  let count: Int

  init(attribute: AttributeID, domain: Domain, hasAbsent: Bool) {
    self.attribute = attribute
    self.domain = domain
    self.hasAbsent = hasAbsent
    let carried =
      switch domain {
      case .texts(let texts): texts.count
      case .flags: 2
      case .numbers(let numbers): numbers.count
      case .times(let times): times.atoms.count
      }
    count = carried + (hasAbsent ? 1 : 0)
  }

  var all: AtomSet { .all(count) }
  var absent: AtomSet { hasAbsent ? AtomSet(atom: count - 1) : .empty }
  var present: AtomSet { AtomSet(0..<(hasAbsent ? count - 1 : count)) }
}

/// The texts of an axis: each that the card names, then one atom for each combination of its globs
/// that some other text satisfies.
struct TextDomain: Sendable {
  /// The texts that no literal names and that satisfy just these globs.
  struct Others: Sendable {
    /// Indices into `globs`, ascending.
    let globs: [Int]
    /// One such text.
    let example: String
  }

  /// The literals, sorted by bytes; for a closed set, its members.
  let literals: [ExactText]
  /// The globs that conditions on this axis use.
  let globs: [Glob]
  let others: [Others]
  private let places: [ExactText: Int]

  init(literals: [ExactText], globs: [Glob], others: [Others]) {
    self.literals = literals
    self.globs = globs
    self.others = others
    places = Dictionary(
      uniqueKeysWithValues: literals.enumerated().map { ($1, $0) })
  }

  var count: Int { literals.count + others.count }

  func atom(of literal: ExactText) -> Int? { places[literal] }

  func atoms(matching glob: Glob) -> AtomSet {
    let index = globs.firstIndex(of: glob)
    let literalAtoms = literals.indices.lazy.filter { glob.matches(literals[$0].string) }
    let otherAtoms = others.indices.lazy.filter { other in
      index.map { others[other].globs.contains($0) } ?? false
    }
    return AtomSet(ascending: literalAtoms.map { $0 })
      .union(AtomSet(ascending: otherAtoms.map { $0 + literals.count }))
  }

  func example(of atom: Int) -> String {
    atom < literals.count ? literals[atom].string : others[atom - literals.count].example
  }
}

/// The numbers of an axis, cut wherever a condition begins or ends.
struct NumberDomain: Sendable {
  /// Ascending; atom `i` lies between cut `i - 1` and cut `i`.
  let cuts: [Cut]
  /// Whether only integers are values (counts, and instants in nanoseconds).
  let isInteger: Bool
  /// The smallest value; nil: none.
  let lowest: Number?
  /// The greatest value; nil: none.
  let highest: Number?

  init(cuts: some Sequence<Cut>, isInteger: Bool, lowest: Number?, highest: Number? = nil) {
    self.isInteger = isInteger
    self.lowest = lowest
    self.highest = highest
    let normal = isInteger ? cuts.map { $0.amongIntegers() } : Array(cuts)
    let floor = lowest.map(Cut.before)
    let ceiling = highest.map { isInteger ? Cut.after($0).amongIntegers() : Cut.after($0) }
    var sorted: [Cut] = []
    for cut in normal.sorted() where sorted.last != cut {
      if let floor, cut <= floor { continue }
      if let ceiling, cut >= ceiling { continue }
      sorted.append(cut)
    }
    self.cuts = sorted
  }

  var count: Int { cuts.count + 1 }

  /// How many atoms lie wholly below a cut that a condition makes.
  func atomsBelow(_ cut: Cut) -> Int {
    let cut = isInteger ? cut.amongIntegers() : cut
    if let highest, cut > .before(highest),
      cut >= (isInteger ? Cut.after(highest).amongIntegers() : .after(highest))
    {
      return count
    }
    var low = 0
    var high = cuts.count
    while low < high {
      let middle = (low + high) / 2
      if cuts[middle] <= cut { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The atoms between two cuts; nil: no end on that side.
  func atoms(from lower: Cut?, to upper: Cut?) -> AtomSet {
    let start = lower.map(atomsBelow) ?? 0
    let end = upper.map(atomsBelow) ?? count
    return AtomSet(start..<max(start, end))
  }

  /// The cut at which an atom begins; nil: it has no lower end.
  func lowerCut(of atom: Int) -> Cut? { atom == 0 ? lowest.map(Cut.before) : cuts[atom - 1] }

  /// The cut at which an atom ends; nil: it has no upper end.
  func upperCut(of atom: Int) -> Cut? {
    atom < cuts.count ? cuts[atom] : highest.map(Cut.after)
  }
}

/// The instants of a card with the windows that hold then: an atom is a stretch between two dates
/// of the card together with one set of windows that hold at some instant of it.
struct TimeDomain: Sendable {
  struct Atom: Sendable {
    /// Which stretch: stretch `i` ends at cut `i`.
    let stretch: Int
    /// The windows that hold: bit `i` stands for `windows[i]`.
    let windows: UInt64
    /// An instant of it.
    let example: Instant
  }

  /// The instants, ascending, at which a stretch begins; the first stretch begins before them.
  let cuts: [Instant]
  /// The windows told apart, as indices into the card's.
  let windows: [Int]
  /// By stretch, then by windows.
  let atoms: [Atom]

  /// The atoms of the stretches `range`.
  func atoms(inStretches range: Range<Int>) -> AtomSet {
    let start = firstAtom(ofStretch: range.lowerBound)
    return AtomSet(start..<max(start, firstAtom(ofStretch: range.upperBound)))
  }

  /// The atoms from an instant on, as far as another; nil: without end.
  func atoms(from lower: Instant?, until upper: Instant?) -> AtomSet {
    let start = lower.map(stretchesBefore) ?? 0
    let end = upper.map(stretchesBefore) ?? cuts.count + 1
    return atoms(inStretches: start..<max(start, end))
  }

  /// The atoms at which one of some windows holds.
  func atoms(withAnyOf mask: UInt64) -> AtomSet {
    AtomSet(ascending: atoms.indices.lazy.filter { atoms[$0].windows & mask != 0 }.map { $0 })
  }

  private func stretchesBefore(_ instant: Instant) -> Int {
    if instant <= .earliest { return 0 }
    return partitionPoint(cuts.count) { cuts[$0] <= instant }
  }

  private func firstAtom(ofStretch stretch: Int) -> Int {
    partitionPoint(atoms.count) { atoms[$0].stretch < stretch }
  }
}

/// How many of `count` things come before the first that is not `inFirst`; those that are come
/// first.
func partitionPoint(_ count: Int, _ inFirst: (Int) -> Bool) -> Int {
  var low = 0
  var high = count
  while low < high {
    let middle = (low + high) / 2
    if inFirst(middle) { low = middle + 1 } else { high = middle }
  }
  return low
}
