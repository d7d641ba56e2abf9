internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `windows` section.
extension CheckContext {
  /// The most windows of a card.
  private static let windowLimit = 64

  /// Reads the named windows, by name.
  mutating func readWindows() -> [NamedWindow] {
    var windows: [NamedWindow] = []
    for entry in namedEntries("windows", of: "window", limit: Self.windowLimit) {
      checkValueName(entry.key, of: "window")
      let name = ExactText(entry.key.text)
      windowNames.append(name)
      guard !entry.value.isMissing else {
        reportMissingValue(of: entry.key)
        continue
      }
      if let window = window(entry.value, named: entry.key) {
        windows.append(NamedWindow(name: name, window: window, span: entry.key.span))
      }
    }
    windowNames.sort()
    return windows.sorted { $0.name < $1.name }
  }

  private mutating func window(_ node: Node, named key: Node) -> Window? {
    let keys = ["hours", "zone", "days", "days_zone", "except", Self.acceptKey]
    guard let fields = fields(of: node, "a window", keys: keys, named: key) else { return nil }
    let says = fields.present(["hours", "days", "except"])
    guard !says.isEmpty || fields.isFaulty else {
      report(
        .missingKey, "a window needs `hours`, `days` or `except`", at: node.span,
        help: "without them it would always hold")
      return nil
    }
    let zone = fields["zone"].map { timeZone($0, "`zone`") } ?? .utc
    let daysZone = fields["days_zone"].map { timeZone($0, "`days_zone`") } ?? zone
    let hours = fields["hours"].map { hourRanges($0) } ?? []
    let days = fields["days"].map { weekdays($0) }
    let except = fields["except"].map { dates($0) } ?? []
    guard let zone, let daysZone, !fields.isFaulty else { return nil }
    return Window(hours: hours, zone: zone, days: days, daysZone: daysZone, except: except)
  }

  private mutating func timeZone(_ node: Node, _ what: String) -> Zone? {
    guard let name = text(node, what) else { return nil }
    if name == "UTC" { return .utc }
    if let zone = zones.zone(name) { return zone }
    report(
      .unknownZone, "no time zone is called `\(name)`", at: node.span,
      help: "zones have IANA names, such as `Asia/Shanghai` or `America/New_York`")
    return nil
  }

  private mutating func hourRanges(_ node: Node) -> [Window.Hours] {
    var ranges: [Window.Hours] = []
    for item in oneOrMore(node, "`hours`") ?? [] {
      guard let text = text(item, "an entry of `hours`") else { continue }
      let ends = text.split(separator: "-", omittingEmptySubsequences: false)
      guard ends.count == 2, let start = Self.secondOfDay(ends[0]),
        let end = Self.secondOfDay(ends[1])
      else {
        report(
          .malformedHours, "`\(text)` is not a range of hours", at: item.span,
          help: "write `HH:MM-HH:MM`, such as `09:00-17:30`")
        continue
      }
      if start == end {
        report(
          .malformedHours, "`\(text)` begins where it ends", at: item.span,
          help: "for the whole day leave `hours` out, or write `00:00-24:00`")
      } else if start == 86_400 {
        report(
          .malformedHours, "`24:00` can only end a range", at: item.span,
          help: "a range that begins at midnight begins at `00:00`")
      } else {
        ranges.append(Window.Hours(start: start, end: end))
      }
    }
    return ranges.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
  }

  /// `HH:MM`, from 00:00 to 24:00, in seconds.
  private static func secondOfDay(_ text: Substring) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
    let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - 48 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let hour = digits[0] * 10 + digits[1]
    let minute = digits[2] * 10 + digits[3]
    guard minute < 60, hour < 24 || (hour == 24 && minute == 0) else { return nil }
    return hour * 3_600 + minute * 60
  }

  private mutating func weekdays(_ node: Node) -> Set<Weekday> {
    var days: Set<Weekday> = []
    let words = Weekday.allCases.map(\.yaml)
    for item in oneOrMore(node, "`days`") ?? [] {
      guard let text = text(item, "a day") else { continue }
      guard let day = Weekday(yaml: text) else {
        let short = String(text.lowercased().prefix(3))
        report(
          .unknownOption, "`\(text)` is not a day of the week", at: item.span,
          help: words.contains(short) ? "did you mean `\(short)`?" : Self.list(words))
        continue
      }
      if !days.insert(day).inserted {
        report(
          .repeatedValue, "`\(text)` stands twice in `days`", at: item.span,
          help: "remove one of them")
      }
    }
    return days
  }

  private mutating func dates(_ node: Node) -> [CivilDate] {
    var dates: [CivilDate] = []
    for item in oneOrMore(node, "`except`") ?? [] {
      guard let text = text(item, "a date") else { continue }
      let date: CivilDate
      do {
        date = try CivilDate(parsing: text)
      } catch {
        report(.malformedDate, "`\(text)` is not a date", at: item.span, help: error.reason)
        continue
      }
      if dates.contains(date) {
        report(
          .repeatedValue, "`\(text)` stands twice in `except`", at: item.span,
          help: "remove one of them")
      } else {
        dates.append(date)
      }
    }
    return dates.sorted()
  }
}
