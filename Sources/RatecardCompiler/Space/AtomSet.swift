/// A set of atoms of one axis: sorted, disjoint, non-adjacent, non-empty ranges of their indices.
///
/// Literals, ranges and dates are one range each and a complement at most one more, so that sets
/// stay small however many atoms an axis has. Every operation is O(ranges).
package struct AtomSet: Hashable, Sendable {
  package private(set) var ranges: [Range<Int32>]

  package static let empty = AtomSet(ranges: [])

  private init(ranges: [Range<Int32>]) { self.ranges = ranges }

  /// All atoms of an axis that has `count` of them.
  package static func all(_ count: Int) -> AtomSet { AtomSet(0..<count) }

  package init(_ range: Range<Int>) {
    ranges = range.isEmpty ? [] : [Int32(range.lowerBound)..<Int32(range.upperBound)]
  }

  package init(atom: Int) { ranges = [Int32(atom)..<Int32(atom + 1)] }

  /// The set of some atoms, given in ascending order.
  package init(ascending atoms: some Sequence<Int>) {
    ranges = []
    for atom in atoms { append(Int32(atom)..<Int32(atom + 1)) }
  }

  package var isEmpty: Bool { ranges.isEmpty }

  /// How many atoms it holds.
  package var count: Int { ranges.reduce(0) { $0 + $1.count } }

  /// The only atom, when there is exactly one.
  package var single: Int? {
    ranges.count == 1 && ranges[0].count == 1 ? Int(ranges[0].lowerBound) : nil
  }

  package var first: Int? { ranges.first.map { Int($0.lowerBound) } }

  /// The atoms, ascending.
  package var atoms: some Sequence<Int> { ranges.lazy.flatMap { $0.lazy.map { Int($0) } } }

  package func contains(_ atom: Int) -> Bool {
    let atom = Int32(atom)
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= atom { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= atom
  }

  package func intersection(_ other: AtomSet) -> AtomSet {
    var result = AtomSet.empty
    var i = 0
    var j = 0
    while i < ranges.count, j < other.ranges.count {
      let low = max(ranges[i].lowerBound, other.ranges[j].lowerBound)
      let high = min(ranges[i].upperBound, other.ranges[j].upperBound)
      if low < high { result.append(low..<high) }
      if ranges[i].upperBound < other.ranges[j].upperBound { i += 1 } else { j += 1 }
    }
    return result
  }

  package func intersects(_ other: AtomSet) -> Bool {
    var i = 0
    var j = 0
    while i < ranges.count, j < other.ranges.count {
      if max(ranges[i].lowerBound, other.ranges[j].lowerBound)
        < min(ranges[i].upperBound, other.ranges[j].upperBound)
      {
        return true
      }
      if ranges[i].upperBound < other.ranges[j].upperBound { i += 1 } else { j += 1 }
    }
    return false
  }

  package func subtracting(_ other: AtomSet) -> AtomSet {
    var result = AtomSet.empty
    var j = 0
    for range in ranges {
      var low = range.lowerBound
      while j < other.ranges.count, other.ranges[j].upperBound <= low { j += 1 }
      var k = j
      while k < other.ranges.count, other.ranges[k].lowerBound < range.upperBound {
        if low < other.ranges[k].lowerBound { result.append(low..<other.ranges[k].lowerBound) }
        low = max(low, other.ranges[k].upperBound)
        k += 1
      }
      if low < range.upperBound { result.append(low..<range.upperBound) }
    }
    return result
  }

  package func union(_ other: AtomSet) -> AtomSet {
    var result = AtomSet.empty
    var i = 0
    var j = 0
    while i < ranges.count || j < other.ranges.count {
      let takesOwn =
        j == other.ranges.count
        || (i < ranges.count && ranges[i].lowerBound <= other.ranges[j].lowerBound)
      if takesOwn {
        result.append(ranges[i])
        i += 1
      } else {
        result.append(other.ranges[j])
        j += 1
      }
    }
    return result
  }

  package func isSubset(of other: AtomSet) -> Bool {
    var j = 0
    for range in ranges {
      while j < other.ranges.count, other.ranges[j].upperBound < range.upperBound { j += 1 }
      guard j < other.ranges.count, other.ranges[j].lowerBound <= range.lowerBound else {
        return false
      }
    }
    return true
  }

  /// Adds a range that begins no earlier than the last one, joining it where they touch.
  private mutating func append(_ range: Range<Int32>) {
    if let last = ranges.last, range.lowerBound <= last.upperBound {
      ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
    } else {
      ranges.append(range)
    }
  }
}
