internal import Ratecard
internal import RatecardDiagnostics
public import RatecardModel
public import RatecardValues

/// What usage comes to by a card, and how that compares with another card.
///
/// Amounts are integers of the last decimal, `amount(_:)` makes numbers of them. Lists are sorted, the
/// largest first, and the same for the same usage and cards.
public struct BacktestReport: Sendable {
  /// What a rule earned.
  public struct RuleLine: Sendable {
    /// The rule's name.
    public let name: String
    /// Where it stands: `pricing/costs.yaml:12`.
    public let place: String
    /// How many rows it prices or refuses.
    public let rows: Int
    /// What they come to.
    public let units: Int128
    /// What those rows that both cards answer came to before.
    public let before: Int128
    /// What the same rows come to now.
    public let after: Int128
  }

  /// The rows that have the same in some columns.
  public struct Group: Sendable {
    /// What they have, nil where that is nothing.
    public let key: [String?]
    /// How many they are, and what they come to.
    public let sum: GroupSum
    /// What they come to.
    public var units: Int128 { sum.units }
    /// What those that both cards answer came to before.
    public var before: Int128 { sum.before }
    /// What the same rows come to now.
    public var after: Int128 { sum.after }
    /// How much more they come to than before.
    public var change: Int128 { after - before }
  }

  /// How many rows came to amounts within some bounds.
  public struct Bar: Sendable {
    /// The least amount.
    public let first: Int128
    /// The largest amount.
    public let last: Int128
    /// How many rows.
    public let rows: Int
  }

  /// How two cards compare.
  public struct Comparison: Sendable {
    /// The old card's name.
    public let name: String
    /// The old card's version.
    public let version: String
    /// Rows that both cards answer; what is refused earns nothing.
    public let rows: Int
    /// Rows that cost more.
    public let raised: Int
    /// Rows that cost less.
    public let lowered: Int
    /// Rows that only the card refuses.
    public let refusedNow: Int
    /// Rows that only the old card refused.
    public let allowedNow: Int
    /// What all these rows came to.
    public let before: Int128
    /// What they come to now.
    public let after: Int128
    /// Rows that the old card cannot price.
    public let unpriced: Int
    /// Why it cannot.
    public let rejections: [Rejection]
    /// How much more all rows come to.
    public var change: Int128 { after - before }
  }

  /// The card's name.
  public let name: String
  /// The card's version.
  public let version: String
  /// What a credit is called.
  public let unit: String
  /// What a credit is worth, where the card says.
  public let worth: Money?
  /// How many decimals amounts have.
  public let decimals: Int
  /// The names of what was read.
  public let sources: [String]
  /// How many rows there are.
  public let rows: Int
  /// How many rows have a price.
  public let priced: Int
  /// How many rows are refused.
  public let denied: Int
  /// How many rows cannot be priced.
  public let unpriced: Int
  /// What all rows come to.
  public let total: Int128
  /// The least amount of a row; nil: none has a price.
  public let least: Int128?
  /// The largest amount of a row; nil: none has a price.
  public let largest: Int128?
  /// What so many percent of the rows do not exceed.
  public let percentiles: [(percent: Int, units: Int128)]
  /// Whether percentiles are exact, and not only to a thousandth.
  public let isExact: Bool
  /// The distribution of amounts.
  public let bars: [Bar]
  /// The rules that price or refuse rows.
  public let rules: [RuleLine]
  /// Why rows could not be priced.
  public let rejections: [Rejection]
  /// What rows were grouped by.
  public let groupNames: [String]
  /// The groups, the largest first.
  public let groups: [Group]
  /// All customers, those with the largest changes first, or else those with the largest amounts; nil:
  /// nobody asks, or no row says who pays.
  public let customers: [Group]?
  /// How the cards compare; nil: there is one only.
  public let comparison: Comparison?

