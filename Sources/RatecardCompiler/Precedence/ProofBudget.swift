internal import Synchronization

/// How many more steps the parts of one proof may take together; a step looks at one box.
///
/// Searches are exponential at worst. What a budget counts is the same on every machine, so that
/// whether a proof is given up does not depend on the day.
package final class ProofBudget: Sendable {
  private let left: Atomic<Int>

  /// About a quarter of a second's worth, however many rules there are.
  private static let steps = 2_000_000
  /// What every rule adds, so that a large card of easy rules is never given up.
  private static let stepsOfRule = 200

  package init(steps: Int) { left = Atomic(steps) }

  /// What a proof about some rules may take.
  package convenience init(rules: Int) {
    self.init(steps: Self.steps + rules * Self.stepsOfRule)
  }

  package var stepsLeft: Int { left.load(ordering: .relaxed) }

  /// Takes some steps, or gives up where they are not left.
  package func take(_ steps: Int) throws(RoomSearch.GaveUp) {
    if left.subtract(steps, ordering: .relaxed).newValue < 0 { throw RoomSearch.GaveUp() }
  }
}
