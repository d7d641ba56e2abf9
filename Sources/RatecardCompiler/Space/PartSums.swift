package import RatecardModel
package import RatecardValues

/// The one thing that ties numeric axes together: parts are disjoint and within their whole, so
/// their sum is at most the whole (an absent one counts 0).
///
/// Whether a box holds a request is decided exactly by giving every part the least value it may
/// have, from the innermost parts up: a whole then needs a value no less than their sum.
package struct PartSums: Sendable {
  private struct Node: Sendable {
    let axis: Int
    let domain: NumberDomain
    let hasAbsent: Bool
    let children: [Int]
  }

  /// Parts before their wholes.
  private var nodes: [Node] = []
  private var roots: [Int] = []
  /// The axes of parts and wholes.
  package private(set) var axes: Set<Int> = []

  package init(_ card: Card, axes allAxes: [Axis], axisOfAttribute: [Int?]) {
    func add(_ attribute: Attribute) -> Int? {
      guard let axis = axisOfAttribute[attribute.id.index],
        case .numbers(let domain) = allAxes[axis].domain
      else { return nil }
      let children = card.attributes.filter { $0.partOf == attribute.id }.compactMap(add)
      axes.insert(axis)
      nodes.append(
        Node(
          axis: axis, domain: domain, hasAbsent: allAxes[axis].hasAbsent, children: children))
      return nodes.count - 1
    }
    for attribute in card.attributes where attribute.partOf == nil {
      guard card.attributes.contains(where: { $0.partOf == attribute.id }) else { continue }
      if let root = add(attribute) { roots.append(root) }
    }
  }

  /// Whether some request has its atoms in the box, as far as sums are concerned.
  package func isPossible(_ box: Box) -> Bool {
    guard box.sides.contains(where: { axes.contains($0.axis) }) else { return true }
    return leastValues(box) != nil
  }

  /// The box less the atoms that no request in it can have; nil: no request is in it.
  ///
  /// What sums leave of an axis is a stretch of it, found by bisection.
  package func tightened(_ box: Box) -> Box? {
    guard box.sides.contains(where: { axes.contains($0.axis) }) else { return box }
    guard let least = leastValues(box) else { return nil }
    var result = box
    for node in nodes {
      let own = box[node.axis] ?? .all(node.domain.count + (node.hasAbsent ? 1 : 0))
      let sum = sum(of: node.children.map { least[$0] })
      let start = sum.map { node.domain.atomsBelow($0) } ?? node.domain.count
      let possible = partitionPoint(node.domain.count - start) { offset in
        let stretch = own.intersection(AtomSet(start + offset..<node.domain.count))
        guard let atom = stretch.first else { return false }
        return leastValues(box.replacing(node.axis, by: AtomSet(atom: atom))) != nil
      }
      // Possible as far as the last atom from which one is still possible.
      var kept = AtomSet(start..<start + possible)
      if node.hasAbsent, own.contains(node.domain.count),
        leastValues(box.replacing(node.axis, by: AtomSet(atom: node.domain.count))) != nil
      {
        kept = kept.union(AtomSet(atom: node.domain.count))
      }
      let remaining = own.intersection(kept)
      if remaining != own { result.restrict(node.axis, to: remaining) }
    }
    return result
  }

  /// Values of all parts and wholes that lie in the box and obey the sums, by axis; an absent one
  /// is missing.
  ///
  /// Those in `given` are as they are there. Nil: there are none.
  package func example(_ box: Box, given: [Int: Number] = [:]) -> [Int: Number]? {
    guard !nodes.isEmpty else { return [:] }
    var steps: [Number] = [.one]
    for exponent in 1...20 {
      steps += [Number(significand: 1, exponent: -exponent)].compactMap { $0 }
    }
    // A request that carries its parts reads better; the least values always fit.
    for prefersCarried in [true, false] {
      for step in steps {
        if let values = example(box, given, step, prefersCarried) { return values }
      }
    }
    return nil
  }

  private func example(
    _ box: Box, _ given: [Int: Number], _ step: Number, _ prefersCarried: Bool
  ) -> [Int: Number]? {
    var values: [Number?] = []
    for node in nodes {
      var sum = Number.zero
      for child in node.children {
        guard let next = sum.adding(values[child] ?? .zero) else { return nil }
        sum = next
      }
      let own = box[node.axis] ?? .all(node.domain.count + (node.hasAbsent ? 1 : 0))
      if let value = given[node.axis] {
        guard value >= sum, own.contains(node.domain.atomsBelow(.before(value))) else { return nil }
        values.append(value)
        continue
      }
      let isFree = box[node.axis] == nil
      if node.hasAbsent, own.contains(node.domain.count), sum.isZero,
        isFree || own.count == 1 || !prefersCarried
      {
        values.append(nil)
        continue
      }
      guard let value = node.domain.value(in: own, atLeast: sum, step: step) else {
        guard node.hasAbsent, own.contains(node.domain.count), sum.isZero else { return nil }
        values.append(nil)
        continue
      }
      values.append(value)
    }
    var result: [Int: Number] = [:]
    for (node, value) in zip(nodes, values) { result[node.axis] = value }
    return result
  }

  /// The least value of each part and whole, as the cut it lies at; nil: there is none.
  private func leastValues(_ box: Box) -> [Cut]? {
    var least: [Cut] = []
    least.reserveCapacity(nodes.count)
    for node in nodes {
      guard let sum = sum(of: node.children.map { least[$0] }) else { return nil }
      let own = box[node.axis] ?? .all(node.domain.count + (node.hasAbsent ? 1 : 0))
      if node.hasAbsent, own.contains(node.domain.count), sum == .before(.zero) {
        least.append(sum)
        continue
      }
      let start = node.domain.atomsBelow(node.domain.isInteger ? sum.amongIntegers() : sum)
      let candidates = own.intersection(AtomSet(min(start, node.domain.count)..<node.domain.count))
      guard let atom = candidates.first else { return nil }
      let lower = node.domain.lowerCut(of: atom) ?? sum
      let value = max(lower, sum)
      least.append(node.domain.isInteger ? value.amongIntegers() : value)
    }
    return least
  }

  /// The sum of least values; nil when it is beyond what a number can hold.
  private func sum(of cuts: [Cut]) -> Cut? {
    var total = Cut.before(.zero)
    for cut in cuts {
      guard let value = total.value.adding(cut.value) else { return nil }
      total = Cut(value: value, isAfter: total.isAfter || cut.isAfter)
    }
    return total
  }
}

