internal import RatecardValues

extension Instant {
  /// Reads an instant as requests write it, or, with a zone, a time that says none: what the zone's
  /// clocks showed, `2026-06-01 09:30:00.25`, with a space or a `T`; nil: it is neither.
  init?(log utf8: UnsafeBufferPointer<UInt8>, zone: Zone?) {
    if let instant = try? Instant(parsing: utf8) {
      self = instant
      return
    }
    guard let zone, utf8.count > 11, utf8[10] == UInt8(ascii: " ") || utf8[10] == UInt8(ascii: "T")
    else { return nil }
    // As if the clocks were those of UTC, which says whether it is a time at all.
    var text = Array(utf8)
    text[10] = UInt8(ascii: "T")
    text.append(UInt8(ascii: "Z"))
    guard let local = text.withUnsafeBufferPointer({ try? Instant(parsing: $0) }) else {
      return nil
    }
    let (days, second) = Int(local.seconds).quotientAndRemainder(dividingBy: 86_400)
    let seconds = zone.seconds(of: CivilDate(daysSince1970: days), secondOfDay: second)
    self.init(nanoseconds: Int128(seconds) * 1_000_000_000 + local.nanoseconds % 1_000_000_000)
  }
}
