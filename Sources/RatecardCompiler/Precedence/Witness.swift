package import RatecardModel
package import RatecardValues

/// One request out of a box, as a person would type it after `ratecard eval`.
package struct Witness {
  /// What the request carries, in the order of the card's attributes.
  package let pairs: [(name: String, value: String)]
  /// Whether a route gives it its model without that it asked for one.
  package let isUnasked: Bool

  /// What the pairs cannot say; empty or beginning with a space.
  private var remark: String { isUnasked ? " routed there, and no model asked for" : "" }

  /// The pairs as command-line words, quoted where a shell needs it.
  package var text: String {
    if pairs.isEmpty { return "a request that carries nothing" }
    return pairs.map { "\($0.name)=\(quoted($0.value))" }.joined(separator: " ") + remark
  }

  private func quoted(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "+"):
        true
      default: byte >= 0x80
      }
    }
    if isPlain && !value.isEmpty { return value }
    return "'"
      + value.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  /// A possible request in `box` with a value on each of `axes` that may be carried.
  ///
  /// `box` holds a possible request. A percentage is shown by a balance and a grant that give it,
  /// and left out where what else is asked of those two cannot give it. `numbers` are the values of
  /// some counts and quantities, nil where they are not carried.
  package init(
    in box: Box, axes: some Sequence<Int>, of space: Space, numbers: [AttributeID: Number?] = [:]
  ) {
    let shown = Set(axes).union(box.sides.map(\.axis)).sorted()
    // Axes that the box leaves free take their first atom; sums still have to hold then.
    var point = box
    for axis in shown where point[axis] == nil && !space.partSums.axes.contains(axis) {
      point.restrict(axis, to: AtomSet(atom: space.axes[axis].plainAtom))
    }
    let sums = space.partSums.example(point) ?? [:]
    var values: [AttributeID: String] = [:]
    for index in shown {
      let axis = space.axes[index]
      let atoms = point[index] ?? axis.all
      if space.partSums.axes.contains(index) {
        if let value = sums[index] { values[axis.attribute] = value.description }
      } else if let value = axis.example(of: atoms) {
        values[axis.attribute] = value
      }
    }
    for (index, value) in sums where values[space.axes[index].attribute] == nil {
      if !value.isZero { values[space.axes[index].attribute] = value.description }
    }
    for (attribute, number) in numbers { values[attribute] = number?.description }
    if let axis = space.axis(of: .balancePercent, in: .afterRouting), shown.contains(axis) {
      // What the box leaves free may be whatever gives the percentage.
      Self.replacePercentage(
        in: &values, point[axis].map { box.replacing(axis, by: $0) } ?? box, space, axis)
    }
    isUnasked = Self.replaceAskedModel(in: &values, point, space)
    pairs = space.card.attributes.compactMap { attribute in
      values[attribute.id].map {
        (attribute.id == .event ? "on" : attribute.name, $0)
      }
    }
  }

  /// Leaves out the model asked for where it may be the one that serves, as it is unless given, and
  /// both where none may be.
  ///
  /// True when the model that remains is one that only a route gives.
  private static func replaceAskedModel(
    in values: inout [AttributeID: String], _ point: Box, _ space: Space
  ) -> Bool {
    guard let asked = space.axis(of: .requestedModel, in: .afterRouting),
      let model = space.axis(of: .model, in: .afterRouting), asked != model
    else { return false }
    let askedAtoms = point[asked] ?? space.axes[asked].all
    let models = point[model] ?? space.axes[model].all
    let common = askedAtoms.intersection(models)
    let isAbsent = !askedAtoms.intersects(space.axes[asked].present)
    if isAbsent || common.first != nil {
      values[.requestedModel] = nil
      let atoms = isAbsent ? models.intersection(space.axes[model].absent) : common
      values[.model] = space.axes[model].example(of: atoms.isEmpty ? models : atoms)
    }
    return isAbsent && values[.model] != nil
  }

  /// Exchanges `balance_percent`, which no request carries, for a balance and a grant.
  private static func replacePercentage(
    in values: inout [AttributeID: String], _ point: Box, _ space: Space, _ percentAxis: Int
  ) {
    values[.balancePercent] = nil
    let percents = point[percentAxis] ?? space.axes[percentAxis].all
    if percents == space.axes[percentAxis].absent {
      if point.mayBeAbsent(.granted, space) {
        values[.granted] = nil
      } else if point.mayBeAbsent(.balance, space) {
        values[.balance] = nil
      }
      return
    }
    guard case .numbers(let percentDomain) = space.axes[percentAxis].domain else { return }
    let carried = percents.intersection(space.axes[percentAxis].present)
    let hundredth = Number(significand: 1, exponent: -2) ?? .one
    let grants =
      point.examples(of: .granted, space)
      + [100, 1000, 500, 50, 10_000, 1, 10, 1_000_000].map { Number($0) }
    for grant in grants where !grant.isZero && point.admits(grant, as: .granted, space) {
      for percent in percentDomain.examples(in: carried) {
        guard let product = percent.multiplied(by: grant),
          let balance = product.multiplied(by: hundredth),
          point.admits(balance, as: .balance, space)
        else { continue }
        values[.granted] = grant.description
        values[.balance] = balance.description
        return
      }
    }
  }
}

