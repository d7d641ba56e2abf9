import Foundation
package import RatecardValues

/// Which date and time of day it is in a zone, by Foundation's calendar rules.
package struct WallClock: Sendable {
  private let zone: TimeZone

  package init(_ zone: Zone) {
    guard let found = TimeZone(identifier: zone.name) else {
      preconditionFailure("Foundation does not know the zone \(zone.name)")
    }
    self.zone = found
  }

  /// Seconds by which the clock is ahead of UTC.
  package func offset(_ seconds: Int) -> Int {
    zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
  }

  /// Seconds on the wall since 1970-01-01 there.
  package func local(_ seconds: Int) -> Int { seconds + offset(seconds) }

  /// The instant between two at which the offset changes, if it does; at most once, it is assumed.
  package func change(from start: Int, to end: Int) -> Int? {
    guard offset(start) != offset(end) else { return nil }
    var (before, after) = (start, end)
    while after - before > 1 {
      let middle = (before + after) / 2
      if offset(middle) == offset(start) { before = middle } else { after = middle }
    }
    return after
  }

  /// The first instant at which the clock has reached a local time: its first pass where the time
  /// comes twice, the instant of the change where it is skipped.
  package func firstInstant(reaching wall: Int) -> Int {
    let (start, end) = (wall - 93_600, wall + 93_600)
    let early = wall - offset(start)
    guard let change = change(from: start, to: end), early >= change else { return early }
    return max(change, wall - offset(end))
  }
}

extension CivilDate {
  /// Days from 1970-01-01, counted year by year and month by month.
  fileprivate var dayNumber: Int {
    func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    var days = day - 1
    let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    days += lengths[..<(month - 1)].reduce(0, +)
    if year >= 1970 {
      for earlier in 1970..<year { days += isLeap(earlier) ? 366 : 365 }
    } else {
      for later in year..<1970 { days -= isLeap(later) ? 366 : 365 }
    }
    return days
  }
}

/// A named window, read literally.
package struct TwinWindow: Sendable {
  private let hours: [(start: Int, end: Int)]
  private let clock: WallClock
  private let daysClock: WallClock
  private let weekdays: Set<Int>?
  private let exceptDays: Set<Int>

  package init(_ window: Window) {
    hours = window.hours.map { ($0.start, $0.end) }
    clock = WallClock(window.zone)
    daysClock = WallClock(window.daysZone)
    weekdays = window.days.map { Set($0.map(\.rawValue)) }
    exceptDays = Set(window.except.map(\.dayNumber))
  }

  /// Whether an instant (nanoseconds since 1970) is inside.
  package func contains(_ nanoseconds: Int128) -> Bool {
    let seconds = Int(nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -1)
    let wall = clock.local(seconds)
    let (today, time) = Self.split(wall)
    for (start, end) in hours.isEmpty ? [(0, 86_400)] : hours {
      if start < end, time >= start, time < end, starts(today, start) { return true }
      if start > end, time >= start, starts(today, start) { return true }
      if start > end, time < end, starts(today - 1, start) { return true }
    }
    return false
  }

  /// Every second of some days at which the window may begin or end.
  package func possibleChanges(days: Range<Int>) -> Set<Int> {
    var seconds: Set<Int> = []
    for day in days {
      for time in hours.flatMap({ [$0.start, $0.end] }) + [0] {
        seconds.insert(clock.firstInstant(reaching: day * 86_400 + time))
      }
      let begin = day * 86_400
      if let change = clock.change(from: begin, to: begin + 86_400) {
        // The clock itself changes, and the times around that may come again.
        seconds.formUnion(stride(from: change - 10_800, through: change + 10_800, by: 300))
      }
    }
    return seconds
  }

  /// Whether what starts on a date of `zone` may, by the date in `days_zone` at that instant.
  private func starts(_ day: Int, _ time: Int) -> Bool {
    let instant = clock.firstInstant(reaching: day * 86_400 + time)
    let (date, _) = Self.split(daysClock.local(instant))
    if exceptDays.contains(date) { return false }
    guard let weekdays else { return true }
    let weekday = ((date + 3) % 7 + 7) % 7  // 1970-01-01 was a Thursday, and Monday is 0.
    return weekdays.contains(weekday)
  }

  private static func split(_ wall: Int) -> (day: Int, time: Int) {
    let time = ((wall % 86_400) + 86_400) % 86_400
    return ((wall - time) / 86_400, time)
  }
}
