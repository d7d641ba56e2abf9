internal import Glibc
internal import RatecardJSON

/// Times loops over many requests, in nanoseconds of this thread's processor time a request: while other
/// work has its core, no time passes.
struct Stopwatch {
  /// How often a loop is timed.
  let runs: Int

  /// The least, the median and the greatest time that one of `count` steps of a loop took.
  func nanoseconds(_ count: Int, _ loop: () throws -> Void) rethrows -> Nanoseconds {
    try loop()
    var times: [Double] = []
    for _ in 0..<runs {
      let start = Self.processorNanoseconds
      try loop()
      times.append(Double(Self.processorNanoseconds - start) / Double(count))
    }
    return Nanoseconds(times)
  }

  /// What this thread has taken so far.
  static var processorNanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
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
