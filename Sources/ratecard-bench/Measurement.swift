internal import RatecardJSON

/// What several runs of one program took.
struct Measurement {
  /// The least, the median and the greatest of some times.
  struct Spread {
    let least: Duration
    let median: Duration
    let greatest: Duration

    init(_ durations: [Duration]) {
      let sorted = durations.sorted()
      least = sorted[0]
      median = sorted[sorted.count / 2]
      greatest = sorted[sorted.count - 1]
    }

    /// In milliseconds.
    var columns: String {
      [least, median, greatest].map { column($0 / .milliseconds(1), 8) }.joined()
    }

    var json: JSONValue {
      .array([least, median, greatest].map { .number("\(Int($0 / .microseconds(1)))") })
    }
  }

  let command: [String]
  let runs: Int
  let processor: Spread
  let wall: Spread
  let peakKilobytes: Int

  /// Runs a program so many times, each to its end; a failure of it is thrown.
  init(_ command: [String], runs: Int, on bench: Bench) throws {
    self.command = command
    self.runs = runs
    let results = try (0..<runs).map { _ in
      let result = try ProcessRun(command, output: bench.path("output"))
      guard result.code == 0 else {
        throw ProcessRun.Failure.program(words: command, output: result.output)
      }
      return result
    }
    processor = Spread(results.map(\.processor))
    wall = Spread(results.map(\.wall))
    peakKilobytes = results.map(\.peakKilobytes).max() ?? 0
  }

  var json: JSONValue {
    [
      "command": .string(command.joined(separator: " ")), "runs": .number("\(runs)"),
      "processor_microseconds": processor.json, "wall_microseconds": wall.json,
      "peak_kilobytes": .number("\(peakKilobytes)"),
    ]
  }

  /// A row of a table: times, memory, and how many times another's least times its own are.
  func row(_ name: String, times other: Measurement? = nil) -> String {
    var row = name + String(repeating: " ", count: max(0, 30 - name.count))
    row += processor.columns + " " + wall.columns + column(Double(peakKilobytes) / 1024, 8)
    if let other {
      row += column(processor.least / other.processor.least, 8)
      row += column(wall.least / other.wall.least, 8)
    }
    return row
  }

  /// The head of tables of such rows.
  static let head = """
    \(String(repeating: " ", count: 30))\
      processor, milliseconds      wall, milliseconds               times libyaml
    \(String(repeating: " ", count: 30))\
       least  median    most    least  median    most      MB   proc.    wall
    """
}

/// A number with one decimal, right-aligned.
func column(_ value: Double, _ width: Int) -> String {
  let tenths = Int((value * 10).rounded())
  let text = "\(tenths / 10).\(tenths % 10)"
  return String(repeating: " ", count: max(0, width - text.count)) + text
}
