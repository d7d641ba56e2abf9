internal import Ratecard

/// The thread that reads the card's folder when it is told to.
///
/// A large card takes a while to load and prove. Nobody waits for that but who asked for it, and the
/// service's end does not either.
final class Reloading: Sendable {
  private struct State: Sendable {
    var isWanted = false
    var isStopped = false
    /// Who waits for the next reload, and who for the one at hand.
    var next: [Completion] = []
    var present: [Completion] = []
  }

  private let state = Signal(State())
  private let thread: ServiceThread

  /// Makes the thread; `reply` answers who asked.
  init(_ live: LiveRateCard, reply: @escaping @Sendable (LiveRateCard.Change) -> Reply) {
    let state = state
    thread = ServiceThread {
      while Self.begins(state) {
        let reply = reply(live.reload())
        let waiting = state.change { state in
          defer { state.present = [] }
          return state.present
        }
        for completion in waiting { completion(reply) }
      }
    }
  }

  /// Waits until a reload is wanted; false: no more are.
  private static func begins(_ state: Signal<State>) -> Bool {
    state.wait { state -> Bool? in
      if state.isStopped { return false }
      guard state.isWanted else { return nil }
      state.isWanted = false
      state.present = state.next
      state.next = []
      return true
    } ?? false
  }

  /// Reads the folder soon, and once for all who ask meanwhile.
  func ask(_ completion: Completion? = nil) {
    let isTaken = state.change { state in
      if state.isStopped { return false }
      state.isWanted = true
      if let completion { state.next.append(completion) }
      return true
    }
    if !isTaken { completion?(.stopping) }
  }

  /// Answers who still waits, and begins no more.
  func giveUp() {
    let waiting = state.change { state in
      state.isStopped = true
      defer { (state.present, state.next) = ([], []) }
      return state.present + state.next
    }
    for completion in waiting { completion(.stopping) }
  }

  /// Waits for the reload at hand.
  func join() { thread.join() }
}

extension Reply {
  static var stopping: Reply {
    failure(503, "stopping", "the service is stopping; ask another one")
      .retrying(afterSeconds: 1)
  }
}
