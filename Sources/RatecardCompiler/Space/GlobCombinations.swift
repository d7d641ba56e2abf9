package import RatecardValues

/// Finds which combinations of globs some text satisfies, by walking the automaton of all of them
/// at once (a subset construction over positions within the patterns).
///
/// Every combination found has a text that shows it, and none is missed: all characters that no
/// pattern mentions act alike, so that one of them stands for all.
package struct GlobCombinations {
  /// The walk had more states than a card should need.
  package struct TooMany: Error {}

  private let globs: [Glob]
  private let automaton: GlobAutomaton
  private static let stateLimit = 20_000

  package init(_ globs: [Glob]) {
    self.globs = globs
    automaton = GlobAutomaton(globs)
  }

  /// The combinations that a text outside `excluded` satisfies, each with such a text.
  ///
  /// Combinations are ascending indices into the globs. Throws `TooMany` past 20,000 states.
  package func realizable(excluding excluded: Set<ExactText>) throws(TooMany) -> [[Int]: String] {
    var states: [GlobAutomaton.State: Int] = [automaton.start: 0]
    var order = [automaton.start]
    var edges: [[Int]] = []
    var next = 0
    while next < order.count {
      var targets: [Int] = []
      for letter in automaton.alphabet.indices {
        let target = automaton.step(order[next], letter: letter)
        if let known = states[target] {
          targets.append(known)
        } else {
          guard order.count < Self.stateLimit else { throw TooMany() }
          states[target] = order.count
          targets.append(order.count)
          order.append(target)
        }
      }
      edges.append(targets)
      next += 1
    }
    var accepting: [[Int]: [Int]] = [:]
    for index in order.indices {
      accepting[automaton.matches(order[index]), default: []].append(index)
    }
    var exclusions: [[Int]: Int] = [:]
    for text in excluded {
      exclusions[globs.indices.filter { globs[$0].matches(text.string) }, default: 0] += 1
    }
    var result: [[Int]: String] = [:]
    for (combination, goals) in accepting {
      if let pleasant = pleasantText(for: combination, excluding: excluded) {
        result[combination] = pleasant
      } else if let text = shortestText(
        to: goals, edges: edges, excluding: excluded, atMost: exclusions[combination] ?? 0)
      {
        result[combination] = text
      }
    }
    return result
  }

  /// A text a person would think of: the stars of the longest glob filled with one word.
  private func pleasantText(for combination: [Int], excluding excluded: Set<ExactText>) -> String? {
    let longest = combination.max {
      (globs[$0].literalCharacters, $0) < (globs[$1].literalCharacters, $1)
    }
    for word in ["x", "other", "1", "x1", "another"] {
      let text =
        longest.map { index in
          globs[index].segments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: word)
        } ?? word
      guard !excluded.contains(ExactText(text)) else { continue }
      if globs.indices.filter({ globs[$0].matches(text) }) == combination { return text }
    }
    return nil
  }

  /// The first text, by length, that ends in one of the states and is not excluded; nil: none.
  ///
  /// At most `count` excluded texts end there, so a state need not be entered by more than the
  /// `count + 1` shortest texts: with the same continuation, one of those is not excluded.
  private func shortestText(
    to goals: [Int], edges: [[Int]], excluding excluded: Set<ExactText>, atMost count: Int
  ) -> String? {
    // Only states from which a goal can be reached are walked, so that when all texts are excluded
    // the walk ends: the texts are then finitely many.
    var reverse = [[Int]](repeating: [], count: edges.count)
    for (from, targets) in edges.enumerated() {
      for target in targets { reverse[target].append(from) }
    }
    var leadsToGoal = [Bool](repeating: false, count: edges.count)
    var stack = goals
    for goal in goals { leadsToGoal[goal] = true }
    while let state = stack.popLast() {
      for previous in reverse[state] where !leadsToGoal[previous] {
        leadsToGoal[previous] = true
        stack.append(previous)
      }
    }
    guard leadsToGoal[0] else { return nil }
    let isGoal = Set(goals)
    var entered = [Int](repeating: 0, count: edges.count)
    var queue: [(state: Int, text: String)] = [(0, "")]
    var next = 0
    while next < queue.count {
      let (state, text) = queue[next]
      next += 1
      if isGoal.contains(state), !excluded.contains(ExactText(text)) { return text }
      for (scalar, target) in zip(automaton.alphabet, edges[state])
      where leadsToGoal[target] && entered[target] <= count {
        entered[target] += 1
        var longer = text
        longer.unicodeScalars.append(scalar)
        queue.append((target, longer))
      }
    }
    return nil
  }
}
