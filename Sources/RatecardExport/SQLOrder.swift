internal import RatecardCompiler
internal import RatecardModel

/// The rule that wins, as one `CASE` over the rules of a set.
struct SQLOrder {
  let rules: RuleSet
  /// The condition of each rule.
  let conditions: [String]

  /// An expression for the number of the rule that wins, where `number` tells a rule's; null: none.
  ///
  /// Rules stand in an order in which the first that holds is the one that wins: behind those that
  /// beat it, behind the refusals that win beside it, and behind those that would be reported in its
  /// place. Should there be no such order, each asks besides that nothing that beats it holds.
  func winner(_ number: (Int) -> Int) -> String {
    var cases: [String] = []
    if let order = topological() {
      for rule in order where conditions[rule] != "FALSE" {
        cases.append("WHEN \(conditions[rule]) THEN \(number(rule))")
        if conditions[rule] == "TRUE" { break }
      }
    } else {
      for rule in rules.rules.indices.sorted(by: isReportedFirst) {
        let beaters = rules.beaters[rule].map { "COALESCE(\(conditions[$0]), FALSE)" }
        let unbeaten = beaters.map { "NOT \($0)" }
        cases.append(
          "WHEN \(SQLConditions.all([conditions[rule]] + unbeaten)) THEN \(number(rule))")
      }
    }
    return cases.isEmpty ? "CAST(NULL AS INT)" : "CASE \(cases.joined(separator: "\n      ")) END"
  }

  private func isReportedFirst(_ left: Int, _ right: Int) -> Bool {
    let (first, second) = (rules.rules[left], rules.rules[right])
    if first.isDenial != second.isDenial { return first.isDenial }
    return first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
  }

  /// The rules in such an order; nil: there is none.
  private func topological() -> [Int]? {
    let count = rules.rules.count
    var behind = [[Int]](repeating: [], count: count)
    var waitsFor = [Int](repeating: 0, count: count)
    func put(_ first: Int, before second: Int) {
      behind[first].append(second)
      waitsFor[second] += 1
    }
    for rule in 0..<count {
      for beater in rules.beaters[rule] { put(beater, before: rule) }
      for rival in rules.rivals(of: rule) where isReportedFirst(rival, rule) {
        put(rival, before: rule)
      }
    }
    var ready = (0..<count).filter { waitsFor[$0] == 0 }.reversed() as [Int]
    var order: [Int] = []
    while let rule = ready.popLast() {
      order.append(rule)
      for next in behind[rule].reversed() {
        waitsFor[next] -= 1
        if waitsFor[next] == 0 { ready.append(next) }
      }
    }
    return order.count == count ? order : nil
  }
}
