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
  private let alphabet: [Unicode.Scalar]
  /// The place of each character in the alphabet; those it lacks act like the first.
  private let letters: [Unicode.Scalar: Int]
  /// The state after each letter, for each state; the walk starts in the first.
  private let edges: [[Int]]
  /// The globs, ascending, that a text satisfies after which the walk is in a state.
  private let matches: [[Int]]
  private static let stateLimit = 20_000

  /// Walks the automaton of some globs; throws `TooMany` past 20,000 states.
  package init(_ globs: [Glob]) throws(TooMany) {
    let automaton = GlobAutomaton(globs)
    var states: [GlobAutomaton.State: Int] = [automaton.start: 0]
    var order = [automaton.start]
    var edges: [[Int]] = []
    while edges.count < order.count {
      var targets: [Int] = []
      for letter in automaton.alphabet.indices {
        let target = automaton.step(order[edges.count], letter: letter)
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
    }
    self.globs = globs
    self.edges = edges
    alphabet = automaton.alphabet
    letters = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, $0) })
    matches = order.map(automaton.matches)
  }

  /// The globs, ascending, that a text satisfies.
  ///
  /// O(length).
  package func globs(matching text: String) -> [Int] {
    matches[text.unicodeScalars.reduce(0) { edges[$0][letters[$1] ?? 0] }]
  }

  /// The combinations that a text outside `excluded` satisfies, each with such a text.
  ///
  /// Combinations are ascending indices into the globs.
  package func realizable(excluding excluded: Set<ExactText>) -> [[Int]: String] {
    var accepting: [[Int]: [Int]] = [:]
    for (state, globs) in matches.enumerated() { accepting[globs, default: []].append(state) }
    var exclusions: [[Int]: Int] = [:]
    for text in excluded { exclusions[globs(matching: text.string), default: 0] += 1 }
    var result: [[Int]: String] = [:]
    for (combination, goals) in accepting {
      if let pleasant = pleasantText(for: combination, excluding: excluded) {
        result[combination] = pleasant
      } else if let text = shortestText(
        to: goals, excluding: excluded, atMost: exclusions[combination] ?? 0)
      {
        result[combination] = text
      }
    }
    return result
  }

  /// What a person would put for a star.
  static let pleasantWords = ["x", "other", "1", "x1", "another"]

  /// A text a person would think of: the stars of the longest glob filled with one word.
  private func pleasantText(for combination: [Int], excluding excluded: Set<ExactText>) -> String? {
    let longest = combination.max {
      (globs[$0].literalCharacters, $0) < (globs[$1].literalCharacters, $1)
    }
    for word in Self.pleasantWords {
      let text =
        longest.map { index in
          globs[index].segments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: word)
        } ?? word
      guard !excluded.contains(ExactText(text)) else { continue }
      if globs(matching: text) == combination { return text }
    }
    return nil
  }

  /// The first text, by length, that ends in one of the states and is not excluded; nil: none.
  ///
  /// At most `count` excluded texts end there, so a state need not be entered by more than the
  /// `count + 1` shortest texts: with the same continuation, one of those is not excluded.
  private func shortestText(
    to goals: [Int], excluding excluded: Set<ExactText>, atMost count: Int
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
      for (scalar, target) in zip(alphabet, edges[state])
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
