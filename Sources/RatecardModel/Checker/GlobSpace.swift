internal import RatecardValues

/// Whether there is a text that some globs match and others do not, decided exactly.
///
/// All globs are run side by side over one text; the search is breadth first, so the text that it
/// finds is a shortest one.
enum GlobSpace {
  /// What a search ended with.
  enum Answer: Equatable {
    /// A shortest such text.
    case found(String)
    /// There is none.
    case none
    /// The search was given up at its limit.
    case unknown
  }

  /// The most combined states that a search visits.
  private static let stateLimit = 50_000

  /// Looks for a text that every glob of `matched` matches and none of `unmatched` does.
  ///
  /// O(states × alphabet), where the states multiply only over globs that stay alive together.
  static func text(matchedBy matched: [Glob], notBy unmatched: [Glob]) -> Answer {
    let automaton = GlobAutomaton(matched + unmatched)
    let wanted = Array(matched.indices)
    var seen: Set<GlobAutomaton.State> = [automaton.start]
    var queue = [(state: automaton.start, text: "")]
    var next = 0
    while next < queue.count {
      let (state, text) = queue[next]
      if automaton.matches(state) == wanted { return .found(text) }
      for (letter, scalar) in automaton.alphabet.enumerated() {
        let after = automaton.step(state, letter: letter)
        guard wanted.allSatisfy({ automaton.isAlive($0, in: after) }), !seen.contains(after) else {
          continue
        }
        guard seen.count < stateLimit else { return .unknown }
        seen.insert(after)
        var longer = text
        longer.unicodeScalars.append(scalar)
        queue.append((after, longer))
      }
      next += 1
    }
    return .none
  }

  /// Whether two globs could match one text, judged by how they begin and end; false is certain.
  static func mayMeet(_ left: Glob, _ right: Glob) -> Bool {
    guard let leftHead = left.segments.first, let rightHead = right.segments.first,
      let leftTail = left.segments.last, let rightTail = right.segments.last
    else { return true }
    let heads = zip(leftHead, rightHead).allSatisfy { $0 == $1 }
    let tails = zip(leftTail.reversed(), rightTail.reversed()).allSatisfy { $0 == $1 }
    return heads && tails
  }
}
