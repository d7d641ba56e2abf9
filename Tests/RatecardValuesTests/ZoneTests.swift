import Foundation
import RatecardTestSupport
import RatecardValues
import Testing

@Suite struct ZoneTests {
  static let end2037: Int64 = 2_145_916_800
  static let end9999: Int64 = 253_402_300_800

  /// Foundation's own data may be of another year than the system's, so only what both can know is
  /// compared: up to the end of 2024.
  @Test(arguments: ZoneFile.names) func agreesWithFoundation(name: String) throws {
    let zone = try ZoneFile.zone(name)
    let foundation = try #require(TimeZone(identifier: name))
    let end: Int64 = 1_735_689_600
    var generator = SplitMix(seed: 7)
    var instants = (0..<800).map { _ in Int64(generator.below(Int(end))) }
    for change in zone.transitions(from: 0, to: end) {
      instants += [change - 1, change, change + 1]
    }
    for instant in instants {
      let offset = foundation.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
      #expect(zone.offset(at: instant) == offset, "\(name) at \(instant)")
    }
  }

  /// The C library reads the same files as we do, so all times can be compared, far ones too.
  @Test func agreesWithTheCLibrary() throws {
    let saved = getenv("TZ").map { String(cString: $0) }
    defer {
      if let saved { setenv("TZ", saved, 1) } else { unsetenv("TZ") }
      tzset()
    }
    var generator = SplitMix(seed: 8)
    for name in ZoneFile.names {
      let zone = try ZoneFile.zone(name)
      setenv("TZ", name, 1)
      tzset()
      var instants = (0..<1000).map { _ in Int64(generator.below(Int(ZoneTests.end2037))) }
      instants += (0..<300).map { _ in Int64(generator.below(Int(ZoneTests.end9999))) }
      for change in zone.transitions(from: 0, to: 6_000_000_000) {
        instants += [change - 1, change, change + 1]
      }
      for instant in instants {
        var time = time_t(instant)
        var parts = tm()
        localtime_r(&time, &parts)
        #expect(zone.offset(at: instant) == parts.tm_gmtoff, "\(name) at \(instant)")
      }
    }
  }

  @Test(arguments: ZoneFile.names) func transitionsAreAllAndOnlyTheChanges(name: String) throws {
    let zone = try ZoneFile.zone(name)
    for from: Int64 in [0, 1_300_000_000, 4_100_000_000, 14_700_000_000, 253_302_300_800] {
      let to = from + 100_000_000
      let transitions = zone.transitions(from: from, to: to)
      var found: [Int64] = []
      var start = from
      var offset = zone.offset(at: from - 1)
      // Six hours are shorter than any two changes lie apart; the place is found by bisection.
      while start < to {
        let next = min(start + 21_600, to)
        if zone.offset(at: next - 1) != offset {
          var (low, high) = (start - 1, next - 1)
          while high - low > 1 {
            let middle = (low + high) / 2
            if zone.offset(at: middle) == offset { low = middle } else { high = middle }
          }
          found.append(high)
          offset = zone.offset(at: next - 1)
        }
        start = next
      }
      #expect(transitions == found, "\(name) from \(from)")
      // Any part of the range gives its part of the changes.
      for change in transitions {
        #expect(zone.transitions(from: change, to: change + 1) == [change])
        #expect(zone.transitions(from: change + 1, to: change + 2).isEmpty)
      }
    }
  }

  /// By definition: the first instant at which the clocks show the time, else the change that
  /// skips it.
  @Test(arguments: ZoneFile.names) func localTimes(name: String) throws {
    let zone = try ZoneFile.zone(name)
    for change in zone.transitions(from: 1_104_537_600, to: 1_800_000_000) {
      let near = stride(from: change - 93_600, through: change + 93_600, by: 300).map { instant in
        (
          instant, instant + Int64(zone.offset(at: instant)),
          instant - 1 + Int64(zone.offset(at: instant - 1))
        )
      }
      let local = change + Int64(zone.offset(at: change))
      for step in stride(from: -10_800, through: 10_800, by: 600) {
        let wanted = local + Int64(step)
        let day = Int(wanted / 86_400)
        let result = zone.seconds(
          of: CivilDate(daysSince1970: day), secondOfDay: Int(wanted) - day * 86_400)
        let expected = near.first { _, shown, before in
          shown == wanted || (before < wanted && shown > wanted)
        }?.0
        #expect(result == expected, "\(name) \(wanted) near \(change)")
      }
    }
  }

  @Test func wellKnownTimes() throws {
    let newYork = try ZoneFile.zone("America/New_York")
    func instant(_ zone: Zone, _ text: String, _ hour: Int, _ minute: Int = 0) throws -> String {
      let seconds = zone.seconds(
        of: try CivilDate(parsing: text), secondOfDay: (hour * 60 + minute) * 60)
      return try #require(Instant(seconds: seconds)).description
    }
    // Skipped, then repeated, then the year 9000 by the rule.
    #expect(try instant(newYork, "2026-03-08", 2, 30) == "2026-03-08T07:00:00Z")
    #expect(try instant(newYork, "2026-11-01", 1, 30) == "2026-11-01T05:30:00Z")
    #expect(try instant(newYork, "9000-07-04", 12) == "9000-07-04T16:00:00Z")
    #expect(try instant(newYork, "2026-06-30", 24) == "2026-07-01T04:00:00Z")
    // Samoa had no 30 December 2011.
    let apia = try ZoneFile.zone("Pacific/Apia")
    #expect(try instant(apia, "2011-12-30", 12) == "2011-12-30T10:00:00Z")
    #expect(try instant(.utc, "2026-06-01", 6) == "2026-06-01T06:00:00Z")
  }
}
