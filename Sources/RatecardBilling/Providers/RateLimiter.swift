public import RatecardValues
internal import Synchronization

/// Keeps calls within a provider's limits, and within whatever its answers say of them.
///
/// All threads that call the provider with one account share one.
public final class RateLimiter: Sendable {
  private struct State: Sendable {
    /// When the latest calls were made, as many as a minute may have.
    var calls: [Instant] = []
    var next = 0
    /// Before then the provider wants no call.
    var closedUntil = Instant.earliest
  }

  private let perSecond: Int
  private let perMinute: Int
  private let state = Mutex(State())
  /// However long a provider asks to be left alone, it is asked again after an hour.
  static let longestRestSeconds: Int64 = 3_600

  /// Makes a limiter; both limits are above zero.
  public init(perSecond: Int = 40, perMinute: Int = 240) {
    precondition(perSecond > 0 && perMinute >= perSecond, "a limit lets calls through")
    self.perSecond = perSecond
    self.perMinute = perMinute
  }

  /// When the next call may be made; not after `now`: at once.
  public func readyAt(_ now: Instant) -> Instant {
    state.withLock { state in
      // The clock may have been set back: no rest is longer, and no call was in the future.
      state.closedUntil = min(
        state.closedUntil, now.adding(milliseconds: Self.longestRestSeconds * 1_000))
      var ready = max(now, state.closedUntil)
      // The call so many calls ago has to be that long ago.
      for (count, seconds) in [(perSecond, Int64(1)), (perMinute, 60)] {
        guard state.calls.count >= count else { continue }
        let place = (state.next - count + state.calls.count) % state.calls.count
        guard state.calls[place] <= now else { continue }
        ready = max(ready, state.calls[place].adding(milliseconds: seconds * 1_000))
      }
      return ready
    }
  }

  /// Notes that a call is made.
  func note(callAt now: Instant) {
    state.withLock { state in
      if state.calls.count < perMinute {
        state.calls.append(now)
        state.next = state.calls.count % perMinute
      } else {
        state.calls[state.next] = now
        state.next = (state.next + 1) % perMinute
      }
    }
  }

  /// Notes what an answer says of the limits; answers how long the provider wants no call, if it
  /// says so.
  func note(_ response: HTTPResponse, now: Instant) -> Int64? {
    var rest = response.headers["retry-after"].flatMap { Self.seconds(retryAfter: $0, now: now) }
    if rest == nil, response.headers["x-ratelimit-remaining"].flatMap({ Int64($0) }) == 0 {
      rest = response.headers["x-ratelimit-reset"].flatMap { Self.seconds(reset: $0, now: now) }
    }
    guard let rest, rest > 0 else { return nil }
    let seconds = min(rest, Self.longestRestSeconds)
    state.withLock { state in
      state.closedUntil = max(state.closedUntil, now.adding(milliseconds: seconds * 1_000))
    }
    return seconds
  }

  /// How long a `Retry-After` asks to wait, an hour at the most; nil: there is none that makes sense.
  static func seconds(retryAfter header: String?, now: Instant) -> Int64? {
    header.flatMap { seconds(retryAfter: $0, now: now) }.map { min($0, longestRestSeconds) }
  }

  /// `Retry-After`: seconds, or a date such as `Thu, 26 Nov 2026 06:00:00 GMT`.
  private static func seconds(retryAfter text: String, now: Instant) -> Int64? {
    if text.utf8.allSatisfy({ (48...57).contains($0) }), !text.isEmpty {
      // More digits than fit are longer than any rest we take.
      return Int64(text) ?? longestRestSeconds
    }
    let words = text.split(separator: " ")
    let months = [
      "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06", "Jul": "07",
      "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
    ]
    guard words.count == 6, words[5] == "GMT", let month = months[String(words[2])],
      let at = try? Instant(parsing: "\(words[3])-\(month)-\(words[1])T\(words[4])Z")
    else { return nil }
    return max(0, at.seconds - now.seconds)
  }

  /// `X-RateLimit-Reset`, whose unit nobody says: what is too large for seconds from now is a time,
  /// in seconds or milliseconds.
  private static func seconds(reset text: String, now: Instant) -> Int64? {
    guard let value = Int64(text), value >= 0 else { return nil }
    if value > 100_000_000_000 { return max(0, value / 1_000 - now.seconds + 1) }
    if value > 100_000_000 { return max(0, value - now.seconds) }
    return value
  }
}

extension Instant {
  /// The instant so many milliseconds later; the last there is where that is beyond it.
  func adding(milliseconds: Int64) -> Instant {
    let sum = nanoseconds + Int128(milliseconds) * 1_000_000
    return Instant(nanoseconds: sum) ?? (sum < 0 ? .earliest : .latest)
  }
}
