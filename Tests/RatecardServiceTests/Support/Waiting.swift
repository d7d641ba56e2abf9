import Foundation
import Synchronization

/// How many seconds something may take that the service promises to do within one.
///
/// Other tests keep the processors busy; `PromptnessTests` hold the service to the second.
let promptly = 10.0

/// Asks again and again until there is an answer; nil: there was none in time.
///
/// The limit is one that only a failure reaches, unless a test is about the time.
func eventually<T>(within seconds: Double = 60, _ ask: () throws -> T?) rethrows -> T? {
  let end = Date().addingTimeInterval(seconds)
  repeat {
    if let answer = try ask() { return answer }
    usleep(2_000)
  } while Date() < end
  return nil
}

/// Waits until something holds; false: it did not in time.
func isTrue(within seconds: Double = 60, _ condition: () throws -> Bool) rethrows -> Bool {
  try eventually(within: seconds) { try condition() ? true : nil } ?? false
}

/// Threads that do the same, each with its number, until they return.
final class Threads: Sendable {
  private let running = DispatchGroup()
  private let failures = Mutex<[String]>([])

  /// Starts them.
  init(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) {
    for number in 0..<count {
      running.enter()
      Thread.detachNewThread { [self] in
        do { try body(number) } catch { failures.withLock { $0.append("\(error)") } }
        running.leave()
      }
    }
  }

  /// Waits for all of them, and returns what was thrown.
  func join() -> [String] {
    running.wait()
    return failures.withLock { $0 }
  }
}

/// A switch that threads look at.
final class Flag: Sendable {
  private let value = Atomic<Bool>(false)

  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}
