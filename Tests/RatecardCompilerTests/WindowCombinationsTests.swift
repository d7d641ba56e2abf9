import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardCompiler
@testable import RatecardModel

/// Which windows hold together, against a look at every quarter of an hour of some years.
struct WindowCombinationsTests {
  @Test(arguments: [
    """
    windows:
      peak: {hours: ["01:00-04:00", "06:00-10:00"], days: [mon, tue, wed, thu, fri], days_zone: Asia/Shanghai, except: [2026-10-01, 2027-01-01]}
      night: {hours: ["22:00-06:00"], zone: America/New_York}
    """,
    """
    windows:
      skipped: {hours: ["02:15-02:45"], zone: America/New_York, days: [sun]}
      spring: {hours: ["02:00-03:30"], zone: Europe/London, days: [sun]}
      weekend: {days: [sat, sun], zone: Australia/Lord_Howe}
    """,
  ])
  func seesWhatATickingClockSees(windows text: String) throws {
    let result = checked(text + "\ncosts: [{name: any, credits: 1}]\n")
    let card = try #require(result.card, "\(result.findings)")
    let windows = card.windows.map(\.window)
    let cuts = try ["2026-03-29T01:20:00Z", "2026-10-01", "2026-10-25T00:30:00Z", "2028-01-01"]
      .map { try Instant(parsing: $0) }
    let atoms = WindowCombinations(windows: windows, cuts: cuts).atoms()
    struct Seen: Hashable {
      let stretch: Int
      let windows: UInt64
    }
    func seen(_ instant: Instant) -> Seen {
      var set: UInt64 = 0
      for (index, window) in windows.enumerated() where window.contains(instant) {
        set |= 1 << UInt64(index)
      }
      return Seen(stretch: cuts.filter { $0 <= instant }.count, windows: set)
    }
    let known = Set(atoms.map { Seen(stretch: $0.stretch, windows: $0.windows) })
    #expect(known.count == atoms.count)
    for atom in atoms {
      #expect(seen(atom.example) == Seen(stretch: atom.stretch, windows: atom.windows))
    }
    let start = try Instant(parsing: "2025-12-01").seconds
    for quarter in 0..<(4 * 24 * 365 * 2 + 4000) {
      let instant = try #require(Instant(seconds: start + Int64(quarter) * 900))
      #expect(known.contains(seen(instant)), "\(instant)")
    }
  }
}
