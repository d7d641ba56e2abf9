/// What a zone does after the end of its table: one offset, or two that take turns each year.
///
/// Read from the footer of a TZif file, in the form of POSIX's `TZ` variable.
struct PosixRule: Hashable, Sendable {
  /// A day of each year on which the offset changes.
  enum Day: Hashable, Sendable {
    /// 1 to 365; 29 February is never counted.
    case julian(Int)
    /// 0 to 365; 29 February is counted.
    case ordinal(Int)
    /// The week (5: the last) and the weekday (0: Sunday) of a month.
    case monthly(month: Int, week: Int, weekday: Int)
  }

  /// A change of the offset: the day, and seconds from its midnight (up to a week either way).
  struct Change: Hashable, Sendable {
    let day: Day
    let time: Int
  }

  /// Summer time: its offset east of UTC, and when it starts and ends.
  struct Summer: Hashable, Sendable {
    let offset: Int
    let start: Change
    let end: Change
  }

  /// Seconds east of UTC outside summer time.
  let standard: Int
  let summer: Summer?

  /// The instants at which an offset begins, in order; where both begin at once, summer is last.
  func changes(years: ClosedRange<Int>) -> [(at: Int64, offset: Int)] {
    guard let summer else { return [] }
    var changes: [(at: Int64, offset: Int)] = []
    for year in years {
      let start = PosixRule.seconds(of: summer.start, in: year) - standard
      let end = PosixRule.seconds(of: summer.end, in: year) - summer.offset
      changes.append((Int64(end), standard))
      changes.append((Int64(start), summer.offset))
    }
    // A pair of changes at one instant: summer is at odd places, and stays last.
    return changes.enumerated().sorted { left, right in
      (left.element.at, left.offset % 2, left.offset)
        < (right.element.at, right.offset % 2, right.offset)
    }.map(\.element)
  }

  /// The local time of a change in a year, as seconds since 1970 of a clock that ignores zones.
  private static func seconds(of change: Change, in year: Int) -> Int {
    let days: Int
    switch change.day {
    case .julian(let day):
      let isPastLeapDay = CivilDate.isLeap(year) && day >= 60
      days = CivilDate.days(toYear: year, month: 1, day: 1) + day - (isPastLeapDay ? 0 : 1)
    case .ordinal(let day):
      days = CivilDate.days(toYear: year, month: 1, day: 1) + day
    case .monthly(let month, let week, let weekday):
      let first = CivilDate.days(toYear: year, month: month, day: 1)
      // 1970-01-01 was a Thursday, which POSIX counts as 4.
      var day = remainder(weekday - remainder(first + 4, 7), 7) + (week - 1) * 7
      if day >= CivilDate.days(inMonth: month, of: year) { day -= 7 }
      days = first + day
    }
    return days * 86_400 + change.time
  }
}

extension PosixRule {
  /// Reads `EST5EDT,M3.2.0,M11.1.0`, `<+03>-3` and the like; nil when the text is no such rule.
  init?(parsing text: ArraySlice<UInt8>) {
    var scanner = PosixScanner(text)
    guard scanner.skipName(), let west = scanner.readTime(hours: 24) else { return nil }
    standard = -west
    if scanner.isAtEnd {
      summer = nil
      return
    }
    guard scanner.skipName() else { return nil }
    var offset = standard + 3600
    if let next = scanner.next, next != UInt8(ascii: ",") {
      guard let west = scanner.readTime(hours: 24) else { return nil }
      offset = -west
    }
    guard let start = scanner.readChange(), let end = scanner.readChange(), scanner.isAtEnd else {
      return nil
    }
    summer = Summer(offset: offset, start: start, end: end)
  }
}

/// Reads the parts of a POSIX rule.
private struct PosixScanner {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  var isAtEnd: Bool { rest.isEmpty }
  var next: UInt8? { rest.first }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  /// Skips a name: three letters or more, or anything but `>` in angle brackets.
  mutating func skipName() -> Bool {
    if take("<") {
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")), end > rest.startIndex else {
        return false
      }
      rest = rest[(end + 1)...]
      return true
    }
    let letters = rest.prefix { ($0 | 0x20) &- UInt8(ascii: "a") < 26 }
    rest = rest[letters.endIndex...]
    return letters.count >= 3
  }

  /// Reads one to three digits of a number within a range.
  private mutating func readNumber(_ range: ClosedRange<Int>) -> Int? {
    var value = 0
    var count = 0
    while count < 3, let digit = rest.first.map({ $0 &- UInt8(ascii: "0") }), digit <= 9 {
      value = value * 10 + Int(digit)
      count += 1
      rest.removeFirst()
    }
    return count > 0 && range.contains(value) ? value : nil
  }

  /// Reads `[+-]h[:mm[:ss]]` as seconds.
  mutating func readTime(hours: Int) -> Int? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hour = readNumber(0...hours) else { return nil }
    var seconds = hour * 3600
    if take(":") {
      guard let minute = readNumber(0...59) else { return nil }
      seconds += minute * 60
      if take(":") {
        guard let second = readNumber(0...59) else { return nil }
        seconds += second
      }
    }
    return isNegative ? -seconds : seconds
  }

  /// Reads `,Jn`, `,n` or `,Mm.w.d`, with `/time` (02:00 without).
  mutating func readChange() -> PosixRule.Change? {
    guard take(",") else { return nil }
    let day: PosixRule.Day
    if take("J") {
      guard let number = readNumber(1...365) else { return nil }
      day = .julian(number)
    } else if take("M") {
      guard let month = readNumber(1...12), take("."), let week = readNumber(1...5), take("."),
        let weekday = readNumber(0...6)
      else { return nil }
      day = .monthly(month: month, week: week, weekday: weekday)
    } else {
      guard let number = readNumber(0...365) else { return nil }
      day = .ordinal(number)
    }
    var time = 7200
    if take("/") {
      guard let read = readTime(hours: 167) else { return nil }
      time = read
    }
    return PosixRule.Change(day: day, time: time)
  }
}