  init(_ backtest: Backtest, _ tally: Tally, sources: [String]) throws(UsageFailure) {
    let card = backtest.card
    guard let total = tally.now.units else { throw .overflow }
    if let old = tally.old, old.units == nil { throw .overflow }
    (name, version, unit) = (card.name, card.version, card.model.credit.unit)
    (worth, decimals) = (card.model.credit.worth, backtest.decimals)
    (self.sources, self.total) = (sources, total)
    let now = tally.now
    (priced, denied, unpriced) = (now.priced, now.denied, now.unpriced)
    rows = priced + denied + unpriced
    least = priced == 0 ? nil : now.histogram.smallest
    largest = priced == 0 ? nil : now.histogram.largest
    percentiles = [25, 50, 75, 90, 95, 99].compactMap { percent in
      now.histogram.percentile(percent).map { (percent, $0) }
    }
    isExact = now.histogram.largest < Int128(Histogram.exactLimit)
    bars = now.histogram.bars(40).map { Bar(first: $0.first, last: $0.last, rows: $0.count) }
    rules = now.rules.enumerated().filter { $0.element.rows > 0 }.map { place, sum in
      let rule = card.model.costs[place]
      let file = card.files[Int(rule.span.file.index)]
      return RuleLine(
        name: rule.name, place: "\(file.path):\(file.position(at: Int(rule.span.start)).line)",
        rows: sum.rows, units: sum.units, before: sum.before, after: sum.after)
    }.sorted {
      ($1.units, $1.rows) < ($0.units, $0.rows)
        || ($0.units, $0.rows) == ($1.units, $1.rows) && ExactText($0.name) < ExactText($1.name)
    }
    rejections = now.rejections.sorted
    groupNames = backtest.columns.groupNames
    let compares = backtest.old != nil
    groups = tally.groups.map { Self.sorted($0, byChange: compares) } ?? []
    comparison = backtest.old.map { old in
      let sums = tally.comparison
      return Comparison(
        name: old.name, version: old.version, rows: sums.rows, raised: sums.raised,
        lowered: sums.lowered, refusedNow: sums.refusedNow, allowedNow: sums.allowedNow,
        before: sums.before, after: sums.after, unpriced: tally.old?.unpriced ?? 0,
        rejections: tally.old?.rejections.sorted ?? [])
    }
    let paying = tally.customers.map { Self.sorted($0, byChange: compares) }
    customers = paying.flatMap { list in list.allSatisfy { $0.key == [nil] } ? nil : list }
  }

  private static func sorted(_ table: GroupTable, byChange: Bool) -> [Group] {
    let groups = table.sums.indices.map { Group(key: table.key($0), sum: table.sums[$0]) }
    return groups.sorted { left, right in
      let (first, second) =
        byChange
        ? (left.change.magnitude, right.change.magnitude)
        : (left.units.magnitude, right.units.magnitude)
      if first != second { return first > second }
      if left.units != right.units { return left.units > right.units }
      return precedes(left.key, right.key)
    }
  }

  private static func precedes(_ left: [String?], _ right: [String?]) -> Bool {
    for (first, second) in zip(left, right)
    where first.map(ExactText.init) != second.map(ExactText.init) {
      guard let first else { return true }
      guard let second else { return false }
      return ExactText(first) < ExactText(second)
    }
    return false
  }

  /// An amount of units as a number of credits.
  public func amount(_ units: Int128) -> Number {
    Number(significand: units, exponent: -decimals) ?? .zero
  }

  /// How much more `after` is than `before`, in hundredths of a percent, rounded half away from 0;
  /// nil: there was nothing before.
  public static func percent(_ before: Int128, _ after: Int128) -> Number? {
    guard before != 0 else { return before == after ? .zero : nil }
    let (change, below) = ((after - before).magnitude, before.magnitude)
    let product = change.multipliedFullWidth(by: 20_000)
    guard product.high < below else { return nil }
    let (twice, _) = below.dividingFullWidth(product)
    let rounded = Int128((twice + 1) / 2)
    return Number(significand: after < before ? -rounded : rounded, exponent: -2)
  }
}
