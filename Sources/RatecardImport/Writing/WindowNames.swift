/// What a card calls the windows that its rules ask about.
struct WindowNames: Sendable {
  /// The windows, by name.
  let all: [(name: String, window: TimeWindow)]
  private let names: [TimeWindow: String]

  /// Names the windows of some rules; those that would share a name are numbered.
  init(_ rules: [PlannedRule]) {
    let windows = rules.flatMap(\.conditions).flatMap { condition -> [TimeWindow] in
      if case .windows(let windows) = condition.matcher { windows } else { [] }
    }
    let distinct = Set(windows).sorted { left, right in
      (left.name, left.hours.map(\.text).joined()) < (right.name, right.hours.map(\.text).joined())
    }
    var names: [TimeWindow: String] = [:]
    var counts: [String: Int] = [:]
    for window in distinct {
      let count = counts[window.name, default: 0] + 1
      counts[window.name] = count
      names[window] = count == 1 ? window.name : "\(window.name)-\(count)"
    }
    self.names = names
    all = distinct.map { (names[$0] ?? $0.name, $0) }
  }

  subscript(window: TimeWindow) -> String { names[window] ?? window.name }
}
