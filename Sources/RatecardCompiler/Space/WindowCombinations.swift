package import RatecardValues

/// Finds which sets of windows hold together at some instant of each stretch of time.
///
/// Between two irregular days (a change of a zone's offset, an excepted date, a date of the card)
/// windows repeat every week, so a little over a week at the start of each regular run and two days
/// at its end show everything. The Gregorian calendar with its weekdays, and with it every rule for
/// summer time, repeats every 400 years, so nothing new is seen after 400 years without a date.
package struct WindowCombinations {
  private static let day: Int64 = 86_400
  private static let cycle: Int64 = 146_097 * 86_400

  let windows: [Window]
  /// The instants, ascending, that part the stretches.
  let cuts: [Instant]

  package init(windows: [Window], cuts: [Instant]) {
    self.windows = windows
    self.cuts = cuts
  }

  /// For each stretch in turn, each set of windows (bit `i` for `windows[i]`) with an instant.
  package func atoms() -> [TimeDomain.Atom] {
    var atoms: [TimeDomain.Atom] = []
    for stretch in 0...cuts.count {
      let start = stretch == 0 ? Instant.earliest : cuts[stretch - 1]
      let last: Instant
      if stretch < cuts.count {
        guard let before = Instant(nanoseconds: cuts[stretch].nanoseconds - 1) else { continue }
        last = before
      } else {
        last = .latest
      }
      var found = [windowsHolding(at: start): start]
      for part in parts(from: start, through: last) {
        scan(part, through: last) { instant in
          let set = windowsHolding(at: instant)
          if found[set] == nil { found[set] = instant }
        }
        // A week or so mostly shows every set that there can be.
        if windows.count < 16, found.count == 1 << windows.count { break }
      }
      for (set, example) in found.sorted(by: { $0.key < $1.key }) {
        atoms.append(TimeDomain.Atom(stretch: stretch, windows: set, example: example))
      }
    }
    return atoms
  }

  private func windowsHolding(at instant: Instant) -> UInt64 {
    var set: UInt64 = 0
    for (index, window) in windows.enumerated() where window.contains(instant) {
      set |= 1 << UInt64(index)
    }
    return set
  }

  /// Seconds from the start of a stretch, first a few and then as many as show everything.
  private func parts(from start: Instant, through last: Instant) -> [Range<Int64>] {
    let first = start.seconds
    guard !windows.isEmpty else { return [] }
    // Offsets listed one by one end in 2037; from then on, and after the last excepted date,
    // everything repeats.
    let lastException = windows.flatMap(\.except).map(\.daysSince1970).max() ?? 0
    let regularFrom = max(68 * 366 * Self.day, (Int64(lastException) + 3) * Self.day, first)
    let end = max(first, min(last.seconds + 1, regularFrom + Self.cycle))
    return [first..<min(end, first + 10 * Self.day), first..<end]
  }

  /// Calls `body` with instants of a part of a stretch among which every set of windows occurs.
  private func scan(_ part: Range<Int64>, through last: Instant, _ body: (Instant) -> Void) {
    let (first, end) = (part.lowerBound, part.upperBound)
    guard first < end else { return }
    var borders: Set<Int64> = [first, end]
    for window in windows {
      for zone in [window.zone, window.daysZone] {
        borders.formUnion(zone.transitions(from: first, to: end))
      }
      for date in window.except {
        for day in -2...2 {
          let border = Int64(date.daysSince1970 + day) * Self.day
          if border > first, border < end { borders.insert(border) }
        }
      }
    }
    let sorted = borders.sorted()
    for (low, high) in zip(sorted, sorted.dropFirst()) {
      // A window that began before the border may still hold for up to two days after it.
      let firstPart = min(high, low + 10 * Self.day)
      visitChanges(from: low, to: firstPart, last, body)
      visitChanges(from: max(firstPart, high - 2 * Self.day), to: high, last, body)
    }
  }

  private func visitChanges(
    from low: Int64, to high: Int64, _ last: Instant, _ body: (Instant) -> Void
  ) {
    guard low < high else { return }
    var seconds: Set<Int64> = [low]
    for window in windows { seconds.formUnion(window.changes(from: low, to: high)) }
    for second in seconds.sorted() {
      if let instant = Instant(seconds: second), instant <= last { body(instant) }
    }
  }
}
