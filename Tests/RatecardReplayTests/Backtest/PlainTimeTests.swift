import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardReplay

/// What is told to be a time at a glance is one.
@Suite struct PlainTimeTests {
  @Test func tellsOnlyTimes() {
    var random = SplitMix(seed: 11)
    let dates = [
      "2026-11-01", "2026-11-02", "1970-01-01", "9999-12-31", "2026-02-30", "2026-13-01",
    ]
    let odd = Array("0369:TZ -/\u{1}az".utf8)
    var plain = PlainTime()
    var (told, times) = (0, 0)
    for _ in 0..<20_000 {
      let clock = [random.below(26), random.below(62), random.below(62)].map {
        $0 < 10 ? "0\($0)" : "\($0)"
      }
      let date = dates[random.below(random.oneIn(4) ? dates.count : 1)]
      var text = Array("\(date)T\(clock.joined(separator: ":"))Z".utf8)
      if random.oneIn(4) { text[random.below(text.count)] = odd[random.below(odd.count)] }
      if random.oneIn(20) { text.removeLast() }
      let isTime = text.withUnsafeBufferPointer { Instant(log: $0, zone: .utc) != nil }
      text.withUnsafeMutableBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return }
        let field = Field(start: start, count: Int32(bytes.count), form: .cell)
        if plain.isTime(field) {
          told += 1
          #expect(isTime, "\(String(decoding: bytes, as: UTF8.self))")
        }
        if isTime {
          times += 1
          plain.remember(field)
        }
      }
    }
    #expect(told > times / 3 && times > 5_000)
  }
}
