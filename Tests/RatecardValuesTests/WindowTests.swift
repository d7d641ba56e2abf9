import RatecardTestSupport
import RatecardValues
import Testing

@Suite struct WindowTests {
  /// A stretch of time minute by minute: what a zone's clocks show, in minutes since 1970.
  private struct Clock {
    let start: Int64
    let shown: [Int]
    /// When a time begins: the first minute that shows it, else the first after it was skipped.
    private(set) var begin: [Int: Int64] = [:]

    init(_ zone: Zone, from start: Int64, minutes: Int) {
      self.start = start
      shown = (0..<minutes).map { minute in
        let instant = start + Int64(minute) * 60
        return (Int(instant) + zone.offset(at: instant)) / 60
      }
      for index in 1..<minutes where shown[index] > shown[index - 1] {
        for time in shown[index - 1] + 1...shown[index] where begin[time] == nil {
          begin[time] = start + Int64(index) * 60
        }
      }
    }
  }

  /// The definition: the clocks show a time of the range, and the date on which it began counts.
  private func contains(_ window: Window, _ minute: Int, _ clock: Clock) -> Bool {
    let shown = clock.shown[minute]
    let (day, minuteOfDay) = shown.quotientAndRemainder(dividingBy: 1440)
    let ranges =
      window.hours.isEmpty ? [(0, 1440)] : window.hours.map { ($0.start / 60, $0.end / 60) }
    for (start, end) in ranges {
      let startDay: Int
      if start < end {
        guard minuteOfDay >= start, minuteOfDay < end else { continue }
        startDay = day
      } else {
        guard minuteOfDay >= start || minuteOfDay < end else { continue }
        startDay = minuteOfDay >= start ? day : day - 1
      }
      guard let begin = clock.begin[startDay * 1440 + start] else { continue }
      let date = CivilDate(
        daysSince1970: (Int(begin) + window.daysZone.offset(at: begin)) / 86_400)
      if let days = window.days, !days.contains(date.weekday) { continue }
      if window.except.contains(date) { continue }
      return true
    }
    return false
  }

  /// Days with a change of the clocks in the middle: hour changes both ways, half an hour
  /// (Lord Howe), at midnight (São Paulo, Gaza), a whole day (Apia), and none at all.
  static let stretches: [(String, Int64)] = [
    ("America/New_York", 1_772_953_200), ("America/New_York", 1_793_512_800),
    ("Europe/London", 1_774_746_000), ("Australia/Lord_Howe", 1_775_314_800),
    ("Australia/Lord_Howe", 1_759_591_800), ("America/Sao_Paulo", 1_541_300_400),
    ("America/Sao_Paulo", 1_550_368_800), ("Pacific/Apia", 1_325_239_200),
    ("Asia/Gaza", 1_301_608_860), ("Africa/Casablanca", 1_772_935_200), ("UTC", 1_780_272_000),
    ("America/New_York", 200_000_000_000),
  ]

  @Test(arguments: stretches) func agreesWithTheDefinition(name: String, middle: Int64) throws {
    let zone = try ZoneFile.zone(name)
    let others = try ["UTC", "Asia/Shanghai", "America/New_York", name].map {
      try ZoneFile.zone($0)
    }
    var generator = SplitMix(seed: UInt64(middle))
    let from = middle / 60 * 60 - 2 * 86_400
    let minutes = 4 * 1440
    // The clock begins two days before, so that every range's beginning is in sight.
    let clock = Clock(zone, from: from - 2 * 86_400, minutes: minutes + 2 * 1440)
    for round in 0..<5 {
      let hours =
        (0..<(round == 0 ? 0 : 1 + generator.below(3))).compactMap { _ in
          let times = generator.pick([[0, 1, 2, 3, 22, 23], Array(0..<24)])
          let start = generator.pick(times) * 3600 + generator.pick([0, 0, 900, 1800])
          let end = generator.pick(times + [24]) * 3600 + generator.pick([0, 0, 1800])
          return end > 86_400 || end == start ? nil : Window.Hours(start: start, end: end)
        } as [Window.Hours]
      let date = CivilDate(daysSince1970: Int(middle / 86_400) + generator.below(3) - 1)
      let window = Window(
        hours: hours, zone: zone,
        days: generator.below(3) == 0
          ? nil : Set(Weekday.allCases.filter { _ in generator.below(2) == 0 }),
        daysZone: generator.pick(others), except: generator.below(2) == 0 ? [date] : [])
      let changes = Set(window.changes(from: from, to: from + Int64(minutes) * 60))
      var before: Bool?
      for minute in 2 * 1440..<clock.shown.count {
        let instant = clock.start + Int64(minute) * 60
        let expected = contains(window, minute, clock)
        let actual = Instant(seconds: instant).map(window.contains)
        guard actual == expected else {
          Issue.record("\(name) \(hours) \(instant): \(String(describing: actual))")
          break
        }
        if let before, before != expected, !changes.contains(instant) {
          Issue.record("\(name) \(hours): a change at \(instant) is missing")
        }
        before = expected
      }
    }
  }

