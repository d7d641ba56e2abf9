internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// How a grant behaves at the billing provider: said once for the card, and where it differs, in a
/// plan.
extension CheckContext {
  /// The keys of `credit` and of a plan that describe the grant.
  static let grantKeys = ["expires_after_days", "rollover", "overage"]

  /// Reads the grant's keys among the fields of `credit` or of a plan.
  mutating func grantTerms(_ fields: Fields) -> GrantTerms {
    var terms = GrantTerms()
    if let node = fields["expires_after_days"] {
      terms.expiresAfterDays = integer(node, "`expires_after_days`", in: 1...36_500)
    }
    if let node = fields["rollover"],
      let rollover = self.fields(
        of: node, "`rollover`", keys: ["percent", "for", "times"], required: ["percent"]),
      let percent = rollover["percent"]
    {
      terms.rolloverPercent = number(percent, "`percent`", from: 0, to: 100)
      if let node = rollover["for"] { terms.rolloverTerm = term(node, "`for`") }
      if let node = rollover["times"] {
        terms.rolloverTimes = integer(node, "`times`", in: 1...1_000)
      }
    }
    if let node = fields["overage"] { terms.overage = overage(node) }
    return terms
  }

  /// `1 month`, `90 days`.
  private mutating func term(_ node: Node, _ what: String) -> GrantTerms.Term? {
    guard let text = text(node, what) else { return nil }
    let words = text.split(separator: " ")
    let unit = GrantTerms.Term.Unit.allCases.first { unit in
      words.count == 2 && (words[1] == unit.rawValue || words[1] == unit.rawValue + "s")
    }
    guard let unit, let count = Int(words[0]), (1...999).contains(count), "\(count)" == words[0]
    else {
      report(
        .unknownInterval, "`\(text)` is not how long credits roll over", at: node.span,
        help: "write `1 month`, `2 weeks`, `90 days` or `1 year`")
      return nil
    }
    return GrantTerms.Term(count, unit)
  }

  private mutating func overage(_ node: Node) -> GrantTerms.Overage? {
    guard let fields = fields(of: node, "`overage`", keys: ["rate", "limit", "settle"]) else {
      return nil
    }
    var overage = GrantTerms.Overage()
    if let node = fields["rate"] { overage.rate = money(node, "the overage's `rate`") }
    if let node = fields["limit"] { overage.limit = number(node, "`limit`", from: 0) }
    if let node = fields["settle"],
      let word = option(
        node, "`settle`", among: GrantTerms.Overage.Settlement.allCases.map(\.rawValue))
    {
      overage.settlement = GrantTerms.Overage.Settlement(rawValue: word)
    }
    return overage
  }
}
