internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardModel
internal import RatecardValues

/// Gathers what is to be shown of a card.
struct OverviewMaker {
  let card: RateCard
  /// The instant asked for; nil: now, and rules of all times are listed.
  let at: Instant?
  private let wording: Wording

  init(card: RateCard, at: Instant?) {
    self.card = card
    self.at = at
    wording = Wording(card.model)
  }

  func overview() -> Overview {
    let tables = [
      costs(), adjustments(), tiers(), routes(), events(), plans(), models(), windows(),
    ]
    return Overview(
      card: card.name, version: card.version, at: at, facts: facts(),
      grids: GridMaker(card: card, at: at).grids(),
      tables: tables.filter { !$0.rows.isEmpty })
  }

  private func facts() -> [Overview.Fact] {
    let credit = card.model.credit
    let decimals =
      credit.decimals == 0
      ? "whole credits" : "\(counted(credit.decimals, "decimal"))"
    var facts = [
      Overview.Fact(label: .init("unit", "A credit is"), value: "one \(credit.unit)"),
      Overview.Fact(
        label: .init("rounding", "Rounding"), value: "\(decimals), \(credit.rounding.rawValue)"),
    ]
    if let worth = credit.worth {
      facts.append(.init(label: .init("worth", "Worth"), value: words(worth)))
    }
    facts += terms(credit.grant).map { Overview.Fact(label: $0, value: $1) }
    if let meter = card.model.meter {
      let property = "\(meter.aggregation) of \(meter.property) over \(meter.event)"
      facts.append(.init(label: .init("meter", "Meter"), value: property))
    }
    return facts
  }

  private func terms(_ terms: GrantTerms) -> [(Overview.Label, String)] {
    var list: [(Overview.Label, String)] = []
    if let days = terms.expiresAfterDays {
      list.append((.init("expires_after_days", "Expires"), "after \(counted(days, "day"))"))
    }
    if let percent = terms.rolloverPercent {
      var words = "\(percent) %"
      if let term = terms.rolloverTerm { words += " for \(term)" }
      if let times = terms.rolloverTimes { words += ", at most \(counted(times, "time"))" }
      list.append((.init("rollover", "Rollover"), words))
    }
    if let overage = terms.overage { list.append((.init("overage", "Overage"), words(overage))) }
    return list
  }

  private func words(_ overage: GrantTerms.Overage) -> String {
    var parts: [String] = []
    if let rate = overage.rate { parts.append("\(words(rate)) per credit") }
    if let limit = overage.limit { parts.append("at most \(limit) credits") }
    if let settlement = overage.settlement { parts.append(settlement.rawValue) }
    return parts.joined(separator: ", ")
  }

  private func words(_ money: Money) -> String { "\(money.amount) \(money.currency)" }

  // MARK: Rules

  /// The rules of a section that hold at the instant asked for, or all of them.
  private func rows<Outcome>(
    _ rules: [Rule<Outcome>], _ columns: (Rule<Outcome>) -> [String]
  ) -> [[String]] {
    rules.filter { isCurrent($0.scope) }.sorted { precedes($0.name, $1.name) }.map(columns)
  }

  private func isCurrent(_ scope: RuleScope) -> Bool {
    guard let at else { return true }
    if let start = scope.from, at < start { return false }
    if let start = scope.begins, at < start { return false }
    if let end = scope.until, at >= end { return false }
    if let end = scope.ends, at >= end { return false }
    return true
  }

  private func costs() -> Overview.Table {
    Overview.Table(
      label: .init("costs", "Costs"),
      columns: [.init("rule", "Rule"), .init("when", "When"), .init("price", "Price")],
      rows: rows(card.model.costs) {
        [$0.name, wording.conditions($0.scope), wording.outcome($0.outcome)]
      })
  }