  /// The promise over whole years, by seconds: between two of the changes nothing changes.
  @Test(arguments: ["America/New_York", "Europe/London", "Pacific/Apia", "Asia/Gaza"])
  func nothingChangesBetweenChanges(name: String) throws {
    let window = Window(
      hours: [.init(start: 22 * 3600, end: 2 * 3600), .init(start: 9 * 3600, end: 9 * 3600 + 1)],
      zone: try ZoneFile.zone(name), days: [.friday, .saturday])
    let (from, to) = (Int64(1_293_840_000), Int64(1_330_000_000))
    let changes = window.changes(from: from, to: to)
    #expect(changes == changes.sorted() && Set(changes).count == changes.count)
    #expect(changes.allSatisfy { $0 >= from && $0 < to })
    var generator = SplitMix(seed: 12)
    for (start, end) in zip([from] + changes, changes + [to]) where start < end {
      let inside = window.contains(seconds: start)
      #expect(window.contains(seconds: end - 1) == inside)
      #expect(window.contains(seconds: Int64.random(in: start..<end, using: &generator)) == inside)
    }
  }

  @Test func daysLookAtTheStart() throws {
    let shanghai = try ZoneFile.zone("Asia/Shanghai")
    let nights = Window(hours: [.init(start: 22 * 3600, end: 2 * 3600)], days: [.friday])
    let table: [(Window, String, Bool)] = [
      // Friday's night reaches into Saturday, Thursday's into Friday does not count.
      (nights, "2026-06-05T22:00:00Z", true), (nights, "2026-06-06T01:59:59Z", true),
      (nights, "2026-06-06T02:00:00Z", false), (nights, "2026-06-05T01:00:00Z", false),
      (nights, "2026-06-05T21:59:59.999999999Z", false),
      // 22:00 UTC on Friday is Saturday in Shanghai.
      (
        Window(hours: nights.hours, days: [.saturday], daysZone: shanghai), "2026-06-05T23:00:00Z",
        true
      ),
      (
        Window(hours: nights.hours, days: [.friday], daysZone: shanghai), "2026-06-05T23:00:00Z",
        false
      ),
      (Window(except: [try CivilDate(parsing: "2027-01-01")]), "2027-01-01T12:00:00Z", false),
      (Window(except: [try CivilDate(parsing: "2027-01-01")]), "2027-01-02T00:00:00Z", true),
      (Window(hours: [.init(start: 0, end: 86_400)]), "2027-01-02T00:00:00Z", true),
      (Window(), "9999-12-31T23:59:59Z", true), (Window(days: []), "2026-01-01", false),
    ]
    for (window, text, expected) in table {
      #expect(window.contains(try Instant(parsing: text)) == expected, "\(text)")
    }
  }

  @Test func changesStayInRange() throws {
    let window = Window(
      hours: [.init(start: 3600, end: 7200)], zone: try ZoneFile.zone("Asia/Kolkata"))
    #expect(window.changes(from: 0, to: 86_400) == [70_200, 73_800])
    #expect(window.changes(from: 70_201, to: 73_800).isEmpty)
    #expect(window.changes(from: 5, to: 5).isEmpty)
    #expect(window.changes(from: 6, to: 5).isEmpty)
    #expect(Window().changes(from: 0, to: 253_402_300_800).isEmpty)
    let end: Int64 = 253_402_300_800
    #expect(window.changes(from: end - 86_400, to: end) == [end - 16_200, end - 12_600])
  }
}
