internal import RatecardDiagnostics
internal import RatecardSyntax

/// Sections whose readers are still being written; each line goes when its reader is there.
extension CheckContext {
  mutating func readCosts() -> [Rule<CostOutcome>] { [] }
  mutating func readAdjustments(costs: [Rule<CostOutcome>]) -> [Rule<Adjustment>] { [] }
  mutating func readTiers() -> [Rule<String>] { [] }
  mutating func readRoutes() -> [Rule<RouteOutcome>] { [] }
  mutating func readEvents() -> [Rule<EventOutcome>] { [] }

  /// What a `when` says: one list of conditions an alternative; no `when` is one empty list.
  /// Only within `events` may it look at `event.NAME`. Nil after something was reported.
  mutating func readWhen(_ node: Node?, inEvents: Bool = false) -> [[Condition]]? { [[]] }

  /// A matcher on the values of an attribute; nil after something was reported.
  mutating func readMatcher(_ node: Node, for attribute: Attribute) -> Matcher? { nil }

  /// The name of a rule without `name`: its conditions as `attribute: matcher`, sorted and joined
  /// with a comma; nil without conditions.
  func conditionsName(_ when: Node?) -> String? { nil }
}
