import RatecardCompiler
import RatecardModel
import RatecardValues

/// Says in words which instants some atoms of the axis of time hold.
struct TimeText {
  private let card: Card
  private let times: TimeDomain

  init(_ card: Card, _ times: TimeDomain) {
    self.card = card
    self.times = times
  }

  /// `at: from 2026-01-01T00:00:00Z, until …`, with the windows that hold where they matter.
  func words(_ atoms: AtomSet) -> String {
    var stretches: [(stretch: Int, windows: Set<UInt64>)] = []
    for atom in atoms.atoms {
      let time = times.atoms[atom]
      if stretches.last?.stretch == time.stretch {
        stretches[stretches.count - 1].windows.insert(time.windows)
      } else {
        stretches.append((time.stretch, [time.windows]))
      }
    }
    // Stretches that follow each other and hold the same windows, or all of theirs, are one.
    var runs: [(first: Int, last: Int, windows: Set<UInt64>?)] = []
    for (stretch, windows) in stretches {
      let shown = windows == all(in: stretch) ? nil : windows
      if let last = runs.last, last.last + 1 == stretch, last.windows == shown {
        runs[runs.count - 1].last = stretch
      } else {
        runs.append((stretch, stretch, shown))
      }
    }
    return runs.map { run in
      let parts = [run.windows.map(windowWords), span(run.first, run.last)]
      return parts.compactMap(\.self).joined(separator: ", ")
    }
    .joined(separator: " or ")
  }

  private func all(in stretch: Int) -> Set<UInt64> {
    Set(times.atoms(inStretches: stretch..<stretch + 1).atoms.map { times.atoms[$0].windows })
  }

  private func span(_ first: Int, _ last: Int) -> String? {
    let from = first == 0 ? nil : "from \(times.cuts[first - 1])"
    let until = last == times.cuts.count ? nil : "until \(times.cuts[last])"
    let parts = [from, until].compactMap(\.self)
    return parts.isEmpty ? nil : "at: " + parts.joined(separator: ", ")
  }

  private func windowWords(_ sets: Set<UInt64>) -> String {
    let words = sets.sorted().map { set -> String in
      let names = times.windows.indices.filter { set & (1 << UInt64($0)) != 0 }
        .map { card.windows[times.windows[$0]].name.string }
      return names.isEmpty ? "absent" : names.joined(separator: " and ")
    }
    return "window: " + words.joined(separator: " or ")
  }
}
