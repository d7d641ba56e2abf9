import RatecardCompiler
import RatecardModel
import RatecardValues

/// Chooses instants that a person would choose: near the dates of the card, at full hours.
struct PlainTime: Sendable {
  let axis: Int
  let times: TimeDomain
  private let windows: [Window]
  /// Two instants of one stretch with the same windows have this.
  private let atoms: [[UInt64: Int]]

  /// Nil where no condition of the card looks at time.
  init?(_ space: Space) {
    guard let axis = space.axis(of: .at, in: .afterRouting),
      case .times(let times) = space.axes[axis].domain
    else { return nil }
    self.axis = axis
    self.times = times
    windows = times.windows.map { space.card.windows[$0].window }
    var atoms: [[UInt64: Int]] = Array(repeating: [:], count: times.cuts.count + 1)
    for (index, atom) in times.atoms.enumerated() { atoms[atom.stretch][atom.windows] = index }
    self.atoms = atoms
  }

  /// The atom that an instant lies in.
  func atom(of instant: Instant) -> Int? {
    let stretch = partitionPoint(times.cuts.count) { times.cuts[$0] <= instant }
    var set: UInt64 = 0
    for (index, window) in windows.enumerated() where window.contains(instant) {
      set |= 1 << UInt64(index)
    }
    return atoms[stretch][set]
  }

  /// An instant of some atoms: in the latest stretch, with the fewest windows.
  func instant(in set: AtomSet) -> Instant? {
    guard
      let best = set.atoms.max(by: { first, second in
        let (left, right) = (times.atoms[first], times.atoms[second])
        if left.stretch != right.stretch { return left.stretch < right.stretch }
        return left.windows.nonzeroBitCount > right.windows.nonzeroBitCount
      })
    else { return nil }
    let atom = times.atoms[best]
    return hours(of: atom.stretch).first { self.atom(of: $0) == best } ?? atom.example
  }

  /// The hours of four weeks of a stretch, from the day on that a person would look at.
  func hours(of stretch: Int) -> some Sequence<Instant> {
    let start = start(of: stretch)
    let end = end(of: stretch)
    return (0..<28 * 24).lazy.compactMap { hour in
      Instant(seconds: start.seconds + Int64(hour) * 3600)
    }.filter { instant in instant >= start && end.map { instant < $0 } ?? true }
  }

  /// The hours of the four weeks on one side of a date, as far as they lie in a stretch.
  func hours(beside date: Instant, isAfter: Bool, in stretch: Int) -> some Sequence<Instant> {
    (0..<28 * 24).lazy.compactMap { hour in
      Instant(seconds: date.seconds + Int64(isAfter ? hour : -1 - hour) * 3600)
    }.filter { self.stretch(of: $0) == stretch }
  }

  /// The day from which on a person would look at a stretch: its first, or four weeks before its
  /// end where it has no beginning; of all time it is the beginning of 2026.
  func start(of stretch: Int) -> Instant {
    if stretch > 0 { return times.cuts[stretch - 1] }
    guard let end = times.cuts.first else {
      return Instant(seconds: 1_767_225_600) ?? .earliest
    }
    let day: Int64 = 86_400
    let start = (end.seconds / day - 28) * day
    return Instant(seconds: max(0, start)) ?? .earliest
  }

  /// The first instant after a stretch; nil: it has no end.
  func end(of stretch: Int) -> Instant? {
    stretch < times.cuts.count ? times.cuts[stretch] : nil
  }

  /// An instant just before another in the same stretch as the moment before it: a second, where
  /// that is enough.
  func justBefore(_ instant: Instant) -> Instant? {
    for step: Int128 in [1_000_000_000, 1_000_000, 1000, 1] {
      guard let before = Instant(nanoseconds: instant.nanoseconds - step),
        let last = Instant(nanoseconds: instant.nanoseconds - 1)
      else { continue }
      if stretch(of: before) == stretch(of: last) { return before }
    }
    return nil
  }

