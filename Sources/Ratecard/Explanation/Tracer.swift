internal import RatecardCompiler
internal import RatecardDiagnostics
internal import RatecardModel
internal import RatecardValues

/// Decides a request by walking the model, and keeps what it sees on the way.
///
/// It is a second path: nothing of the compiled table is used. Which rule beats which is worked out
/// anew, of the rules that hold.
struct Tracer {
  let card: Card
  let files: [SourceFile]
  private let wording: Wording
  private(set) var stages: [Explanation.Stage] = []
  private(set) var steps: [Explanation.Step] = []

  init(card: Card, files: [SourceFile]) {
    self.card = card
    self.files = files
    wording = Wording(card)
  }

  // MARK: Stages

  /// Traces tiers, then routes, then costs.
  ///
  /// `model` tells the model that a route, by its index, sends the request to: a split is a matter
  /// of hashing, not of the card.
  mutating func traceDecision(
    _ request: inout TracedRequest, routedBy model: (Int) -> String?
  ) {
    let wording = wording
    let tier = winner(
      "tiers", card.tiers, request, seesRouting: false, says: \.string, isRefusal: { _ in false })
    request.decide(tier: tier.map { card.tiers[$0].outcome })
    let route = winner(
      "routes", card.routes, request, seesRouting: false, says: { wording.outcome($0) },
      isRefusal: { if case .deny = $0 { true } else { false } })
    if let route {
      guard case .route(let chosen) = card.routes[route].outcome else { return }
      let routed = model(route)
      if chosen.split != nil {
        stages[stages.count - 1].remark = "the split chooses \(routed ?? "")"
      }
      if let routed { request.decide(model: ExactText(routed)) }
    }
    traceCost(request)
  }

  /// Traces the costs and adjustments.
  mutating func traceCost(_ request: TracedRequest) {
    let wording = wording
    let cost = winner(
      "costs", card.costs, request, seesRouting: true, says: { wording.outcome($0) },
      isRefusal: { if case .deny = $0 { true } else { false } })
    guard let cost, case .price(let price) = card.costs[cost].outcome else { return }
    let applying = price.isAdjustable ? adjustments(request) : []
    var amounts = AmountTracer(card: card, request: request)
    _ = try? amounts.price(price, adjustments: applying)
    steps = amounts.steps
  }

  private mutating func adjustments(
    _ request: TracedRequest
  ) -> [(name: String, adjustment: Adjustment)] {
    let wording = wording
    let holding = card.adjustments.indices.filter { request.satisfies(card.adjustments[$0].scope) }
    var applying = holding.filter { card.adjustments[$0].outcome.group == nil }
    if !applying.isEmpty {
      let candidates = applying.map { candidate(card.adjustments[$0], says: wording.outcome, []) }
      stages.append(
        Explanation.Stage(
          section: "adjustments", candidates: candidates, winner: nil, remark: "all of them apply"))
    }
    let groups = Set(holding.compactMap { card.adjustments[$0].outcome.group }).sorted()
    for group in groups {
      let members = card.adjustments.indices.filter { card.adjustments[$0].outcome.group == group }
      let index = winner(
        "adjustments, group \(group)", card.adjustments, request, among: members,
        seesRouting: true, says: { wording.outcome($0) }, isRefusal: { _ in false })
      if let index { applying.append(index) }
    }
    return applying.map { (card.adjustments[$0].name, card.adjustments[$0].outcome) }
      .sorted { precedes($0.0, $1.0) }
  }

  // MARK: Precedence

  /// Finds the rule of a section that wins, and records the candidates and what beat them.
  private mutating func winner<Outcome: Hashable>(
    _ title: String, _ rules: [Rule<Outcome>], _ request: TracedRequest,
    among members: [Int]? = nil,
    seesRouting: Bool, says: (Outcome) -> String, isRefusal: (Outcome) -> Bool
  ) -> Int? {
    guard !rules.isEmpty else { return nil }
    let matching = (members ?? Array(rules.indices)).filter { request.satisfies(rules[$0].scope) }
    let beaters = beaters(among: matching, of: rules, seesRouting: seesRouting)
    var defeats: [Int: [Explanation.Defeat]] = [:]
    var left: [Int] = []
    for (loser, beaters) in zip(matching, beaters) {
      if beaters.isEmpty { left.append(loser) }
      defeats[loser] = beaters.map { beater in
        let overrides = rules[beater].overrides.contains(loser)
        return Explanation.Defeat(
          by: rules[beater].name, reason: overrides ? .overrides : .moreSpecific)
      }
    }
    let refusals = left.filter { isRefusal(rules[$0].outcome) }
    let contenders = refusals.isEmpty ? left : refusals
    let winner = contenders.min { precedes(rules[$0].name, rules[$1].name) }
    if let winner {
      for index in left where index != winner {
        let same = !refusals.isEmpty && !refusals.contains(index)
        defeats[index] = [
          Explanation.Defeat(by: rules[winner].name, reason: same ? .refusal : .sameOutcome)
        ]
      }
    }
    let order = matching.sorted { one, other in
      if (one == winner) != (other == winner) { return one == winner }
      return precedes(rules[one].name, rules[other].name)
    }
    stages.append(
      Explanation.Stage(
        section: title,
        candidates: order.map { candidate(rules[$0], says: says, defeats[$0] ?? []) },
        winner: winner.map { rules[$0].name },
        remark: matching.isEmpty ? "no rule matches" : nil))
    return winner
  }

  /// For each rule that holds, the others that beat it.
  private func beaters<Outcome>(
    among matching: [Int], of rules: [Rule<Outcome>], seesRouting: Bool
  ) -> [[Int]] {
    let few = matching.map { index in
      let rule = rules[index]
      return Rule(
        name: rule.name, scope: rule.scope,
        overrides: rule.overrides.compactMap { matching.firstIndex(of: $0) },
        outcome: rule.outcome, span: rule.span)
    }
    return Precedence.beaters(among: few, of: card, seesRouting: seesRouting)
      .map { $0.map { matching[$0] } }
  }

  private func candidate<Outcome>(
    _ rule: Rule<Outcome>, says: (Outcome) -> String, _ defeats: [Explanation.Defeat]
  ) -> Explanation.Candidate {
    let file = files[Int(rule.span.file.index)]
    let position = file.position(at: Int(rule.span.start))
    return Explanation.Candidate(
      rule: rule.name,
      place: .init(path: file.path, line: position.line, column: position.column),
      conditions: wording.conditions(rule.scope), says: says(rule.outcome), defeats: defeats)
  }
}
