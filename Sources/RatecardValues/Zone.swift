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
  /// Where the table ends and its last 400 years begin to repeat, as the calendar does; nil when
  /// the last offset holds for ever.
  let repeatStart: Int64?

  init(
    name: String, initialOffset: Int, changes: [Int64], offsets: [Int32], repeatStart: Int64?
  ) {
    self.name = name
    self.initialOffset = initialOffset
    self.changes = changes
    self.offsets = offsets
    self.repeatStart = repeatStart
  }

  /// Coordinated universal time.
  public static let utc = Zone(
    name: "UTC", initialOffset: 0, changes: [], offsets: [], repeatStart: nil)

  /// Seconds east of UTC at an instant.
  ///
  /// - Complexity: O(log n) in the table's changes.
  public func offset(at seconds: Int64) -> Int {
    var seconds = min(seconds, Zone.bounds.upperBound)
    if let repeatStart, seconds >= repeatStart {
      seconds = repeatStart - Zone.cycle + (seconds - repeatStart) % Zone.cycle
    }
    let passed = index(from: seconds + 1)
    return passed == 0 ? initialOffset : Int(offsets[passed - 1])
  }

  /// The instants in `[from, to)` at which the offset changes, ascending.
  public func transitions(from: Int64, to: Int64) -> [Int64] {
    let from = max(from, Zone.bounds.lowerBound)
    let to = min(to, Zone.bounds.upperBound)
    guard from < to else { return [] }
    var found = Array(changes[index(from: from)..<index(from: to)])
    guard let repeatStart, to > repeatStart else { return found }
    let pattern = changes[index(from: repeatStart - Zone.cycle)...]
    var shift = Zone.cycle * (1 + max(0, (from - repeatStart) / Zone.cycle))
    while repeatStart - Zone.cycle + shift < to {
      for change in pattern where change + shift >= from && change + shift < to {
        found.append(change + shift)
      }
      shift += Zone.cycle
    }
    return found
  }

  /// The place of the first change at or after an instant.
  private func index(from seconds: Int64) -> Int {
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] < seconds { low = middle + 1 } else { high = middle }
    }
    return low
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
  /// The seconds of 400 years, after which dates fall on the same weekdays again.
  static let cycle: Int64 = 146_097 * 86_400
  /// The instants that a zone is asked about: 1969 to the first days of 10000.
  static let bounds: Range<Int64> = -31_536_000..<253_402_300_800 + 31_536_000

  /// Whether both are the same.
  public static func == (left: Zone, right: Zone) -> Bool {
    left.name == right.name && left.initialOffset == right.initialOffset
      && left.repeatStart == right.repeatStart && left.changes == right.changes
      && left.offsets == right.offsets
  }

  /// Feeds what `==` compares to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(changes.count)
  }
}
