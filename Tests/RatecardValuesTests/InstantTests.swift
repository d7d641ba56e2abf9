import Foundation
import RatecardTestSupport
import RatecardValues
import Testing

@Suite struct InstantTests {
  @Test(arguments: [
    ("2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"), ("2026-06-01", "2026-06-01T00:00:00Z"),
    ("2026-06-01T09:30:00-07:00", "2026-06-01T16:30:00Z"),
    ("2026-06-01T09:30Z", "2026-06-01T09:30:00Z"),
    ("2026-06-01T09:30:00+0530", "2026-06-01T04:00:00Z"),
    ("2026-06-01T09:30:00+02", "2026-06-01T07:30:00Z"),
    ("2026-06-01t00:00:00z", "2026-06-01T00:00:00Z"),
    ("1970-01-01T00:00:00.000000001Z", "1970-01-01T00:00:00.000000001Z"),
    ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
    ("2024-02-29T12:00:00.120Z", "2024-02-29T12:00:00.12Z"),
    ("1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00Z"),
    ("1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00Z"),
  ])
  func reads(text: String, utc: String) throws {
    let instant = try Instant(parsing: text)
    #expect(instant.description == utc)
    #expect(try Instant(parsing: utc) == instant)
  }

  @Test(arguments: [
    "", "2026", "2026-6-1", "2026-06-01T", "2026-06-01T00:00:00", "2026-06-01 00:00:00Z",
    "2026-13-01",
    "2026-00-01", "2026-02-29", "2026-04-31", "2026-06-00", "2026-06-01T24:00:00Z",
    "2026-06-01T00:60:00Z",
    "2026-06-01T23:59:60Z", "2026-06-01T00:00:00.Z", "2026-06-01T00:00:00.1234567890Z",
    "2026-06-01T00:00:00Zx",
    "2026-06-01T00:00:00+24:00", "2026-06-01T00:00:00+1", "2026-06-01T00:00:00+01:6", "2026-06-01Z",
    "+2026-06-01",
    "20260601", "2026-06-01T00Z", "0000-01-01", "2026-06-01T00:00:00+01:00x", "２026-06-01",
  ])
  func refuses(text: String) {
    let failure = #expect(throws: Instant.Failure.self) { try Instant(parsing: text) }
    #expect(failure != .outOfRange)
    #expect(failure?.reason.isEmpty == false)
  }

  @Test(arguments: [
    "1969-12-31", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "0001-01-01",
  ])
  func refusesWhatIsOutOfRange(text: String) {
    #expect(throws: Instant.Failure.outOfRange) { try Instant(parsing: text) }
  }

  /// An instant to the second in UTC is read in one go; the same with its zone written out is not.
  @Test func readsTheSameWithItsZoneWrittenOut() {
    var random = SplitMix(seed: 1)
    let bytes = Array("0123456789:-TtZ/.z ".utf8) + [0x00, 0x7F, 0xB0, 0xFF]
    for _ in 0..<20_000 {
      func pair(_ limit: Int) -> String { String(String(100 + random.below(limit)).suffix(2)) }
      let date = "\(1960 + random.below(100))-\(pair(14))-\(pair(33))"
      var text = Array("\(date)T\(pair(26)):\(pair(62)):\(pair(62))".utf8)
      if random.oneIn(2) { text[random.below(text.count)] = bytes[random.below(bytes.count)] }
      func read(_ zone: String) -> Instant? {
        (text + Array(zone.utf8)).withUnsafeBufferPointer { try? Instant(parsing: $0) }
      }
      #expect(read("Z") == read("+00:00"), "\(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test func range() {
    #expect(Instant(seconds: -1) == nil)
    #expect(Instant(nanoseconds: -1) == nil)
    #expect(Instant(seconds: 253_402_300_800) == nil)
    #expect(Instant(seconds: 253_402_300_799).map { $0 < .latest } == true)
    #expect(Instant(nanoseconds: Instant.latest.nanoseconds) == .latest)
    #expect(Instant(nanoseconds: Instant.latest.nanoseconds + 1) == nil)
    #expect(Instant.latest.seconds == 253_402_300_799)
  }

  @Test func calendarAgreesWithFoundation() {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
    var generator = SplitMix(seed: 6)
    for _ in 0..<3000 {
      let days = generator.below(2_932_897)
      let date = CivilDate(daysSince1970: days)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(days) * 86_400))
      #expect([date.year, date.month, date.day] == [parts.year, parts.month, parts.day])
      #expect((date.weekday.rawValue + 1) % 7 + 1 == parts.weekday)
      #expect(date.daysSince1970 == days)
      #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
      #expect(try! CivilDate(parsing: date.description) == date)
    }
    for days in -800_000..<(-799_000) {
      #expect(CivilDate(daysSince1970: days).daysSince1970 == days)
    }
  }

  @Test func weekdays() {
    #expect(Weekday(yaml: "mon") == .monday)
    #expect(Weekday(yaml: "sun") == .sunday)
    #expect(Weekday(yaml: "Mon") == nil)
    #expect(Weekday.allCases.map(\.yaml).joined() == "montuewedthufrisatsun")
    for text in ["2026-02-30", "2026-2-3", "2026-02-03 ", ""] {
      #expect(throws: CivilDate.Failure.self) { try CivilDate(parsing: text) }
    }
  }
}
