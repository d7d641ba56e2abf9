internal import RatecardModel
internal import RatecardValues

/// What rules ask of requests, as conditions of SQL.
///
/// A condition is true where it holds, and false or null where it does not.
struct SQLConditions {
  let attributes: SQLAttributes
  private var card: Card { attributes.card }
  private var dialect: SQLDialect { attributes.dialect }

  /// Whether a rule holds.
  func scope(_ scope: RuleScope) throws(SQLRefusal) -> String {
    var edges: [String] = []
    let at = attributes.column(.at)
    for edge in [scope.from, scope.begins].compactMap(\.self) {
      edges.append("\(at) >= \(try dialect.instant(edge))")
    }
    for edge in [scope.until, scope.ends].compactMap(\.self) {
      edges.append("\(at) < \(try dialect.instant(edge))")
    }
    var alternatives: [String] = []
    for conditions in scope.alternatives {
      var parts: [String] = []
      for condition in conditions {
        parts.append(try holds(condition.matcher, condition.attribute))
      }
      alternatives.append(Self.all(parts + edges))
    }
    return Self.any(alternatives)
  }

  static func all(_ parts: [String]) -> String {
    let parts = parts.filter { $0 != "TRUE" }
    if parts.contains("FALSE") { return "FALSE" }
    return parts.isEmpty
      ? "TRUE" : parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " AND ")))"
  }

  static func any(_ parts: [String]) -> String {
    let parts = parts.filter { $0 != "FALSE" }
    if parts.contains("TRUE") { return "TRUE" }
    return parts.isEmpty
      ? "FALSE" : parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " OR ")))"
  }

  // MARK: Matchers

  private func holds(_ matcher: Matcher, _ id: AttributeID) throws(SQLRefusal) -> String {
    switch matcher {
    case .any: return "TRUE"
    case .not(let inner): return try fails(inner, id)
    case .present: return try present(id)
    case .absent: return try absent(id)
    case .oneOf, .range: return try carried(matcher, id)
    }
  }

  /// The exact complement of `holds`.
  private func fails(_ matcher: Matcher, _ id: AttributeID) throws(SQLRefusal) -> String {
    switch matcher {
    case .any: return "FALSE"
    case .not(let inner): return try holds(inner, id)
    case .present: return try absent(id)
    case .absent: return try present(id)
    case .oneOf, .range:
      let negated = Self.negated(try carried(matcher, id))
      // Whether a window holds is never unknown.
      return id == .window ? negated : Self.any([try absent(id), negated])
    }
  }

  private static func negated(_ text: String) -> String {
    switch text {
    case "TRUE": "FALSE"
    case "FALSE": "TRUE"
    default: "NOT (\(text))"
    }
  }

  private func present(_ id: AttributeID) throws(SQLRefusal) -> String {
    switch id {
    case .window: return Self.any(card.windows.indices.map { attributes.window($0) })
    case .balancePercent:
      return "(\(attributes.column(.balance)) IS NOT NULL AND \(attributes.column(.granted)) <> 0)"
    default: return "\(attributes.column(id)) IS NOT NULL"
    }
  }

  private func absent(_ id: AttributeID) throws(SQLRefusal) -> String {
    switch id {
    case .window: return Self.negated(try present(id))
    case .balancePercent:
      return
        "(\(attributes.column(.balance)) IS NULL OR COALESCE(\(attributes.column(.granted)), 0) = 0)"
    default: return "\(attributes.column(id)) IS NULL"
    }
  }

  /// Whether a value that is carried is one of those; null where none is.
  private func carried(_ matcher: Matcher, _ id: AttributeID) throws(SQLRefusal) -> String {
    switch matcher {
    case .oneOf(let patterns):
      if id == .window { return windows(patterns) }
      return try oneOf(patterns, id)
    case .range(let lower, let upper):
      var parts: [String] = []
      if let lower { parts.append(try compare(id, lower.isInclusive ? ">=" : ">", lower.value)) }
      if let upper { parts.append(try compare(id, upper.isInclusive ? "<=" : "<", upper.value)) }
      return Self.all(parts)
    default: return "FALSE"
    }
  }

  private func oneOf(_ patterns: [Pattern], _ id: AttributeID) throws(SQLRefusal) -> String {
    let column = attributes.column(id)
    var texts: [ExactText] = []
    var parts: [String] = []
    for pattern in patterns {
      switch pattern {
      case .value(.text(let text)): texts.append(text)
      case .value(.flag(let flag)): parts.append("\(column) = \(flag ? "TRUE" : "FALSE")")
      case .value(let value): parts.append(try compare(id, "=", value))
      case .glob(let glob):
        parts.append("\(column) LIKE \(try dialect.pattern(glob)) ESCAPE '!'")
      }
    }
    if !texts.isEmpty { parts.insert(try attributes.among(column, texts), at: 0) }
    return Self.any(parts)
  }

  private func windows(_ patterns: [Pattern]) -> String {
    Self.any(
      card.windows.indices.filter { index in
        patterns.contains { pattern in
          switch pattern {
          case .value(.text(let name)): card.windows[index].name == name
          case .glob(let glob): glob.matches(card.windows[index].name.string)
          case .value: false
          }
        }
      }.map { attributes.window($0) })
  }

  private static let mirrored = ["<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="]

  private func compare(
    _ id: AttributeID, _ comparison: String, _ value: Value
  ) throws(SQLRefusal) -> String {
    guard id == .balancePercent else {
      return "\(attributes.column(id)) \(comparison) \(try attributes.literal(value))"
    }
    // A percentage would be rounded, so both sides are multiplied by what it is a part of.
    let balance = "\(attributes.column(.balance)) * 100"
    let granted = attributes.column(.granted)
    let share = "(\(try attributes.literal(value))) * \(granted)"
    let mirrored = Self.mirrored[comparison] ?? comparison
    return "CASE WHEN \(granted) > 0 THEN \(balance) \(comparison) \(share)"
      + " WHEN \(granted) < 0 THEN \(balance) \(mirrored) \(share) END"
  }

  // MARK: Windows

  /// The zones of the windows, by name.
  private var zones: [Zone] {
    guard attributes.used.contains(.window) else { return [] }
    var found: [Zone] = []
    for named in card.windows where !found.contains(named.window.zone) {
      found.append(named.window.zone)
    }
    return found
  }

  private func clock(_ zone: Zone) -> String {
    "clock_\(zones.firstIndex(of: zone) ?? 0)"
  }

  /// What the clocks of the windows' zones show at `at`.
  func clockColumns() throws(SQLRefusal) -> [(column: String, text: String)] {
    var columns: [(String, String)] = []
    for zone in zones {
      columns.append((clock(zone), try dialect.clock(zone, at: attributes.column(.at))))
    }
    return columns
  }

  /// Whether each window holds at `at`.
  func windowColumns() throws(SQLRefusal) -> [(column: String, text: String)] {
    var columns: [(String, String)] = []
    guard attributes.used.contains(.window) else { return [] }
    for (index, named) in card.windows.enumerated() {
      let text = try about("the window `\(named.name)`", at: named.span) {
        () throws(SQLRefusal) in try holds(named.window)
      }
      columns.append((attributes.window(index), text))
    }
    return columns
  }

  private func holds(_ window: Window) throws(SQLRefusal) -> String {
    let clock = clock(window.zone)
    let second = dialect.secondOfDay(clock)
    if window.hours.isEmpty { return try starts(window, clock, second, secondsAgo: "\(second)") }
    var ranges: [String] = []
    for hours in window.hours {
      let today = try starts(window, clock, second, secondsAgo: "\(second) - \(hours.start)")
      if hours.start < hours.end {
        ranges.append(
          Self.all(["\(second) >= \(hours.start)", "\(second) < \(hours.end)", today]))
      } else {
        let before = try starts(
          window, clock, second, secondsAgo: "\(second) + \(86_400 - hours.start)", daysAgo: 1)
        ranges.append(Self.all(["\(second) >= \(hours.start)", today]))
        ranges.append(Self.all(["\(second) < \(hours.end)", before]))
      }
    }
    return Self.any(ranges)
  }

  /// Whether the range that holds may have started when it did.
  private func starts(
    _ window: Window, _ clock: String, _ second: String, secondsAgo: String, daysAgo: Int = 0
  ) throws(SQLRefusal) -> String {
    if window.days == nil, window.except.isEmpty { return "TRUE" }
    let start: String
    if window.daysZone == window.zone {
      start = daysAgo == 0 ? clock : "\(clock) - INTERVAL '1' DAY"
    } else if window.zone.transitions(from: 0, to: Int64.max).isEmpty {
      // The clocks run evenly, so the start is that many seconds ago.
      start = try dialect.clock(
        window.daysZone, at: dialect.instant(attributes.column(.at), less: secondsAgo))
    } else {
      throw SQLRefusal(
        "its days are those of \(window.daysZone.name), and the clocks of \(window.zone.name) change"
      )
    }
    let date = "CAST(\(start) AS DATE)"
    var parts: [String] = []
    if let days = window.days {
      let numbers = days.map { $0.rawValue + 1 }.sorted().map(String.init)
      parts.append("\(dialect.weekday(date)) IN (\(numbers.joined(separator: ", ")))")
    }
    if !window.except.isEmpty {
      let dates = window.except.map { "DATE '\($0)'" }
      parts.append("\(date) NOT IN (\(dates.joined(separator: ", ")))")
    }
    return Self.all(parts)
  }
}
