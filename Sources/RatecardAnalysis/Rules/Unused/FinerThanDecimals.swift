import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// Flat amounts that have more decimals than a price, so that they are always rounded.
  ///
  /// Rates may be finer, since quantities multiply them; so may what stands beside rates. A rule is
  /// shown when some request costs just its flat amount (or the bound that cuts it), left alone by
  /// adjustments; a rule with rates for its bounds. An adjustment is shown for its bounds, and for
  /// an amount added to a price without rates. The cells of a table are shown once.
  static let finerThanDecimals = LintRule(.finerThanDecimals) {
    inspection throws(RoomSearch.GaveUp) in
    let card = inspection.card
    let finest = FinestAmount(card.credit)
    guard finest.roundsAny(of: card) else { return [] }
    let reach = try AdjustmentReach(inspection)
    var found: [Diagnostic] = []
    var tables: [String: Int] = [:]
    for (index, rule) in card.costs.enumerated() {
      guard case .price(let price) = rule.outcome else { continue }
      for part in price.flatParts where finest.rounds(part.amount) {
        guard
          let room = try reach.roomForPrice(
            of: index, part.amount, isAdjustable: price.isAdjustable)
        else { continue }
        if let table = rule.table, let first = tables[table] {
          found[first] = found[first].adding(
            Diagnostic.Note("so is the \(part.name) of `\(rule.name)`", at: rule.span))
          continue
        }
        if let table = rule.table { tables[table] = found.count }
        found.append(
          finest.diagnostic(
            part, of: rule.name, at: rule.span,
            inspection.witness(in: room, of: inspection.sets.costs)))
      }
    }
    for (index, rule) in card.adjustments.enumerated() {
      guard let part = rule.outcome.flatPart, finest.rounds(part.amount),
        let room = try reach.roomForAmount(of: index, finest)
      else { continue }
      found.append(
        finest.diagnostic(
          part, of: rule.name, at: rule.span,
          inspection.witness(in: room, of: inspection.sets.costs)))
    }
    return found
  }
}

/// An amount that stands in a price as it is.
struct FlatPart {
  /// What it is called: `minimum`.
  let name: String
  let amount: Rational
}

extension Price {
  /// The amounts that may be the whole price: the flat amount or the bound that cuts it; with rates
  /// only the bounds.
  var flatParts: [FlatPart] {
    let bounds =
      [minimum.map { FlatPart(name: "minimum", amount: $0) }]
      + [maximum.map { FlatPart(name: "maximum", amount: $0) }]
    guard rates.isEmpty else { return bounds.compactMap(\.self) }
    let flat = FlatPart(name: "price", amount: credits ?? .zero)
    if let minimum, flat.amount < minimum { return [FlatPart(name: "minimum", amount: minimum)] }
    if let maximum, flat.amount > maximum { return [FlatPart(name: "maximum", amount: maximum)] }
    return [flat]
  }
}

extension Adjustment {
  fileprivate var flatPart: FlatPart? {
    switch action {
    case .add(let amount): FlatPart(name: "addition", amount: amount)
    case .minimum(let amount): FlatPart(name: "minimum", amount: amount)
    case .maximum(let amount): FlatPart(name: "maximum", amount: amount)
    case .multiply, .multiplyComponents, .addRates: nil
    }
  }
}

/// How fine the prices of a card are.
struct FinestAmount {
  private let credit: Credit

  init(_ credit: Credit) { self.credit = credit }

  /// Whether some flat amount of a card is none that a price can be.
  func roundsAny(of card: Card) -> Bool {
    card.costs.contains { rule in
      guard case .price(let price) = rule.outcome else { return false }
      return price.flatParts.contains { rounds($0.amount) }
    } || card.adjustments.contains { $0.outcome.flatPart.map { rounds($0.amount) } ?? false }
  }

  /// Whether no price can be this amount.
  func rounds(_ amount: Rational) -> Bool { !fits(amount, decimals: credit.decimals) }

  private func fits(_ amount: Rational, decimals: Int) -> Bool {
    var scale: Int128 = 1
    for _ in 0..<decimals { scale *= 10 }
    return scale % amount.denominator == 0
  }

  fileprivate func diagnostic(
    _ part: FlatPart, of rule: String, at span: Span, _ witness: Witness
  ) -> Diagnostic {
    let rounded = (try? part.amount.rounded(decimals: credit.decimals, credit.rounding))
      .map { ", to \($0)" }
    let enough = (credit.decimals + 1..<11).first { fits(part.amount, decimals: $0) }
    return Diagnostic(
      .finerThanDecimals,
      "the \(part.name) \(part.amount) of `\(rule)` is always rounded\(rounded ?? "")", at: span,
      help: enough.map { "write `decimals: \($0)` under `credit`, or a rounder amount" }
        ?? "no number of decimals shows it: write a rounder amount",
      notes: [Diagnostic.Note("such as for \(witness.text)")])
  }
}

extension Diagnostic {
  /// The same with one more note, as far as a person reads them.
  fileprivate func adding(_ note: Note) -> Diagnostic {
    guard notes.count <= 8 else { return self }
    return Diagnostic(
      code, message, at: span, severity: severity, help: help,
      notes: notes + [notes.count < 8 ? note : Note("and more cells")], fix: fix)
  }
}
