package import RatecardModel
package import RatecardValues

/// One dimension of the space of requests, cut into atoms: sets of values that no condition of the
/// card tells apart.
///
/// The atom of "not carried", where there is one, is the last.
package struct Axis: Sendable {
  /// The values that the atoms stand for.
  package enum Domain: Sendable {
    case texts(TextDomain)
    /// `false`, then `true`.
    case flags
    case numbers(NumberDomain)
    case times(TimeDomain)
  }

  /// The attribute whose value the axis is; `at` for the joint axis of time and windows.
  package let attribute: AttributeID
  package let domain: Domain
  /// Whether a request may leave the attribute out.
  package let hasAbsent: Bool
  /// How many atoms there are, that of "not carried" included.
  package let count: Int

  package init(attribute: AttributeID, domain: Domain, hasAbsent: Bool) {
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

  package var all: AtomSet { .all(count) }
  package var absent: AtomSet { hasAbsent ? AtomSet(atom: count - 1) : .empty }
  package var present: AtomSet { AtomSet(0..<(hasAbsent ? count - 1 : count)) }
}

/// The texts of an axis: each that the card names, then one atom for each combination of its globs
/// that some other text satisfies.
///
/// It never changes; as a class it is held cheaply.
package final class TextDomain: Sendable {
  /// The texts that no literal names and that satisfy just these globs.
  package struct Others: Sendable {
    /// Indices into `globs`, ascending.
    package let globs: [Int]
    /// One such text.
    package let example: String
  }

  /// The literals, sorted by bytes; for a closed set, its members.
  package let literals: [ExactText]
  /// The globs that conditions on this axis use.
  package let globs: [Glob]
  package let others: [Others]
  private let places: [ExactText: Int]
  /// The atoms that each glob matches.
  private let matching: [Glob: AtomSet]

  /// The domain of some texts; `combinations`, where given, are those of the globs and maybe more.
  package init(
    literals: [ExactText], globs: [Glob], others: [Others], _ combinations: GlobCombinations? = nil
  ) {
    self.literals = literals
    self.globs = globs
    self.others = others
    places = Dictionary(
      uniqueKeysWithValues: literals.enumerated().map { ($1, $0) })
    let own = literals.map { text in
      combinations?.globs(matching: text.string)
        ?? globs.indices.filter { globs[$0].matches(text.string) }
    }
    var matching = [[Int]](repeating: [], count: globs.count)
    for (atom, satisfied) in (own + others.map(\.globs)).enumerated() {
      for glob in satisfied where glob < globs.count { matching[glob].append(atom) }
    }
    self.matching = Dictionary(
      uniqueKeysWithValues: zip(globs, matching.map { AtomSet(ascending: $0) }))
  }

  package var count: Int { literals.count + others.count }

  package func atom(of literal: ExactText) -> Int? { places[literal] }

  /// The atoms whose texts a glob matches; one that no condition uses finds literals alone.
  package func atoms(matching glob: Glob) -> AtomSet {
    matching[glob] ?? Self.literals(literals, matching: glob)
  }

  private static func literals(_ literals: [ExactText], matching glob: Glob) -> AtomSet {
    AtomSet(ascending: literals.indices.lazy.filter { glob.matches(literals[$0].string) })
  }

  package func example(of atom: Int) -> String {
    atom < literals.count ? literals[atom].string : others[atom - literals.count].example
  }
}

/// The numbers of an axis, cut wherever a condition begins or ends.
package struct NumberDomain: Sendable {
  /// Ascending; atom `i` lies between cut `i - 1` and cut `i`.
  package let cuts: [Cut]
  /// Whether only integers are values (counts, and instants in nanoseconds).
  package let isInteger: Bool
  /// The smallest value; nil: none.
  package let lowest: Number?
  /// The greatest value; nil: none.
  package let highest: Number?

  package init(cuts: some Sequence<Cut>, isInteger: Bool, lowest: Number?, highest: Number? = nil) {
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

  package var count: Int { cuts.count + 1 }

  /// How many atoms lie wholly below a cut that a condition makes.
  package func atomsBelow(_ cut: Cut) -> Int {
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
  package func atoms(from lower: Cut?, to upper: Cut?) -> AtomSet {
    let start = lower.map(atomsBelow) ?? 0
    let end = upper.map(atomsBelow) ?? count
    return AtomSet(start..<max(start, end))
  }

  /// The cut at which an atom begins; nil: it has no lower end.
  package func lowerCut(of atom: Int) -> Cut? {
    atom == 0 ? lowest.map(Cut.before) : cuts[atom - 1]
  }

  /// The cut at which an atom ends; nil: it has no upper end.
  package func upperCut(of atom: Int) -> Cut? {
    atom < cuts.count ? cuts[atom] : highest.map(Cut.after)
  }
}

/// The instants of a card with the windows that hold then: an atom is a stretch between two dates
/// of the card together with one set of windows that hold at some instant of it.
package struct TimeDomain: Sendable {
  package struct Atom: Sendable {
    /// Which stretch: stretch `i` ends at cut `i`.
    package let stretch: Int
    /// The windows that hold: bit `i` stands for `windows[i]`.
    package let windows: UInt64
    /// An instant of it.
    package let example: Instant
  }

  /// The instants, ascending, at which a stretch begins; the first stretch begins before them.
  package let cuts: [Instant]
  /// The windows told apart, as indices into the card's.
  package let windows: [Int]
  /// By stretch, then by windows.
  package let atoms: [Atom]

  package init(cuts: [Instant], windows: [Int], atoms: [Atom]) {
    self.cuts = cuts
    self.windows = windows
    self.atoms = atoms
  }

  /// The atoms of the stretches `range`.
  package func atoms(inStretches range: Range<Int>) -> AtomSet {
    let start = firstAtom(ofStretch: range.lowerBound)
    return AtomSet(start..<max(start, firstAtom(ofStretch: range.upperBound)))
  }

  /// The atoms from an instant on, as far as another; nil: without end.
  package func atoms(from lower: Instant?, until upper: Instant?) -> AtomSet {
    let start = lower.map(stretchesBefore) ?? 0
    let end = upper.map(stretchesBefore) ?? cuts.count + 1
    return atoms(inStretches: start..<max(start, end))
  }

  /// The atoms at which one of some windows holds.
  package func atoms(withAnyOf mask: UInt64) -> AtomSet {
    AtomSet(ascending: atoms.indices.lazy.filter { atoms[$0].windows & mask != 0 }.map { $0 })
  }

  /// How many cuts lie at or before an instant: the stretch it is in.
  package func stretchesBefore(_ instant: Instant) -> Int {
    if instant <= .earliest { return 0 }
    return partitionPoint(cuts.count) { cuts[$0] <= instant }
  }

  private func firstAtom(ofStretch stretch: Int) -> Int {
    partitionPoint(atoms.count) { atoms[$0].stretch < stretch }
  }
}

/// How many of `count` things come before the first that is not `inFirst`; those that are come
/// first.
package func partitionPoint(_ count: Int, _ inFirst: (Int) -> Bool) -> Int {
  var low = 0
  var high = count
  while low < high {
    let middle = (low + high) / 2
    if inFirst(middle) { low = middle + 1 } else { high = middle }
  }
  return low
}
