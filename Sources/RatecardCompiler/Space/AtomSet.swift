/// A set of atoms of one axis: sorted, disjoint, non-adjacent, non-empty ranges of their indices.
///
/// Literals, ranges and dates are one range each and a complement at most one more, so that sets
/// stay small however many atoms an axis has; the first range needs no memory of its own. An
/// operation is O(ranges) unless it says more.
package struct AtomSet: Hashable, Sendable {
  /// The first range; empty where the set is.
  private var head: Range<Int32>
  /// The ranges after it.
  private var tail: [Range<Int32>]

  package static let empty = AtomSet(0..<0)

  /// All atoms of an axis that has `count` of them.
  package static func all(_ count: Int) -> AtomSet { AtomSet(0..<count) }

  package init(_ range: Range<Int>) {
    head = range.isEmpty ? 0..<0 : Int32(range.lowerBound)..<Int32(range.upperBound)
    tail = []
  }

  package init(atom: Int) {
    head = Int32(atom)..<Int32(atom + 1)
    tail = []
  }

  /// The set of some atoms, given in ascending order.
  package init(ascending atoms: some Sequence<Int>) {
    self = .empty
    for atom in atoms { append(Int32(atom)..<Int32(atom + 1)) }
  }

  /// The set of the atoms of some ranges, given in the order in which they begin.
  package init(sorted ranges: some Sequence<Range<Int32>>) {
    self = .empty
    for range in ranges where !range.isEmpty { append(range) }
  }

  /// The ranges, ascending.
  package var ranges: [Range<Int32>] { isEmpty ? [] : [head] + tail }

  /// Calls `body` with each range, ascending.
  func forEachRange(_ body: (Range<Int32>) -> Void) {
    if isEmpty { return }
    body(head)
    for range in tail { body(range) }
  }

  private var rangeCount: Int { isEmpty ? 0 : 1 + tail.count }

  private func range(_ index: Int) -> Range<Int32> { index == 0 ? head : tail[index - 1] }

  package var isEmpty: Bool { head.isEmpty }

  /// Whether it holds all atoms of an axis that has `count` of them.
  package func isAll(_ count: Int) -> Bool {
    head.lowerBound == 0 && Int(head.upperBound) == count
  }

  /// How many atoms it holds.
  package var count: Int { tail.reduce(head.count) { $0 + $1.count } }

  /// The only atom, when there is exactly one.
  package var single: Int? {
    tail.isEmpty && head.count == 1 ? Int(head.lowerBound) : nil
  }

  package var first: Int? { isEmpty ? nil : Int(head.lowerBound) }

  /// The last atom.
  package var last: Int? { isEmpty ? nil : Int((tail.last ?? head).upperBound) - 1 }

  /// The first atom and the last; nil: there is none.
  var hull: (Int32, Int32)? {
    isEmpty ? nil : (head.lowerBound, (tail.last ?? head).upperBound - 1)
  }

  /// The atoms, ascending.
  package var atoms: some Sequence<Int> { ranges.lazy.flatMap { $0.lazy.map { Int($0) } } }

  package func contains(_ atom: Int) -> Bool {
    let atom = Int32(atom)
    if tail.isEmpty { return head.contains(atom) }
    return intersects(atom..<atom + 1)
  }

  /// Whether an atom of a range is in the set.
  ///
  /// O(log ranges).
  private func intersects(_ other: Range<Int32>) -> Bool {
    let place = partitionPoint(rangeCount) { range($0).upperBound <= other.lowerBound }
    return place < rangeCount && range(place).lowerBound < other.upperBound
  }

  package func intersection(_ other: AtomSet) -> AtomSet {
    var result = AtomSet.empty
    var i = 0
    var j = 0
    while i < rangeCount, j < other.rangeCount {
      let (own, theirs) = (range(i), other.range(j))
      let low = max(own.lowerBound, theirs.lowerBound)
      let high = min(own.upperBound, theirs.upperBound)
      if low < high { result.append(low..<high) }
      if own.upperBound < theirs.upperBound { i += 1 } else { j += 1 }
    }
    return result
  }

  package func intersects(_ other: AtomSet) -> Bool {
    if tail.isEmpty, other.tail.isEmpty {
      let start = max(head.lowerBound, other.head.lowerBound)
      return start < min(head.upperBound, other.head.upperBound)
    }
    if other.tail.isEmpty { return !other.isEmpty && intersects(other.head) }
    if tail.isEmpty { return !isEmpty && other.intersects(head) }
    var i = 0
    var j = 0
    while i < rangeCount, j < other.rangeCount {
      let (own, theirs) = (range(i), other.range(j))
      if max(own.lowerBound, theirs.lowerBound) < min(own.upperBound, theirs.upperBound) {
        return true
      }
      if own.upperBound < theirs.upperBound { i += 1 } else { j += 1 }
    }
    return false
  }

  package func subtracting(_ other: AtomSet) -> AtomSet {
    var result = AtomSet.empty
    var j = 0
    for i in 0..<rangeCount {
      let own = range(i)
      var low = own.lowerBound
      while j < other.rangeCount, other.range(j).upperBound <= low { j += 1 }
      var k = j
      while k < other.rangeCount, other.range(k).lowerBound < own.upperBound {
        let theirs = other.range(k)
        if low < theirs.lowerBound { result.append(low..<theirs.lowerBound) }
        low = max(low, theirs.upperBound)
        k += 1
      }
      if low < own.upperBound { result.append(low..<own.upperBound) }
    }
    return result
  }

  package func union(_ other: AtomSet) -> AtomSet {
    var result = AtomSet.empty
    var i = 0
    var j = 0
    while i < rangeCount || j < other.rangeCount {
      let takesOwn =
        j == other.rangeCount
        || (i < rangeCount && range(i).lowerBound <= other.range(j).lowerBound)
      if takesOwn {
        result.append(range(i))
        i += 1
      } else {
        result.append(other.range(j))
        j += 1
      }
    }
    return result
  }

  package func isSubset(of other: AtomSet) -> Bool {
    if tail.isEmpty, other.tail.isEmpty {
      return isEmpty
        || (other.head.lowerBound <= head.lowerBound && head.upperBound <= other.head.upperBound)
    }
    var j = 0
    for i in 0..<rangeCount {
      let own = range(i)
      while j < other.rangeCount, other.range(j).upperBound < own.upperBound { j += 1 }
      guard j < other.rangeCount, other.range(j).lowerBound <= own.lowerBound else { return false }
    }
    return true
  }

  /// Adds a range that begins no earlier than the last one, joining it where they touch.
  private mutating func append(_ range: Range<Int32>) {
    let last = tail.last ?? head
    if last.isEmpty {
      head = range
    } else if range.lowerBound > last.upperBound {
      tail.append(range)
    } else if range.upperBound > last.upperBound {
      let joined = last.lowerBound..<range.upperBound
      if tail.isEmpty { head = joined } else { tail[tail.count - 1] = joined }
    }
  }
}
