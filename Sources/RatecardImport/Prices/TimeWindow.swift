internal import RatecardValues

/// A stretch of the day in minutes from midnight UTC, without its end: 60 to 240 is 01:00-04:00.
struct DaySpan: Hashable, Sendable {
  /// The first minute.
  let start: Int
  /// The minute that it ends before, at most 1440.
  let end: Int

  /// The spans from a time of day to another, which may lie behind midnight.
  static func spans(from start: Int, to end: Int) -> [DaySpan] {
    if start < end { return [DaySpan(start: start, end: end)] }
    return [DaySpan(start: start, end: 1440), DaySpan(start: 0, end: end)].filter {
      $0.start < $0.end
    }
  }

  /// As a card writes it: `01:00-04:00`.
  var text: String { "\(clock(start))-\(clock(end))" }

  private func clock(_ minute: Int) -> String {
    let (hours, minutes) = minute.quotientAndRemainder(dividingBy: 60)
    return (hours < 10 ? "0" : "") + "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes)"
  }

  /// The same minutes in as few spans as can be, in order.
  static func joined(_ spans: [DaySpan]) -> [DaySpan] {
    var result: [DaySpan] = []
    for span in spans.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      if let last = result.last, span.start <= last.end {
        result[result.count - 1] = DaySpan(start: last.start, end: max(last.end, span.end))
      } else {
        result.append(span)
      }
    }
    return result
  }
}

/// The hours of some days at which a price holds.
struct TimeWindow: Hashable, Sendable {
  /// The hours, in order; none: the whole day.
  var hours: [DaySpan]
  /// The days, Monday first; none: every day.
  var days: [Weekday] = []
  /// The zone whose calendar says which day it is; nil: UTC.
  var daysZone: String?
  /// What the list calls it; nil: nothing.
  var title: String?

  /// The hours as a card writes them; two that meet at midnight are one where no days are asked for.
  var clock: [String] {
    guard days.isEmpty, hours.count > 1, let first = hours.first, let last = hours.last,
      first.start == 0, last.end == 1440
    else { return hours.map(\.text) }
    return hours.dropFirst().dropLast().map(\.text)
      + [DaySpan(start: last.start, end: first.end).text]
  }

  /// What a card calls it, where no other window is called so: `utc-0100-0400`, `off-peak-sat-sun`.
  var name: String {
    var parts = title.map { [$0] } ?? ["utc"] + clock.map { $0.filter { $0 != ":" } }
    if let first = days.first, let last = days.last {
      let isRun = last.rawValue - first.rawValue == days.count - 1 && days.count > 1
      parts += isRun ? [first.yaml, last.yaml] : days.map(\.yaml)
    }
    if let city = daysZone?.split(separator: "/").last { parts.append(city.lowercased()) }
    return parts.joined(separator: "-")
  }

  /// What it is in a rule's name: `at 01:00-04:00 and 06:00-10:00 UTC`.
  var label: String {
    title.map { String($0.map { $0 == "-" ? " " : $0 }) }
      ?? "at " + clock.joined(separator: " and ") + " UTC"
  }
}
