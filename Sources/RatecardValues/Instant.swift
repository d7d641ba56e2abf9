/// A point in time from 1970 to 9999, to the nanosecond, leap seconds left out.
@frozen
public struct Instant: Hashable, BitwiseCopyable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public let nanoseconds: Int128

  /// 1970-01-01T00:00:00Z.
  public static let earliest = Instant(unchecked: 0)
  /// 9999-12-31T23:59:59.999999999Z.
  public static let latest = Instant(unchecked: 253_402_300_800_000_000_000 - 1)

  @inlinable
  init(unchecked nanoseconds: Int128) { self.nanoseconds = nanoseconds }

  /// The instant a number of nanoseconds after 1970-01-01T00:00:00Z, or nil outside 1970 to 9999.
  @inlinable
  public init?(nanoseconds: Int128) {
    guard nanoseconds >= 0, nanoseconds < 253_402_300_800_000_000_000 else { return nil }
    self.init(unchecked: nanoseconds)
  }

  /// The instant a number of seconds after 1970-01-01T00:00:00Z, or nil outside 1970 to 9999.
  @inlinable
  public init?(seconds: Int64) {
    guard seconds >= 0, seconds < 253_402_300_800 else { return nil }
    self.init(unchecked: Int128(truncatingIfNeeded: seconds) &* 1_000_000_000)
  }

  /// Whole seconds since 1970-01-01T00:00:00Z; what is past them is left out.
  public var seconds: Int64 {
    // Up to the year 2554 64 bits hold the nanoseconds, and dividing them is much cheaper.
    if nanoseconds <= UInt64.max {
      return Int64(truncatingIfNeeded: UInt64(truncatingIfNeeded: nanoseconds) / 1_000_000_000)
    }
    return Int64(truncatingIfNeeded: nanoseconds / 1_000_000_000)
  }

  /// Whether both are the same.
  @inlinable
  public static func == (left: Instant, right: Instant) -> Bool {
    left.nanoseconds == right.nanoseconds
  }

  /// Feeds what `==` compares to a hasher.
  @inlinable
  public func hash(into hasher: inout Hasher) { hasher.combine(nanoseconds) }
}

extension Instant: Comparable {
  /// Whether one instant is earlier than another.
  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Instant {
  /// Why a text is no instant.
  public enum Failure: Error, Hashable, Sendable {
    /// It is not written as an instant is; why, in words for the author.
    case malformed(String)
    /// It lies before 1970 or after 9999.
    case outOfRange

    /// The reason in words for the author.
    public var reason: String {
      switch self {
      case .malformed(let reason): reason
      case .outOfRange: "an instant lies between the years 1970 and 9999"
      }
    }
  }

  /// Reads ISO 8601 with a zone, `2026-06-01T09:30:00-07:00`, or a date, which means midnight UTC.
  ///
  /// Seconds may be left out, and may have up to nine digits after the point.
  public init(parsing text: String) throws(Failure) {
    var text = text
    let result = text.withUTF8 { bytes in
      Result<Instant, Failure> { () throws(Failure) in try Instant(parsing: bytes) }
    }
    self = try result.get()
  }

  /// Reads the same from UTF-8 bytes, without allocating.
  public init(parsing utf8: UnsafeBufferPointer<UInt8>) throws(Failure) {
    if let instant = Instant(short: utf8) {
      self = instant
      return
    }
    var scanner = TimeScanner(utf8)
    guard let date = scanner.readDate() else { throw .malformed(scanner.reason) }
    var nanosecondOfDay = 0
    var offset = 0
    if let mark = scanner.next {
      guard mark | 0x20 == UInt8(ascii: "t") else {
        throw .malformed("a `T` stands between the date and the time")
      }
      scanner.skip()
      guard let time = scanner.readTimeOfDay() else { throw .malformed(scanner.reason) }
      nanosecondOfDay = time
      guard let seconds = scanner.readOffset() else { throw .malformed(scanner.reason) }
      offset = seconds
      guard scanner.isAtEnd else { throw .malformed("nothing follows the zone of an instant") }
    }
    let seconds = Int128(date.daysSince1970 * 86_400 - offset)
    guard let instant = Instant(nanoseconds: seconds * 1_000_000_000 + Int128(nanosecondOfDay))
    else { throw .outOfRange }
    self = instant
  }
}

extension Instant {
  /// The quick way for what most instants are, `2026-06-01T09:30:00Z`; nil for anything else, right or
  /// wrong.
  @inline(__always)
  private init?(short utf8: UnsafeBufferPointer<UInt8>) {
    // SAFETY: the three words lie within the twenty bytes.
    guard utf8.count == 20, let start = UnsafeRawPointer(utf8.baseAddress),
      // 0000-00-
      let date = DigitWord(start, like: 0x2D30_302D_3030_3030, 0x7F76_767F_7676_7676),
      // 00T00:00
      let time = DigitWord(start + 8, like: 0x3030_3A30_3054_3030, 0x7676_7F76_767F_7676),
      // 0:00:00Z
      let end = DigitWord(start + 12, like: 0x5A30_303A_3030_3A30, 0x7F76_767F_7676_7F76),
      let day = CivilDate(
        year: date.pair(0) * 100 + date.pair(2), month: date.pair(5), day: time.pair(0)),
      day.year >= 1970, time.pair(3) <= 23, time.pair(6) <= 59, end.pair(5) <= 59
    else { return nil }
    let minutes = day.daysSince1970 * 1_440 + time.pair(3) * 60 + time.pair(6)
    self.init(
      unchecked: Int128(truncatingIfNeeded: minutes * 60 + end.pair(5)) &* 1_000_000_000)
  }
}

/// Eight bytes of a text, digits among them.
private struct DigitWord {
  private let pairs: UInt64

  /// Loads eight bytes, first byte lowest; nil: one is not as in `pattern`, where `0` stands for any
  /// digit.
  ///
  /// `room` has 0x76 for a digit and 0x7F for another byte: what takes a difference that is too large
  /// past seven bits.
  @inline(__always)
  init?(_ bytes: UnsafeRawPointer, like pattern: UInt64, _ room: UInt64) {
    let digits = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) ^ pattern
    guard ((digits &+ room) | digits) & 0x8080_8080_8080_8080 == 0 else { return nil }
    pairs = digits &* 10 &+ digits >> 8
  }

  /// The number that the digits at a place and behind it make.
  @inline(__always)
  func pair(_ place: Int) -> Int {
    Int(truncatingIfNeeded: pairs >> UInt64(truncatingIfNeeded: 8 &* place)) & 0xFF
  }
}

extension Instant {
  /// The instant as people write it in a card: a midnight UTC is its date, `2026-06-01`.
  public var brief: String {
    let day: Int128 = 86_400_000_000_000
    return nanoseconds % day == 0 ? String(description.prefix(10)) : description
  }
}

extension Instant: CustomStringConvertible {
  /// The instant in UTC: `2026-06-01T00:00:00Z`, with a fraction only where there is one.
  public var description: String {
    let (days, second) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
    var bytes: [UInt8] = []
    CivilDate(daysSince1970: days).write(to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    appendDigits(second / 3600, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    appendDigits(second / 60 % 60, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    appendDigits(second % 60, width: 2, to: &bytes)
    let fraction = Int(truncatingIfNeeded: nanoseconds % 1_000_000_000)
    if fraction != 0 {
      bytes.append(UInt8(ascii: "."))
      appendDigits(fraction, width: 9, to: &bytes)
      while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
    }
    bytes.append(UInt8(ascii: "Z"))
    return String(decoding: bytes, as: UTF8.self)
  }
}
