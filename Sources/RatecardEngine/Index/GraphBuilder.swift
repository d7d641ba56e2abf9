/// Makes a decision graph of entries, unless it would take too long or become too large.
struct GraphBuilder {
  /// Tells what some entries, in order, decide; nil: that depends on those that are not settled.
  typealias Leaf = (_ holding: [Int32], _ isSettled: (Int32) -> Bool) -> Int32?

  private struct Side {
    let slot: Int
    let classes: [Range<Int32>]
    /// How much of its axis it rules out, of 1024.
    let selectivity: Int
  }

  /// The entries that may still hold, and the axes that were looked at on the way, as bits.
  private struct Situation: Hashable {
    let looked: UInt64
    let candidates: [Int32]
  }

  private struct TooLarge: Error {}

  private let axes: [IndexedAxis]
  private let firstClass: [Int32]
  private let sides: [[Side]]
  /// The axes that an entry looks at, as bits.
  private let looks: [UInt64]
  /// Whether entries after one that surely holds make no difference.
  private let endsAtFirst: (Int) -> Bool
  private var nodes: [Int32] = []
  private var known: [Situation: Int32] = [:]
  private var stepsLeft: Int
  private let nodeLimit: Int

  /// `endsAtFirst` tells entries that end what is looked at once they surely hold.
  init(
    _ entries: [RuleIndex.Entry], _ axes: [IndexedAxis], endsAtFirst: ((Int) -> Bool)? = nil
  ) {
    self.axes = axes
    self.endsAtFirst = endsAtFirst ?? { entries[$0].circleEnd == 0 }
    var slotOfAxis: [Int: Int] = [:]
    var firstClass: [Int32] = []
    var place: Int32 = 0
    for (slot, axis) in axes.enumerated() {
      slotOfAxis[axis.axis] = slot
      firstClass.append(place)
      place += Int32(axis.classOfAtom.count)
    }
    self.firstClass = firstClass
    guard axes.count <= 64 else {
      (sides, looks, stepsLeft, nodeLimit) = ([], [], -1, 0)
      return
    }
    sides = entries.map { entry in
      entry.sides.compactMap { side in
        guard let slot = slotOfAxis[side.axis] else { return nil }
        let classes = side.atoms.map(axes[slot].classes)
        let count = classes.reduce(0) { $0 + $1.count }
        return Side(
          slot: slot, classes: classes, selectivity: 1_024 - 1_024 * count / axes[slot].classCount)
      }
    }
    looks = sides.map { $0.reduce(0) { $0 | 1 << UInt64($1.slot) } }
    stepsLeft = 1 << 20 + 32 * entries.count
    nodeLimit = 1 << 18 + 8 * entries.count
  }

  /// The graph; an incomplete one where it would be too large.
  mutating func graph(in arena: Arena, _ leaf: Leaf) -> DecisionGraph {
    guard stepsLeft >= 0 else { return DecisionGraph() }
    do {
      let root = try child(
        Situation(looked: 0, candidates: sides.indices.map { Int32($0) }), leaf)
      return DecisionGraph(
        nodes: nodes, axes, root: root, in: arena)
    } catch {
      return DecisionGraph()
    }
  }

  private func isSettled(_ entry: Int32, _ looked: UInt64) -> Bool {
    looks[Int(entry)] & ~looked == 0
  }

