import RatecardCompiler

/// Divides the atoms of an axis by which of some sets they are in.
enum AxisClasses {
  /// A class: its atoms, and the places of the sets that hold them, ascending.
  typealias Class = (atoms: AtomSet, members: [Int])

  /// The classes of `all` by `sets`, by their first atoms; nil stands for a set that holds
  /// everything.
  ///
  /// Sets are swept from left to right by where their ranges begin and end.
  static func of(_ all: AtomSet, by sets: [AtomSet?]) -> [Class] {
    var wide: [Int] = []
    var events: [(place: Int32, index: Int, isStart: Bool)] = []
    for (index, set) in sets.enumerated() {
      guard let set else {
        wide.append(index)
        continue
      }
      for range in set.intersection(all).ranges {
        events.append((range.lowerBound, index, true))
        events.append((range.upperBound, index, false))
      }
    }
    events.sort { $0.place < $1.place }
    var found: [[Int]: AtomSet] = [:]
    var active: Set<Int> = []
    var last: Int32 = 0
    func close(at place: Int32) {
      guard place > last else { return }
      let atoms = AtomSet(Int(last)..<Int(place)).intersection(all)
      if !atoms.isEmpty {
        let key = active.sorted()
        found[key] = (found[key] ?? .empty).union(atoms)
      }
      last = place
    }
    for event in events {
      close(at: event.place)
      if event.isStart { active.insert(event.index) } else { active.remove(event.index) }
    }
    close(at: all.ranges.last?.upperBound ?? 0)
    return found.map { (atoms: $0.value, members: ($0.key + wide).sorted()) }
      .sorted { ($0.atoms.first ?? 0) < ($1.atoms.first ?? 0) }
  }
}