extension NumberDomain {
  /// A value in one of the atoms that is no less than `least`, where open ends are left by `step`.
  package func value(in atoms: AtomSet, atLeast least: Number, step: Number) -> Number? {
    let start = atomsBelow(.before(least))
    for atom in atoms.intersection(AtomSet(min(start, count)..<count)).atoms {
      var value = least
      if let lower = lowerCut(of: atom), lower > .before(least) {
        guard let next = lower.isAfter ? lower.value.adding(step) : lower.value else { continue }
        value = next
      }
      if isInteger, !value.isInteger {
        guard let floor = value.floor(), let next = Number(significand: floor + 1, exponent: 0)
        else { continue }
        value = next
      }
      if let upper = upperCut(of: atom), Cut.before(value) >= upper { continue }
      return value
    }
    return nil
  }
}

extension Number {
  /// The sum, or nil when it needs more digits than a number holds.
  package func adding(_ other: Number) -> Number? {
    if isZero { return other }
    if other.isZero { return self }
    let exponent = min(exponent, other.exponent)
    guard let left = significand(atExponent: exponent),
      let right = other.significand(atExponent: exponent)
    else { return nil }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : Number(significand: sum, exponent: exponent)
  }

  /// The greatest integer not above it; nil when out of range.
  package func floor() -> Int128? {
    if let integer = asInteger() { return integer }
    guard exponent < 0 else { return nil }
    var divisor: Int128 = 1
    for _ in 0..<(-exponent) {
      let (next, overflow) = divisor.multipliedReportingOverflow(by: 10)
      if overflow { return isNegative ? -1 : 0 }
      divisor = next
    }
    let quotient = significand / divisor
    return isNegative && quotient * divisor != significand ? quotient - 1 : quotient
  }

  private func significand(atExponent target: Int) -> Int128? {
    var value = significand
    for _ in 0..<max(0, exponent - target) {
      let (next, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = next
    }
    return value
  }
}
