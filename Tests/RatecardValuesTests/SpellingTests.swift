import RatecardValues
import Testing

/// Numbers and instants as people write them.
@Suite struct SpellingTests {
  @Test(arguments: [
    ("0", "0"), ("7", "7"), ("9999", "9999"), ("10000", "10_000"), ("200K", "200_000"),
    ("1234567", "1_234_567"), ("-1234567.25", "-1_234_567.25"), ("-1234", "-1234"),
    ("0.00001", "0.00001"), ("100000.00001", "100_000.00001"), ("1e12", "1_000_000_000_000"),
  ])
  func longNumbersAreGrouped(_ text: String, _ grouped: String) throws {
    let number = try Number(parsing: text, signed: true)
    #expect(number.grouped == grouped)
    #expect(try Number(parsing: grouped, signed: true) == number)
  }

  @Test(arguments: [
    ("2026-06-01", "2026-06-01"), ("2026-06-01T00:00:00Z", "2026-06-01"),
    ("2026-06-01T02:00:00+02:00", "2026-06-01"), ("2026-06-01T00:00:01Z", "2026-06-01T00:00:01Z"),
    ("2026-06-01T00:00:00.5Z", "2026-06-01T00:00:00.5Z"), ("1970-01-01", "1970-01-01"),
  ])
  func midnightsAreDates(_ text: String, _ brief: String) throws {
    let instant = try Instant(parsing: text)
    #expect(instant.brief == brief)
    #expect(try Instant(parsing: brief) == instant)
  }
}
