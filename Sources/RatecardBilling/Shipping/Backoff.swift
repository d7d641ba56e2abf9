/// How long to wait after failures in a row: at random up to a bound that doubles each time.
struct Backoff {
  private static let firstMilliseconds: Int64 = 1_000
  static let longestMilliseconds: Int64 = 300_000
  private(set) var failures = 0

  /// Notes a failure; answers for how many milliseconds to wait.
  ///
  /// The whole wait is random, so that many who failed together do not come back together.
  mutating func fail(_ random: (ClosedRange<Int64>) -> Int64) -> Int64 {
    let bound = min(Self.longestMilliseconds, Self.firstMilliseconds << min(failures, 20))
    failures += 1
    return random(0...bound)
  }

  /// Notes that something went well.
  mutating func succeed() { failures = 0 }
}
