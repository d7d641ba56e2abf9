import RatecardTestSupport
import RatecardValues
import Testing

/// Files of our own making, sound and not.
@Suite struct TZifTests {
  private func bytes(_ value: Int64, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
  }

  private func block(
    version: Character?, times: [Int64], types: [UInt8], offsets: [Int64], size: Int,
    leaps: Int64 = 0
  ) -> [UInt8] {
    var file = Array("TZif".utf8) + [version?.asciiValue ?? 0] + [UInt8](repeating: 0, count: 15)
    for count in [0, 0, leaps, Int64(times.count), Int64(offsets.count), 4] {
      file += bytes(count, 4)
    }
    file += times.flatMap { bytes($0, size) } + types
    file += offsets.flatMap { bytes($0, 4) + [0, 0] } + Array("ABC\u{0}".utf8)
    return file + [UInt8](repeating: 0, count: Int(leaps) * (size + 4))
  }

  private func file(
    times: [Int64] = [], types: [UInt8] = [], offsets: [Int64] = [0], footer: String
  ) -> [UInt8] {
    block(version: "2", times: [], types: [], offsets: [0], size: 4)
      + block(version: "2", times: times, types: types, offsets: offsets, size: 8)
      + Array("\n\(footer)\n".utf8)
  }

  @Test func versionOneHasNoFooter() throws {
    let zone = try Zone(
      name: "X",
      tzif: block(version: nil, times: [100, 200], types: [1, 0], offsets: [60, 3600], size: 4))
    #expect(
      [99, 100, 199, 200, 5_000_000_000].map { zone.offset(at: $0) } == [60, 3600, 3600, 60, 60])
    #expect(zone.transitions(from: 0, to: 300) == [100, 200])
  }

  @Test(arguments: [
    ("EST5", "2026-01-01T00:00:00Z", -18_000), ("<+0330>-3:30", "2026-01-01T00:00:00Z", 12_600),
    ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -18_000),
    ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -14_400),
    ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", -18_000),
    // The last Sunday, times before and past the day.
    ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7200),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600),
    ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", 7200),
    ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 10_800),
    // J60 is always 1 March; 59 is 29 February in a leap year.
    ("AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59Z", 0),
    ("AAA0BBB,J60/0,J300/0", "2024-03-01T00:00:00Z", 3600),
    ("AAA0BBB,J60/0,J300/0", "2023-03-01T00:00:00Z", 3600),
    ("AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z", 3600),
    ("AAA0BBB,59/0,300/0", "2023-02-28T23:59:59Z", 0),
    ("AAA0BBB,59/0,300/0", "2023-03-01T00:00:00Z", 3600),
    // Southern summer spans the new year; summer time may be behind; all the year may be summer.
    ("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-01T00:00:00Z", 46_800),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600),
    ("XXX3EDT4,0/0,J365/23", "2026-01-01T02:59:59Z", -14_400),
    ("XXX3EDT4,0/0,J365/23", "2026-01-01T03:00:00Z", -14_400),
    ("XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00Z", -14_400),
    ("AAA0BBB,365/167,0/0", "2026-01-07T22:59:59Z", 0),
    ("AAA0BBB,365/167,0/0", "2026-01-07T23:00:00Z", 3600),
  ])
  func footers(rule: String, at: String, offset: Int) throws {
    let zone = try Zone(name: "X", tzif: file(footer: rule))
    let seconds = try Instant(parsing: at).seconds
    #expect(zone.offset(at: seconds) == offset)
    // 400 years are a cycle of the calendar.
    #expect(zone.offset(at: seconds + 800 * 31_556_952) == offset)
  }

  @Test(arguments: [
    "E5", "EST", "EST25", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0",
    "EST5EDT,M3.6.0,M11.1.0",
    "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J1", "EST5EDT,366,1", "EST5EDT,M3.2.0/168,M11.1.0", "<>5",
    "<A5", "EST5 ",
    "EST5:60", "EST5EDT,M3.2.0,M11.1.0,", "EST99999999999999999999", "5", ",", "EST5EDT,M,M",
  ])
  func refusesFooters(rule: String) {
    #expect(throws: Zone.Failure.self) { try Zone(name: "X", tzif: file(footer: rule)) }
  }

  @Test func refusesUnsoundFiles() {
    let good = file(times: [100, 200], types: [0, 1], offsets: [0, 3600], footer: "ABC-1")
    #expect(throws: Never.self) { try Zone(name: "X", tzif: good) }
    for length in 0..<good.count {
      #expect(throws: Zone.Failure.self) { try Zone(name: "X", tzif: Array(good[..<length])) }
    }
    let bad = [
      file(times: [200, 100], types: [0, 0], footer: ""),
      file(times: [1, 1], types: [0, 0], footer: ""),
      file(times: [1], types: [1], footer: ""), file(offsets: [], footer: ""),
      file(offsets: [93_600], footer: ""), file(offsets: [-93_600], footer: ""),
      file(offsets: [Int64(Int32.min)], footer: ""), file(footer: "").dropLast() + [0],
      block(version: nil, times: [], types: [], offsets: [0], size: 4, leaps: 1),
      block(version: "5", times: [], types: [], offsets: [0], size: 4),
    ]
    for file in bad {
      #expect(throws: Zone.Failure.self) { try Zone(name: "X", tzif: Array(file)) }
    }
  }

  @Test func extremeTimesAreHeld() throws {
    let zone = try Zone(
      name: "X",
      tzif: file(
        times: [.min, -1, 50, .max], types: [0, 1, 0, 1], offsets: [0, 93_599], footer: "ABC0"))
    #expect([-2, -1, 49, 50, 100].map { zone.offset(at: $0) } == [0, 93_599, 93_599, 0, 0])
    #expect(zone.offset(at: .min) == 0)
    #expect(zone.offset(at: 253_402_300_799) == 0)
    #expect(zone.transitions(from: .min, to: .max) == [-1, 50])
  }

  @Test func anyBytesAreReadWithoutATrap() throws {
    var generator = SplitMix(seed: 10)
    let samples = try ["America/New_York", "Africa/Casablanca", "UTC"].map {
      try ZoneFile.bytes($0)
    }
    var read = 0
    for round in 0..<3000 {
      var bytes = samples[round % 3]
      for _ in 0..<(1 + generator.below(8)) {
        bytes[generator.below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
      }
      // Near the end, where the footer is.
      if round % 2 == 0 {
        bytes[bytes.count - 1 - generator.below(30)] = generator.pick(Array("0159,./-<>MJX".utf8))
      }
      guard let zone = try? Zone(name: "X", tzif: bytes) else { continue }
      read += 1
      let instant = Int64(generator.below(253_402_300_800))
      _ = zone.offset(at: instant)
      let transitions = zone.transitions(from: instant, to: instant + 100_000_000)
      for change in transitions { #expect(zone.offset(at: change) != zone.offset(at: change - 1)) }
      _ = zone.seconds(of: CivilDate(daysSince1970: Int(instant / 86_400)), secondOfDay: 7200)
    }
    #expect(read > 100)
  }
}
