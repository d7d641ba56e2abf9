internal import Glibc
internal import Ratecard
internal import RatecardValues

/// Clocks that only go forward.
enum MonotonicClock {
  /// Nanoseconds since some moment before the process began.
  static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Milliseconds since the same moment, to the kernel's tick: cheaper.
  static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension Instant {
  /// Now, by the system's clock, in whole microseconds: as finely as stores keep it.
  static var present: Instant {
    let now = Instant.now().nanoseconds
    return Instant(nanoseconds: now - now % 1_000) ?? .earliest
  }
}