  func stretch(of instant: Instant) -> Int {
    partitionPoint(times.cuts.count) { times.cuts[$0] <= instant }
  }
}

/// A moment at which something begins or ends, with the one just before.
struct TimePoint: Sendable {
  let title: String
  let instant: Instant
}

extension PlainTime {
  /// The moments just before and at the beginning or the end of a rule.
  func points(at date: Instant, isEnd: Bool) -> [TimePoint] {
    let happens = "it \(isEnd ? "ends" : "begins") on \(date.brief)"
    let at = TimePoint(title: "as \(happens)", instant: date)
    guard let before = justBefore(date) else { return [at] }
    return [TimePoint(title: "just before \(happens)", instant: before), at]
  }

  /// The moments just before, at and just after an instant that a condition on `at` names.
  func points(around instant: Instant) -> [TimePoint] {
    var points = [TimePoint(title: "at \(instant.brief)", instant: instant)]
    if let before = justBefore(instant) {
      points.insert(
        TimePoint(title: "at just before \(instant.brief)", instant: before), at: 0)
    }
    for step: Int128 in [1_000_000_000, 1_000_000, 1000, 1] {
      guard let after = Instant(nanoseconds: instant.nanoseconds + step),
        let next = Instant(nanoseconds: instant.nanoseconds + 1),
        stretch(of: after) == stretch(of: next)
      else { continue }
      points.append(TimePoint(title: "at just after \(instant.brief)", instant: after))
      break
    }
    return points
  }

  /// The moments just before and at the beginning and the end of each stretch of a window's hours,
  /// where some atoms let them be seen; none for hours of which that is nowhere.
  func points(around named: NamedWindow, in set: AtomSet) -> [[TimePoint]] {
    let window = named.window
    let whole = [Window.Hours(start: 0, end: 86_400)]
    let stretches = Set(set.atoms.map { times.atoms[$0].stretch }).sorted(by: >)
    return (window.hours.isEmpty ? whole : window.hours).map { hours in
      for stretch in stretches {
        let start = change(of: window, at: hours.start, to: true, in: stretch, set)
        let end = change(of: window, at: hours.end, to: false, in: stretch, set, after: start)
        if start == nil, end == nil { continue }
        return edge(named.name, "begins", hours.start, start)
          + edge(named.name, "ends", hours.end, end)
      }
      return []
    }
  }

  private func edge(
    _ name: ExactText, _ verb: String, _ second: Int, _ instant: Instant?
  ) -> [TimePoint] {
    guard let instant, let before = justBefore(instant) else { return [] }
    func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = "\(digits(second / 3600)):\(digits(second / 60 % 60))"
    return [
      TimePoint(title: "just before \(name) \(verb) at \(clock)", instant: before),
      TimePoint(title: "as \(name) \(verb) at \(clock)", instant: instant),
    ]
  }

  /// The first instant in a stretch at which the clocks show a second of the day and a window
  /// begins or ends to hold, so that it or the moment before lies in some atoms.
  private func change(
    of window: Window, at second: Int, to isInside: Bool, in stretch: Int, _ set: AtomSet,
    after: Instant? = nil
  ) -> Instant? {
    let start = max(start(of: stretch), after ?? .earliest)
    let first = Int(start.seconds / 86_400) - 1
    // Any weekday comes within eight days; a year shows what exceptions and summer time hide.
    for day in first..<first + 366 {
      let seconds = window.zone.seconds(of: CivilDate(daysSince1970: day), secondOfDay: second)
      guard let instant = Instant(seconds: seconds), let before = Instant(seconds: seconds - 1),
        before >= start
      else { continue }
      if let end = end(of: stretch), instant >= end { return nil }
      guard window.contains(instant) == isInside, window.contains(before) != isInside else {
        continue
      }
      if [instant, before].contains(where: { atom(of: $0).map(set.contains) ?? false }) {
        return instant
      }
    }
    return nil
  }
}
