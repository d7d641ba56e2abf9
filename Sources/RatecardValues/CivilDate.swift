/// A day of the week, Monday first.
public enum Weekday: Int, Hashable, Sendable, CaseIterable {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday

  /// The day that a rate card writes as `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`.
  public init?(yaml text: String) {
    guard let day = Weekday.allCases.first(where: { $0.yaml == text }) else { return nil }
    self = day
  }

  /// How a rate card writes the day: `mon`.
  public var yaml: String {
    switch self {
    case .monday: "mon"
    case .tuesday: "tue"
    case .wednesday: "wed"
    case .thursday: "thu"
    case .friday: "fri"
    case .saturday: "sat"
    case .sunday: "sun"
    }
  }
}

/// A date of the Gregorian calendar, without a time or a zone.
public struct CivilDate: Hashable, Sendable {
  /// The year; 1 to 9999 when it was written by a person.
  public let year: Int
  /// The month, 1 to 12.
  public let month: Int
  /// The day of the month, from 1.
  public let day: Int

  /// Why a text is no date.
  public enum Failure: Error, Hashable, Sendable {
    /// It is not written as a date is, or there is no such day; in words for the author.
    case malformed(String)

    /// The reason in words for the author.
    public var reason: String {
      switch self {
      case .malformed(let reason): reason
      }
    }
  }

  /// The date with these parts, or nil when there is none (years 1 to 9999).
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= CivilDate.days(inMonth: month, of: year)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads a date as rate cards write it: `2026-06-01`.
  public init(parsing text: String) throws(Failure) {
    var text = text
    let result = text.withUTF8 { bytes in
      Result<CivilDate, Failure> { () throws(Failure) in
        var scanner = TimeScanner(bytes)
        guard let date = scanner.readDate() else { throw .malformed(scanner.reason) }
        guard scanner.isAtEnd else { throw .malformed("nothing follows the day of a date") }
        return date
      }
    }
    self = try result.get()
  }

  /// The date a number of days after 1970-01-01 (before it when negative).
  ///
  /// Days beyond some 10¹⁵ are out of reach of this type.
  public init(daysSince1970 days: Int) {
    // Years here begin in March, so that the leap day is a year's last; an era is 400 years.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// How many days after 1970-01-01 it lies; negative before.
  public var daysSince1970: Int { CivilDate.days(toYear: year, month: month, day: day) }

  /// The day of the week.
  public var weekday: Weekday { CivilDate.weekday(daysSince1970: daysSince1970) }

  /// The day of the week of a date given by its days since 1970-01-01.
  static func weekday(daysSince1970 days: Int) -> Weekday {
    // 1970-01-01 was a Thursday. The remainder is 0 to 6, so there is always such a day.
    Weekday(rawValue: remainder(days + Weekday.thursday.rawValue, 7)) ?? .monday
  }

  static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 to a date, whether or not its year is one that people write.
  static func days(toYear year: Int, month: Int, day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension CivilDate: Comparable {
  /// Whether one date is earlier than another.
  public static func < (left: CivilDate, right: CivilDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}

extension CivilDate: CustomStringConvertible {
  /// The date as rate cards write it: `2026-06-01`.
  public var description: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(to bytes: inout [UInt8]) {
    appendDigits(year, width: 4, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    appendDigits(month, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    appendDigits(day, width: 2, to: &bytes)
  }
}

/// The remainder that is never negative.
func remainder(_ value: Int, _ divisor: Int) -> Int {
  let rest = value % divisor
  return rest < 0 ? rest + divisor : rest
}

/// The quotient rounded down.
func floorQuotient(_ value: Int, _ divisor: Int) -> Int {
  (value - remainder(value, divisor)) / divisor
}

/// Appends an integer's digits, with zeros before them up to `width`.
func appendDigits(_ value: Int, width: Int, to bytes: inout [UInt8]) {
  if value < 0 { bytes.append(UInt8(ascii: "-")) }
  var rest = value.magnitude
  var count = 0
  while rest > 0 {
    count += 1
    rest /= 10
  }
  bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(count, width)))
  rest = value.magnitude
  var place = bytes.count
  while rest > 0 {
    place -= 1
    bytes[place] += UInt8(rest % 10)
    rest /= 10
  }
}
