/// A time zone's rules: which offset from UTC holds when.
///
/// Rules are those of the zone's TZif file: a table, and after the table's end a yearly rule.
/// Instants are seconds since 1970-01-01T00:00:00Z, from 1970 to 9999; what was before 1969 is not
/// kept.
public struct Zone: Hashable, Sendable {
  /// The zone's IANA name.
  public let name: String

  /// The offset before the first change.
  let initialOffset: Int
  /// The instants at which the offset changes, ascending; the offset from then on is at the same
  /// place in `offsets`, and differs from the one before.
  let changes: [Int64]
  let offsets: [Int32]
  /// The rule from `ruleStart` on; nil: the last offset holds for ever.
  let rule: PosixRule?
  let ruleStart: Int64

  init(
    name: String, initialOffset: Int, changes: [Int64], offsets: [Int32], rule: PosixRule?,
    ruleStart: Int64
  ) {
    self.name = name
    self.initialOffset = initialOffset
    self.changes = changes
    self.offsets = offsets
    self.rule = rule
    self.ruleStart = ruleStart
  }

  /// Coordinated universal time.
  public static let utc = Zone(
    name: "UTC", initialOffset: 0, changes: [], offsets: [], rule: nil, ruleStart: 0)

  /// Seconds east of UTC at an instant.
  ///
  /// - Complexity: O(log n) in the table's changes.
  public func offset(at seconds: Int64) -> Int {
    if let rule, seconds >= ruleStart { return rule.offset(at: seconds) }
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? initialOffset : Int(offsets[low - 1])
  }

  /// The instants in `[from, to)` at which the offset changes, ascending.
  public func transitions(from: Int64, to: Int64) -> [Int64] {
    let from = max(from, Zone.bounds.lowerBound)
    let to = min(to, Zone.bounds.upperBound)
    guard from < to else { return [] }
    var found = changes.filter { $0 >= from && $0 < to }
    if let rule, rule.summer != nil, to > ruleStart {
      let first = CivilDate(daysSince1970: floorQuotient(Int(max(from, ruleStart)), 86_400)).year
      let last = CivilDate(daysSince1970: floorQuotient(Int(to), 86_400)).year
      var offset = offset(at: max(from, ruleStart) - 1)
      if from <= ruleStart, self.offset(at: ruleStart) != offset, found.last != ruleStart {
        found.append(ruleStart)
      }
      for change in rule.changes(years: first - 2...last + 1) {
        guard change.at < to else { break }
        if change.at >= from, change.at > ruleStart, change.offset != offset {
          // Changes at one instant: only what is left of them counts.
          if found.last != change.at { found.append(change.at) }
        }
        if change.at >= min(from, ruleStart) { offset = change.offset }
      }
    }
    return found.filter { self.offset(at: $0) != self.offset(at: $0 - 1) }
  }

  /// The instant at which the zone's clocks show a time of a date.
  ///
  /// A time that the clocks skip gives the instant of the change; of a time that they show twice
  /// it is the first pass. `secondOfDay` may be 86,400, the midnight that ends the date.
  public func seconds(of date: CivilDate, secondOfDay: Int) -> Int64 {
    seconds(ofLocal: Int64(date.daysSince1970) * 86_400 + Int64(secondOfDay))
  }

  /// The same for seconds since 1970 of a clock that ignores zones.
  func seconds(ofLocal local: Int64) -> Int64 {
    let reach = Int64(Zone.largestOffset)
    var start = local - reach
    var offset = Int64(self.offset(at: start))
    for change in transitions(from: local - reach, to: local + reach + 1) {
      let instant = local - offset
      if instant >= start, instant < change { return instant }
      let next = Int64(self.offset(at: change))
      if change + offset <= local, local < change + next { return change }
      start = change
      offset = next
    }
    return local - offset
  }

  /// Offsets are smaller than this: RFC 8536 allows just under 26 hours.
  static let largestOffset = 26 * 3600
  /// The instants that a zone is asked about: 1969 to the first days of 10000.
  static let bounds: Range<Int64> = -31_536_000..<253_402_300_800 + 31_536_000

  public static func == (left: Zone, right: Zone) -> Bool {
    left.name == right.name && left.initialOffset == right.initialOffset
      && left.rule == right.rule && left.ruleStart == right.ruleStart
      && left.changes == right.changes && left.offsets == right.offsets
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(changes.count)
  }
}
