import RatecardCompiler
import RatecardModel
import RatecardValues

/// How one of two cards reads the atoms of a joint axis.
struct AxisReading: Sendable {
  /// The card's own axis; nil: no condition of the card looks at the attribute.
  let axis: Int?
  /// The joint atoms that requests to the card can have.
  let admitted: AtomSet
  private let atoms: [Int?]
  /// The joint atoms by the own atom that they are read as, ascending.
  private var sources: [[Int]]

  /// A reading of each joint atom as an own one; nil: the card does not admit it.
  init(axis: Int?, atoms: [Int?]) {
    self.axis = axis
    self.atoms = atoms
    admitted = AtomSet(ascending: atoms.indices.lazy.filter { atoms[$0] != nil })
    sources = Array(repeating: [], count: (atoms.lazy.compactMap(\.self).max() ?? -1) + 1)
    for (joint, own) in atoms.enumerated() { if let own { sources[own].append(joint) } }
  }

  /// The own atom that a joint one is read as; nil: the card does not admit it.
  func atom(_ joint: Int) -> Int? { atoms[joint] }

  /// The joint atoms that are read as one of some own atoms.
  ///
  /// O(n log n) in the atoms found.
  func sources(of own: AtomSet) -> AtomSet {
    if let single = own.single {
      return single < sources.count ? AtomSet(ascending: sources[single]) : .empty
    }
    var found: [Int] = []
    for atom in own.atoms where atom < sources.count { found += sources[atom] }
    return AtomSet(ascending: found.sorted())
  }
}

/// A card's own axis for an attribute, and how the card reads values that it need not know.
struct OwnAxis {
  /// The attribute as the card has it; nil: it does not have it, and looks at nothing there.
  let attribute: Attribute?
  let index: Int?
  let axis: Axis?
  /// Whether the card calls another attribute by that name, so that no value is one of its own.
  private let isTaken: Bool
  private let names: ModelNames?
  private let members: Set<ExactText>?

  init(
    _ attribute: Attribute?, _ index: Int?, in space: Space, isTaken: Bool,
    names: ModelNames? = nil
  ) {
    self.attribute = attribute
    self.isTaken = isTaken
    self.index = index
    axis = index.map { space.axes[$0] }
    self.names = names
    if case .choice(let members)? = attribute?.kind {
      self.members = Set(members)
    } else {
      members = nil
    }
  }

  /// The own atom of a text; nil: the card does not admit it.
  func atom(of text: ExactText) -> Int? {
    guard let attribute else { return unknownAtom }
    let text = names?.name(of: text) ?? text
    if let members, !members.contains(text) {
      // A tier that the card no longer has counts as none.
      return attribute.id == .currentTier ? absentAtom : nil
    }
    guard case .texts(let texts)? = axis?.domain else { return 0 }
    return texts.atom(ofAny: text)
  }

  /// The own atom of each joint atom of texts.
  func atoms(of joint: TextDomain) -> [Int?] {
    (0..<joint.count).map { atom(of: ExactText(joint.example(of: $0))) }
  }

  /// The own atom of each joint atom of numbers.
  func atoms(of joint: NumberDomain) -> [Int?] {
    (0..<joint.count).map { atom(after: joint.lowerCut(of: $0)) }
  }

  /// The own atom of the numbers just after a cut; nil: of the lowest ones.
  func atom(after cut: Cut?) -> Int? {
    guard attribute != nil else { return unknownAtom }
    guard case .numbers(let numbers)? = axis?.domain, let cut else { return 0 }
    return numbers.atomsBelow(cut)
  }

  /// The own atom of a flag.
  func atom(of flag: Bool) -> Int? {
    guard attribute != nil else { return unknownAtom }
    return axis == nil || !flag ? 0 : 1
  }

  /// The own atom of requests that do not carry the attribute.
  var atomOfAbsence: Int? {
    switch attribute?.defaultValue {
    case nil: absentAtom
    case .text(let text)?: atom(of: text)
    case .flag(let flag)?: atom(of: flag)
    case .number(let number)?: atom(after: .before(number))
    case .instant(let instant)?: atom(after: .before(instant.asNumber))
    }
  }

  /// What a value is to a card that does not have the attribute: nothing.
  private var unknownAtom: Int? { isTaken ? nil : absentAtom }

  private var absentAtom: Int { axis.map { $0.count - 1 } ?? 0 }
}
