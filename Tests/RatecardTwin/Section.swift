package import RatecardModel

/// What the twin can say of the rules of a section, among which one wins.
///
/// Which rule beats which is found by looking at every request of a universe.
package struct Section<Outcome: Hashable & Sendable> {
  package let rules: [Rule<Outcome>]
  private let isRefusal: (Outcome) -> Bool
  /// The requests that rules are compared by.
  package let universe: Universe
  /// For each rule the requests that its conditions select.
  private let selected: [[Bool]]
  /// For each rule the requests for which it holds.
  private let live: [[Bool]]
  /// Each set of rules that match some request together, with the number of such a request.
  private let matchings: [[Int]: Int]
  /// `beats[a][b]`: rule a beats rule b.
  package let beats: [[Bool]]

  /// What the rules come to for a request.
  package enum Winner: Hashable {
    case rule(Int)
    case none
    /// These rules are left (or all matching ones, where each is beaten).
    case ambiguous([Int])
  }

  package init(
    _ rules: [Rule<Outcome>], of twin: TwinCard, servesRequestedModel: Bool,
    limit: Int = 200_000, isRefusal: @escaping (Outcome) -> Bool = { _ in false }
  ) throws {
    self.rules = rules
    self.isRefusal = isRefusal
    let questions = Set(rules.flatMap { $0.scope.live.flatMap { $0 } })
    let universe = try Universe(
      questions, of: twin, servesRequestedModel: servesRequestedModel, limit: limit)
    self.universe = universe
    let selected = rules.map { universe.holds($0.scope.compared) }
    let live = rules.map { universe.holds($0.scope.live) }
    self.live = live
    self.selected = selected
    var matchings: [[Int]: Int] = [:]
    for number in 0..<universe.count {
      let matching = rules.indices.filter { live[$0][number] }
      if matchings[matching] == nil { matchings[matching] = number }
    }
    self.matchings = matchings
    let count = rules.count
    beats = (0..<count).map { a in
      (0..<count).map { b in
        guard a != b else { return false }
        if rules[a].overrides.contains(b) { return true }
        if rules[b].overrides.contains(a) { return false }
        return Self.isProperSubset(selected[a], of: selected[b])
      }
    }
  }

  private static func isProperSubset(_ left: [Bool], of right: [Bool]) -> Bool {
    var isProper = false
    for (inLeft, inRight) in zip(left, right) where inLeft != inRight {
      if inLeft { return false }
      isProper = true
    }
    return isProper
  }

  /// The winner for a request, whose rules are matched literally.
  package func winner(for request: TwinRequest) -> Winner {
    winner(among: rules.indices.filter { rules[$0].scope.holds(for: request) })
  }

  /// Whether the universe holds a request that the same rules match: it must, whatever the request.
  package func foresees(_ request: TwinRequest) -> Bool {
    matchings[rules.indices.filter { rules[$0].scope.holds(for: request) }] != nil
  }

  /// The winner among the rules that match a request.
  package func winner(among matching: [Int]) -> Winner {
    if matching.isEmpty { return .none }
    let left = left(of: matching)
    if left.isEmpty { return .ambiguous(matching) }
    let refusals = left.filter { isRefusal(rules[$0].outcome) }
    if let first = firstByName(refusals) { return .rule(first) }
    if Set(left.map { rules[$0].outcome }).count > 1 { return .ambiguous(left) }
    return firstByName(left).map { .rule($0) } ?? .none
  }

  /// The matching rules that no other matching rule beats.
  private func left(of matching: [Int]) -> [Int] {
    matching.filter { rule in !matching.contains { beats[$0][rule] } }
  }

  private func firstByName(_ rules: [Int]) -> Int? {
    rules.min { TwinText(self.rules[$0].name) < TwinText(self.rules[$1].name) }
  }

  // MARK: What keeps a card from loading

  /// What the universe shows of a section.
  package struct Findings {
    /// Requests for which the rules contradict each other.
    package var ambiguous: [(request: TwinRequest, rules: [Int])] = []
    /// Pairs of rules with the same conditions and different outcomes.
    package var sameConditions: [(Int, Int)] = []
    /// Rules that never win although their outcome would make a difference.
    package var neverWins: [Int] = []
    /// Rules that never win and whose outcome is the winner's anyway.
    package var redundant: [Int] = []

    /// Whether a card with these does not load.
    package var refuse: Bool {
      !ambiguous.isEmpty || !sameConditions.isEmpty || !neverWins.isEmpty
    }
  }

  package func findings() -> Findings {
    var findings = Findings()
    var wins = [Bool](repeating: false, count: rules.count)
    var differs = wins
    var isLive = wins
    for (matching, number) in matchings.sorted(by: { $0.value < $1.value }) {
      for rule in matching { isLive[rule] = true }
      switch winner(among: matching) {
      case .rule(let winning):
        // A rule that is left beside it and says the same, or refuses too, is not beaten either.
        for rule in left(of: matching)
        where isRefusal(rules[winning].outcome)
          ? isRefusal(rules[rule].outcome) : rules[rule].outcome == rules[winning].outcome
        {
          wins[rule] = true
        }
        for rule in matching where rules[rule].outcome != rules[winning].outcome {
          differs[rule] = true
        }
      case .ambiguous(let left):
        findings.ambiguous.append((universe.request(number), left))
        // Which of these wins is for a person to say.
        for rule in matching { wins[rule] = true }
      case .none: break
      }
    }
    for rule in rules.indices where !wins[rule] {
      if isLive[rule] && isSuspended(rule) { continue }
      if isLive[rule] && !differs[rule] {
        findings.redundant.append(rule)
      } else {
        findings.neverWins.append(rule)
      }
    }
    for a in rules.indices {
      for b in rules.indices where a < b && contradict(a, b) {
        findings.sameConditions.append((a, b))
      }
    }
    return findings
  }

  /// A price and a refusal with the same conditions are fine once one overrides the other.
  private func isSuspended(_ rule: Int) -> Bool {
    rules.indices.contains { other in
      rules[other].overrides.contains(rule) && selected[other] == selected[rule]
        && isRefusal(rules[other].outcome) != isRefusal(rules[rule].outcome)
        && zip(live[other], live[rule]).contains { $0 && $1 }
    }
  }

  private func contradict(_ a: Int, _ b: Int) -> Bool {
    guard rules[a].outcome != rules[b].outcome, !beats[a][b], !beats[b][a] else { return false }
    return selected[a] == selected[b] && zip(live[a], live[b]).contains { $0 && $1 }
  }
}
