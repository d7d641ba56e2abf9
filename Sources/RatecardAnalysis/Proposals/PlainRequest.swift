import RatecardCompiler
import RatecardModel
import RatecardValues

/// Makes of a box the plainest of its requests: what may be left out is left out, and what is
/// carried has a value that a person would choose.
struct PlainRequest {
  let space: Space
  let scene: Scene
  let box: Box
  /// Values that are settled.
  let given: [AttributeID: Value]
  /// What rated attributes should carry of their own.
  let quantities: [AttributeID: Number]
  /// Balances that other requests carry in place of this one's.
  let otherBalances: [Number]

  init(
    in box: Box, of scene: Scene, given: [AttributeID: Value] = [:],
    quantities: [AttributeID: Number] = [:], otherBalances: [Number] = [], space: Space
  ) {
    self.space = space
    self.scene = scene
    self.box = scene.filled(box)
    self.given = given
    self.quantities = quantities
    self.otherBalances = otherBalances
  }

  /// A value for each attribute that the request carries, but `at`; nil where none were found.
  func values() -> [AttributeID: Value]? {
    var values = given
    for (index, axis) in space.axes.enumerated() where given[axis.attribute] == nil {
      switch axis.attribute {
      case .at, .balance, .granted, .balancePercent, .model, .requestedModel: continue
      // A decision finds the tier; the cost alone is told.
      case .tier where scene.question != .price: continue
      default: break
      }
      if space.partSums.axes.contains(index) || !isWanted(index) { continue }
      guard let value = value(of: axis, in: atoms(index)) else { return nil }
      values[axis.attribute] = value
    }
    guard takeModels(&values), takeQuantities(&values), takeBalance(&values) else { return nil }
    for attribute in space.card.attributes where values[attribute.id] == attribute.defaultValue {
      values[attribute.id] = nil
    }
    return values
  }

  func atoms(_ index: Int) -> AtomSet { box[index] ?? space.axes[index].all }

  /// Whether the request has to carry a value, or a condition looks at it.
  func isWanted(_ index: Int) -> Bool {
    let axis = space.axes[index]
    guard let atoms = box[index] else { return axis.attribute == .tier && scene.needsTier }
    let isLookedAt = scene.axes.contains(index) || scene.filler[index] != nil
    if isLookedAt || axis.attribute == .tier, atoms.intersects(axis.present) { return true }
    return !mayBeLeftOut(index)
  }

  /// Whether a request of the box may say nothing there.
  func mayBeLeftOut(_ index: Int) -> Bool {
    let axis = space.axes[index]
    if axis.hasAbsent { return atoms(index).intersects(axis.absent) }
    guard let value = space.card[axis.attribute].defaultValue else { return true }
    return space.atom(of: value, on: index).map(atoms(index).contains) ?? true
  }

  /// A value in some atoms; nil where none is carried in them.
  func value(of axis: Axis, in atoms: AtomSet) -> Value? {
    guard let atom = atoms.intersection(axis.present).first else { return nil }
    switch axis.domain {
    case .texts(let texts): return .text(ExactText(texts.example(of: atom)))
    case .flags: return .flag(atoms.contains(1))
    case .numbers(let numbers):
      guard let number = numbers.plain(in: atoms.intersection(axis.present)).first else {
        return nil
      }
      guard numbers.highest != nil else { return .number(number) }
      return number.asInteger().flatMap(Instant.init(nanoseconds:)).map { .instant($0) }
    case .times: return nil
    }
  }

  /// The model, and the one asked for where the two have to differ.
  private func takeModels(_ values: inout [AttributeID: Value]) -> Bool {
    guard let model = space.axis(of: .model, in: .afterRouting) else { return true }
    let axis = space.axes[model]
    let asked = space.axis(of: .requestedModel, in: .afterRouting)
    guard let asked, scene.question == .price else {
      if isWanted(model), values[.model] == nil {
        values[.model] = value(of: axis, in: atoms(model))
      }
      return true
    }
    // Unless it is told the model asked for, the cost alone takes it to be the one that serves.
    let common = atoms(model).intersection(atoms(asked)).intersection(axis.present)
    if isWanted(model) || isWanted(asked), !common.isEmpty {
      values[.model] = value(of: axis, in: common)
      return true
    }
    if isWanted(model) {
      guard atoms(asked).intersects(axis.present) else { return false }
      values[.model] = value(of: axis, in: atoms(model))
      values[.requestedModel] = value(of: axis, in: atoms(asked))
    } else if isWanted(asked) {
      values[.requestedModel] = value(of: axis, in: atoms(asked))
    }
    return true
  }
}

extension PlainRequest {
  /// The values by the names that requests use, as a person would order them: the event, then what
  /// every card has, then what this one declares, then the time.
  static func pairs(_ values: [AttributeID: Value], _ card: Card) -> [Proposal.Pair] {
    let order = card.attributes.filter { values[$0.id] != nil }.sorted { first, second in
      let (left, right) = (rank(first), rank(second))
      if left != right { return left < right }
      if let one = first.span, let other = second.span, one != other { return one < other }
      return first.id < second.id
    }
    return order.compactMap { attribute in
      values[attribute.id].map { Proposal.Pair(name: attribute.name, value: $0) }
    }
  }

  private static func rank(_ attribute: Attribute) -> Int {
    switch attribute.id {
    case .event: return -1
    case .at: return .max
    default:
      return attribute.id.index < AttributeID.builtInCount
        ? attribute.id.index : AttributeID.builtInCount
    }
  }
}

extension NumberDomain {
  /// A few numbers in some atoms, those first that people like best.
  func plain(in atoms: AtomSet) -> [Number] {
    guard highest == nil else { return examples(in: atoms) }
    let liked = [100, 10, 1, 1000, 10_000, 100_000, 1_000_000].map { Number($0) }
    return liked.filter { atoms.contains(atomsBelow(.before($0))) } + examples(in: atoms)
  }
}

extension Space {
  /// The atom that a value lies in; nil where no request can carry it.
  func atom(of value: Value, on index: Int) -> Int? {
    switch (axes[index].domain, value) {
    case (.texts(let texts), .text(let text)): texts.atom(ofAny: text)
    case (.flags, .flag(let flag)): flag ? 1 : 0
    case (.numbers(let numbers), .number(let number)): numbers.atomsBelow(.before(number))
    case (.numbers(let numbers), .instant(let instant)):
      numbers.atomsBelow(.before(instant.asNumber))
    default: nil
    }
  }
}