  private func adjustments() -> Overview.Table {
    Overview.Table(
      label: .init("adjustments", "Adjustments"),
      columns: [
        .init("rule", "Rule"), .init("when", "When"), .init("does", "Does"),
        .init("group", "Group"),
      ],
      rows: rows(card.model.adjustments) {
        [
          $0.name, wording.conditions($0.scope), wording.outcome($0.outcome),
          $0.outcome.group?.string ?? "",
        ]
      })
  }

  private func tiers() -> Overview.Table {
    Overview.Table(
      label: .init("tiers", "Tiers"),
      columns: [.init("rule", "Rule"), .init("when", "When"), .init("tier", "Tier")],
      rows: rows(card.model.tiers) { [$0.name, wording.conditions($0.scope), $0.outcome.string] })
  }

  private func routes() -> Overview.Table {
    Overview.Table(
      label: .init("routes", "Routes"),
      columns: [.init("rule", "Rule"), .init("when", "When"), .init("goes", "Goes to")],
      rows: rows(card.model.routes) {
        [$0.name, wording.conditions($0.scope), wording.outcome($0.outcome)]
      })
  }

  private func events() -> Overview.Table {
    Overview.Table(
      label: .init("events", "Events"),
      columns: [.init("rule", "Rule"), .init("when", "When"), .init("does", "Does")],
      rows: rows(card.model.events) {
        [$0.name, wording.conditions($0.scope), wording.outcome($0.outcome)]
      })
  }

  // MARK: Lists

  private func plans() -> Overview.Table {
    Overview.Table(
      label: .init("plans", "Plans"),
      columns: [
        .init("plan", "Plan"), .init("price", "Price"), .init("credits", "Credits"),
        .init("low_balance_percent", "Low below"), .init("product", "Product"),
        .init("terms", "Terms"),
      ],
      rows: card.model.plans.map { plan in
        [
          plan.name.string, plan.price.map { price($0, plan) } ?? "",
          plan.credits.map { "\($0)" } ?? "", plan.lowBalancePercent.map { "\($0) %" } ?? "",
          plan.product ?? "",
          terms(plan.grant).map { "\($0.title.lowercased()): \($1)" }.joined(separator: "; "),
        ]
      })
  }

  private func price(_ money: Money, _ plan: Plan) -> String {
    let seat = plan.isPerSeat ? " per seat" : ""
    return plan.interval == .once
      ? "\(words(money))\(seat) once" : "\(words(money))\(seat) per \(plan.interval.rawValue)"
  }

  private func models() -> Overview.Table {
    Overview.Table(
      label: .init("models", "Models"),
      columns: [.init("model", "Model"), .init("class", "Class"), .init("aliases", "Aliases")],
      rows: card.model.models.models.map { model in
        let aliases = model.aliases.map { alias in
          switch alias {
          case .value(let value): wording.value(value)
          case .glob(let glob): glob.description
          }
        }
        return [
          model.name.string, model.modelClass?.string ?? "",
          aliases.sorted(by: precedes).joined(separator: ", "),
        ]
      })
  }

  private func windows() -> Overview.Table {
    Overview.Table(
      label: .init("windows", "Windows"),
      columns: [
        .init("window", "Window"), .init("hours", "Hours"), .init("zone", "Zone"),
        .init("days", "Days"), .init("except", "Except"),
      ],
      rows: card.model.windows.map { named in
        let window = named.window
        let days = window.days.map { days in
          days.sorted { $0.rawValue < $1.rawValue }.map { "\($0)".prefix(3) }
            .joined(separator: ", ")
        }
        let zone = window.zone == window.daysZone ? "" : " in \(window.daysZone.name)"
        return [
          named.name.string,
          window.hours.isEmpty
            ? "all day"
            : window.hours.map { "\(clock($0.start))-\(clock($0.end))" }.joined(separator: ", "),
          window.zone.name, (days ?? "every day") + zone,
          window.except.map { "\($0)" }.joined(separator: ", "),
        ]
      })
  }

  private func clock(_ second: Int) -> String {
    let minutes = second / 60
    let hours = minutes / 60
    return "\(hours < 10 ? "0" : "")\(hours):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
  }
}
