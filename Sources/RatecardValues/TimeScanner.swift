/// Reads dates and times of day from bytes; where it fails it keeps the reason.
struct TimeScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0
  private(set) var reason = ""

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// The byte at the position; nil at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skip() { position += 1 }

  /// Takes `byte` if it is next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  /// Reads exactly `count` digits.
  mutating func readDigits(_ count: Int) -> Int? {
    guard bytes.count - position >= count else { return nil }
    var value = 0
    for offset in 0..<count {
      let digit = bytes[position + offset] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value * 10 + Int(digit)
    }
    position += count
    return value
  }

  /// Reads `YYYY-MM-DD`.
  mutating func readDate() -> CivilDate? {
    let dash = UInt8(ascii: "-")
    guard let year = readDigits(4), take(dash), let month = readDigits(2), take(dash),
      let day = readDigits(2)
    else { return fail("a date is written like `2026-06-01`") }
    guard (1...12).contains(month) else { return fail("months go from 01 to 12") }
    guard let date = CivilDate(year: year, month: month, day: day) else {
      return fail("there is no such day in that month")
    }
    return date
  }

  /// Reads `HH:MM` or `HH:MM:SS`, with a fraction of up to nine digits, as nanoseconds of the day.
  mutating func readTimeOfDay() -> Int? {
    let colon = UInt8(ascii: ":")
    guard let hour = readDigits(2), take(colon), let minute = readDigits(2) else {
      return fail("a time is written like `06:30` or `06:30:00`")
    }
    var second = 0
    var nanosecond = 0
    if take(colon) {
      guard let read = readDigits(2) else {
        return fail("a time is written like `06:30` or `06:30:00`")
      }
      second = read
      if take(UInt8(ascii: ".")) {
        var scale = 1_000_000_000
        while let digit = next.map({ $0 &- UInt8(ascii: "0") }), digit <= 9 {
          guard scale > 1 else { return fail("a second has at most nine digits after the point") }
          scale /= 10
          nanosecond += Int(digit) * scale
          position += 1
        }
        guard scale < 1_000_000_000 else { return fail("a digit must stand after the point") }
      }
    }
    guard hour <= 23 else { return fail("hours go from 00 to 23") }
    guard minute <= 59 else { return fail("minutes go from 00 to 59") }
    guard second <= 59 else { return fail("seconds go from 00 to 59") }
    return ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + nanosecond
  }

  /// Reads `Z`, `±HH`, `±HHMM` or `±HH:MM`, as seconds east of UTC.
  mutating func readOffset() -> Int? {
    guard let sign = next else {
      return fail("an instant needs its zone, as `Z` or as `-07:00`")
    }
    if sign | 0x20 == UInt8(ascii: "z") {
      position += 1
      return 0
    }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      return fail("an instant needs its zone, as `Z` or as `-07:00`")
    }
    position += 1
    guard let hour = readDigits(2) else { return fail("a zone is written `Z` or like `-07:00`") }
    var minute = 0
    if !isAtEnd {
      _ = take(UInt8(ascii: ":"))
      guard let read = readDigits(2) else {
        return fail("a zone is written `Z` or like `-07:00`")
      }
      minute = read
    }
    guard hour <= 23, minute <= 59 else { return fail("a zone lies between -23:59 and +23:59") }
    let seconds = (hour * 60 + minute) * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }

  /// Keeps a reason and returns nil.
  mutating func fail<Value>(_ reason: String) -> Value? {
    self.reason = reason
    return nil
  }
}
