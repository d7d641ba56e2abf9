internal import Synchronization

/// How much memory the bodies of all requests may take together.
final class BodyBudget: Sendable {
  private let left: Atomic<Int>

  init(bytes: Int) { left = Atomic(bytes) }

  /// Takes some of it; false: there is not enough.
  func take(_ bytes: Int) -> Bool {
    if left.subtract(bytes, ordering: .relaxed).newValue >= 0 { return true }
    left.add(bytes, ordering: .relaxed)
    return false
  }

  /// Gives back what was taken.
  func give(_ bytes: Int) {
    if bytes > 0 { left.add(bytes, ordering: .relaxed) }
  }
}
