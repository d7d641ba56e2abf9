internal import RatecardJSON

/// Times loops over many requests, in nanoseconds a request.
struct Stopwatch {
  /// How often a loop is timed.
  let runs: Int

  /// The least, the median and the greatest time that one of `count` steps of a loop took.
  func nanoseconds(_ count: Int, _ loop: () throws -> Void) rethrows -> Nanoseconds {
    try loop()
    var times: [Double] = []
    for _ in 0..<runs {
      let start = ContinuousClock.now
      try loop()
      times.append((ContinuousClock.now - start) / .nanoseconds(1) / Double(count))
    }
    return Nanoseconds(times)
  }
}

/// What a step took.
struct Nanoseconds {
  let least: Double
  let median: Double
  let greatest: Double

  /// The least, the median and the greatest of some times.
  init(_ times: [Double]) {
    let sorted = times.sorted()
    least = sorted[0]
    median = sorted[sorted.count / 2]
    greatest = sorted[sorted.count - 1]
  }

  var json: JSONValue {
    .array([least, median, greatest].map { .number(column($0, 0)) })
  }
}
