/// Times of day, on some days, by a zone's clocks: when a named window of a rate card holds.
public struct Window: Hashable, Sendable {
  /// A half-open range of a day's clock, `start` included and `end` not.
  public struct Hours: Hashable, Sendable {
    /// The second of the day it starts at, 0 to 86,399.
    public let start: Int
    /// The second of the day it ends at, 1 to 86,400; before the start: on the next day.
    public let end: Int

    /// Makes a range; start and end differ.
    public init(start: Int, end: Int) {
      precondition(
        start >= 0 && start < 86_400 && end >= 0 && end <= 86_400 && start != end,
        "a range of hours lies within a day and is not empty")
      self.start = start
      self.end = end
    }
  }

  /// The ranges; none: the whole day.
  public let hours: [Hours]
  /// The zone whose clocks count.
  public let zone: Zone
  /// The weekdays on which it starts; nil: every day.
  public let days: Set<Weekday>?
  /// The zone whose calendar `days` and `except` speak of.
  public let daysZone: Zone
  /// The dates on which it does not start, sorted.
  public let except: [CivilDate]

  /// Makes a window; the exceptions may come in any order.
  public init(
    hours: [Hours] = [], zone: Zone = .utc, days: Set<Weekday>? = nil, daysZone: Zone? = nil,
    except: [CivilDate] = []
  ) {
    self.hours = hours
    self.zone = zone
    self.days = days
    self.daysZone = daysZone ?? zone
    self.except = except.sorted()
  }

  /// Whether an instant lies inside.
  public func contains(_ instant: Instant) -> Bool { contains(seconds: instant.seconds) }

  /// Whether an instant, in seconds since 1970, lies inside.
  ///
  /// It does when the clocks of `zone` show a time in one of the ranges, and the date in `daysZone`
  /// at which that range started is not ruled out. A start that the clocks skip is at the instant of
  /// the change, one that they show twice at the first pass.
  public func contains(seconds: Int64) -> Bool {
    let local = Int(seconds) + zone.offset(at: seconds)
    let second = remainder(local, 86_400)
    let midnight = local - second
    if hours.isEmpty { return isAllowed(start: midnight) }
    for range in hours {
      if range.start < range.end {
        if second >= range.start, second < range.end, isAllowed(start: midnight + range.start) {
          return true
        }
      } else if second >= range.start {
        if isAllowed(start: midnight + range.start) { return true }
      } else if second < range.end {
        if isAllowed(start: midnight - 86_400 + range.start) { return true }
      }
    }
    return false
  }

  /// Whether a start, by the clocks of `zone`, falls on a date that counts.
  private func isAllowed(start: Int) -> Bool {
    if days == nil, except.isEmpty { return true }
    let seconds = zone.seconds(ofLocal: Int64(start))
    let day = floorQuotient(Int(seconds) + daysZone.offset(at: seconds), 86_400)
    if let days, !days.contains(CivilDate.weekday(daysSince1970: day)) { return false }
    return except.isEmpty || !except.contains(CivilDate(daysSince1970: day))
  }

  /// Instants in `[from, to)`, sorted, among which are all at which `contains` changes.
  ///
  /// These are the ends of every range on every day and every change of the zone's offset, so some
  /// may change nothing.
  public func changes(from: Int64, to: Int64) -> [Int64] {
    let from = max(from, Zone.bounds.lowerBound)
    let to = min(to, Zone.bounds.upperBound)
    guard from < to else { return [] }
    var marks = Set(hours.flatMap { [$0.start, $0.end % 86_400] }).sorted()
    if hours.isEmpty { marks = days == nil && except.isEmpty ? [] : [0] }
    var found: [Int64] = []
    var start = from
    for end in zone.transitions(from: from, to: to) + [to] {
      // Between two changes of the offset the clocks run evenly.
      let offset = Int64(zone.offset(at: start))
      var day = Int64(floorQuotient(Int(start + offset), 86_400))
      while !marks.isEmpty, day * 86_400 - offset < end {
        for mark in marks {
          let instant = day * 86_400 + Int64(mark) - offset
          if instant >= start, instant < end, found.last != instant { found.append(instant) }
        }
        day += 1
      }
      if end < to, found.last != end { found.append(end) }
      start = end
    }
    return found
  }
}