extension Box {
  fileprivate func mayBeAbsent(_ attribute: AttributeID, _ space: Space) -> Bool {
    guard let axis = space.axis(of: attribute, in: .afterRouting), let atoms = self[axis]
    else { return true }
    return atoms.intersects(space.axes[axis].absent)
  }

  fileprivate func admits(_ number: Number, as attribute: AttributeID, _ space: Space) -> Bool {
    guard let axis = space.axis(of: attribute, in: .afterRouting), let atoms = self[axis],
      case .numbers(let domain) = space.axes[axis].domain
    else { return true }
    return atoms.intersects(domain.atoms(from: .before(number), to: .after(number)))
      && atoms.contains(domain.atomsBelow(.before(number)))
  }

  fileprivate func examples(of attribute: AttributeID, _ space: Space) -> [Number] {
    guard let axis = space.axis(of: attribute, in: .afterRouting), let atoms = self[axis],
      case .numbers(let domain) = space.axes[axis].domain
    else { return [] }
    return domain.examples(in: atoms.intersection(space.axes[axis].present))
  }
}

extension Axis {
  /// An atom that a person would choose without a reason to choose another.
  fileprivate var plainAtom: Int {
    guard case .numbers(let numbers) = domain, numbers.lowest == nil else { return 0 }
    return numbers.atomsBelow(.before(Number(100)))
  }

  /// A value of the first carried atom of a set; nil when only "not carried" is in it.
  package func example(of atoms: AtomSet) -> String? {
    guard let atom = atoms.intersection(present).first else { return nil }
    switch domain {
    case .texts(let texts): return texts.example(of: atom)
    case .flags: return atom == 1 ? "true" : "false"
    case .times(let times): return times.atoms[atom].example.description
    case .numbers(let numbers):
      guard let number = numbers.example(in: atom) else { return nil }
      if numbers.highest != nil, let nanoseconds = number.asInteger() {
        return Instant(nanoseconds: nanoseconds)?.description
      }
      return number.description
    }
  }
}

extension NumberDomain {
  /// A number in an atom, as round as it comes easily; nil only where numbers have not enough
  /// digits to lie between the atom's ends.
  package func example(in atom: Int) -> Number? { examples(in: AtomSet(atom: atom)).first }

  /// A few numbers in the atoms, the plainest first.
  package func examples(in atoms: AtomSet) -> [Number] {
    var result: [Number] = []
    for atom in atoms.atoms.prefix(16) {
      let lower = lowerCut(of: atom)
      let upper = upperCut(of: atom)
      var candidates: [Number] = []
      if let lower { candidates.append(lower.value) }
      if let upper { candidates.append(upper.value) }
      for step in [Number.one] + (1...12).compactMap({ Number(significand: 1, exponent: -$0) }) {
        let minus = Number(significand: -step.significand, exponent: step.exponent) ?? .zero
        if let lower, let next = lower.value.adding(step) { candidates.append(next) }
        if let upper, let next = upper.value.adding(minus) { candidates.append(next) }
      }
      if lower == nil, upper == nil { candidates.append(.zero) }
      result += candidates.filter { number in
        (!isInteger || number.isInteger)
          && (lower.map { $0 <= .before(number) } ?? true)
          && (upper.map { Cut.before(number) < $0 } ?? true)
      }
    }
    return result
  }
}

extension Number {
  /// The product, or nil when it needs more digits than a number holds.
  package func multiplied(by other: Number) -> Number? {
    let (product, overflow) = significand.multipliedReportingOverflow(by: other.significand)
    return overflow ? nil : Number(significand: product, exponent: exponent + other.exponent)
  }
}