  private mutating func child(_ situation: Situation, _ leaf: Leaf) throws(TooLarge) -> Int32 {
    let (looked, candidates) = (situation.looked, situation.candidates)
    if let value = leaf(candidates, { isSettled($0, looked) }) {
      return DecisionGraph.child(ofLeaf: value)
    }
    // Axes that no candidate looks at do not tell situations apart.
    let own = candidates.reduce(0) { $0 | looks[Int($1)] }
    let key = Situation(looked: looked & own, candidates: candidates)
    if let place = known[key] { return place }
    let slot = mostTelling(candidates, looked)
    var children: [Int32] = []
    children.reserveCapacity(axes[slot].classCount)
    let next = looked | 1 << UInt64(slot)
    var last: [Int32]?
    for part in try parts(candidates, slot, next) {
      if part.candidates == last, let child = children.last {
        children += repeatElement(child, count: part.count)
        continue
      }
      let child = try child(Situation(looked: next, candidates: part.candidates), leaf)
      children += repeatElement(child, count: part.count)
      last = part.candidates
    }
    let place = nodes.count
    guard place + children.count + 2 <= nodeLimit else { throw TooLarge() }
    nodes += [Int32(axes[slot].axis), firstClass[slot]]
    nodes += children
    known[key] = Int32(place)
    return Int32(place)
  }

  /// The axis by which the most is ruled out.
  private func mostTelling(_ candidates: [Int32], _ looked: UInt64) -> Int {
    var scores = [Int](repeating: 0, count: axes.count)
    for entry in candidates {
      for side in sides[Int(entry)] where looked & 1 << UInt64(side.slot) == 0 {
        scores[side.slot] += side.selectivity + 1
      }
    }
    var best = 0
    for slot in axes.indices where scores[slot] > scores[best] { best = slot }
    return best
  }

  /// What may hold for each run of classes of an axis.
  private mutating func parts(
    _ candidates: [Int32], _ slot: Int, _ looked: UInt64
  ) throws(TooLarge) -> [(count: Int, candidates: [Int32])] {
    var active = BitSet(candidates.count)
    var changes: [(at: Int32, place: Int)] = []
    for (place, entry) in candidates.enumerated() {
      guard let side = sides[Int(entry)].first(where: { $0.slot == slot }) else {
        active.toggle(place)
        continue
      }
      for range in side.classes {
        changes.append((range.lowerBound, place))
        changes.append((range.upperBound, place))
      }
    }
    changes.sort { $0.at < $1.at }
    try spend(candidates.count + changes.count)
    var parts: [(count: Int, candidates: [Int32])] = []
    var start: Int32 = 0
    var next = 0
    let end = Int32(axes[slot].classCount)
    while start < end {
      while next < changes.count, changes[next].at <= start {
        active.toggle(changes[next].place)
        next += 1
      }
      let until = next < changes.count ? min(changes[next].at, end) : end
      var holding: [Int32] = []
      active.forEach { place in
        let entry = candidates[place]
        holding.append(entry)
        return !(isSettled(entry, looked) && endsAtFirst(Int(entry)))
      }
      try spend(holding.count + active.summaryCount + 8)
      parts.append((Int(until - start), holding))
      start = until
    }
    return parts
  }

  private mutating func spend(_ steps: Int) throws(TooLarge) {
    stepsLeft -= steps
    if stepsLeft < 0 { throw TooLarge() }
  }
}

/// A set of small integers, walked in ascending order from whichever there is first.
private struct BitSet {
  private var words: [UInt64]
  /// Which words are not 0.
  private var summary: [UInt64]

  init(_ count: Int) {
    words = Array(repeating: 0, count: (count + 63) / 64)
    summary = Array(repeating: 0, count: (words.count + 63) / 64)
  }

  var summaryCount: Int { summary.count }

  mutating func toggle(_ member: Int) {
    let word = member / 64
    words[word] ^= 1 << UInt64(member % 64)
    let bit = UInt64(1) << UInt64(word % 64)
    if words[word] == 0 { summary[word / 64] &= ~bit } else { summary[word / 64] |= bit }
  }

  /// Calls `body` for each member until it says that it is enough.
  func forEach(_ body: (Int) -> Bool) {
    for block in summary.indices {
      var some = summary[block]
      while some != 0 {
        let word = block * 64 + some.trailingZeroBitCount
        some &= some - 1
        var bits = words[word]
        while bits != 0 {
          if !body(word * 64 + bits.trailingZeroBitCount) { return }
          bits &= bits - 1
        }
      }
    }
  }
}
