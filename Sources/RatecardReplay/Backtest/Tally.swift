/// What one card makes of the rows.
struct CardTally {
  /// What a rule earned.
  struct RuleSum {
    var rows = 0
    var units: Int128 = 0
    /// Of the rows that the old card answers too: what they came to then, and what they come to.
    var before: Int128 = 0
    var after: Int128 = 0
  }

  private(set) var denied = 0
  private(set) var unpriced = 0
  var rules: [RuleSum]
  private(set) var histogram = Histogram()
  var rejections = Rejections()
  /// Whether a sum was too large.
  private(set) var overflows = false

  init(ruleCount: Int) { rules = Array(repeating: RuleSum(), count: ruleCount) }

  /// How many rows have a price.
  var priced: Int { histogram.count }

  /// Counts the rows of a batch.
  mutating func add(_ batch: RowBatch, _ pricer: RowPricer, source: Int) {
    let prices = pricer.prices
    for row in 0..<batch.count {
      let price = prices[row]
      switch price.kind {
      case .priced:
        let rule = Int(price.rule)
        rules[rule].rows &+= 1
        let (sum, isTooLarge) = rules[rule].units.addingReportingOverflow(price.units)
        rules[rule].units = sum
        if isTooLarge { overflows = true }
        histogram.add(price.units)
      case .denied:
        if price.rule >= 0 { rules[Int(price.rule)].rows &+= 1 }
        denied &+= 1
      case .failed: unpriced &+= 1
      }
    }
    var fault = 0
    for (row, error) in pricer.errors {
      while fault < batch.faults.count, batch.faults[fault].row < row { fault += 1 }
      let isFault = fault < batch.faults.count && batch.faults[fault].row == row
      rejections.add(error, isFault: isFault, source: source, line: batch.lines[row])
    }
  }

  /// Adds what another worker counted.
  mutating func add(_ other: CardTally) {
    denied += other.denied
    unpriced += other.unpriced
    overflows = overflows || other.overflows
    histogram.add(other.histogram)
    rejections.add(other.rejections)
    for rule in rules.indices {
      rules[rule].rows += other.rules[rule].rows
      let (sum, isTooLarge) = rules[rule].units.addingReportingOverflow(other.rules[rule].units)
      rules[rule].units = sum
      if isTooLarge { overflows = true }
      rules[rule].before &+= other.rules[rule].before
      rules[rule].after &+= other.rules[rule].after
    }
  }

  /// What all rows come to; nil: that is too large.
  var units: Int128? {
    var total: Int128 = 0
    for rule in rules {
      let (sum, isTooLarge) = total.addingReportingOverflow(rule.units)
      if isTooLarge { return nil }
      total = sum
    }
    return overflows || total >= .unitLimit ? nil : total
  }
}

/// How the rows compare that both cards answer; what is refused earns nothing.
struct Comparison {
  var rows = 0
  var raised = 0
  var lowered = 0
  /// Rows that one of the cards refuses and the other does not.
  var refusedNow = 0
  var allowedNow = 0
  var before: Int128 = 0
  var after: Int128 = 0

  mutating func add(_ other: Comparison) {
    rows += other.rows
    raised += other.raised
    lowered += other.lowered
    refusedNow += other.refusedNow
    allowedNow += other.allowedNow
    before &+= other.before
    after &+= other.after
  }
}

/// Everything that is counted; each worker has one, and they add up to the same in whatever order.
final class Tally {
  private(set) var now: CardTally
  private(set) var old: CardTally?
  private(set) var comparison = Comparison()
  /// By what is asked for; nil: nothing is.
  private(set) var groups: GroupTable?
  /// By customer, where cards are compared or somebody asks; nil: not so.
  private(set) var customers: GroupTable?

  init(ruleCount: Int, oldRuleCount: Int?, columns: UsageColumns, countsCustomers: Bool) {
    now = CardTally(ruleCount: ruleCount)
    old = oldRuleCount.map { CardTally(ruleCount: $0) }
    groups = columns.groups.isEmpty ? nil : GroupTable(columns.groups)
    customers =
      oldRuleCount == nil && !countsCustomers ? nil : columns.customer.map { GroupTable([$0]) }
  }

  /// Whether there are more groups than there may be.
  var hasTooManyGroups: Bool {
    groups?.isTooLarge ?? false || customers?.isTooLarge ?? false
  }

  /// Counts the rows of a batch.
  func add(_ batch: RowBatch, _ pricer: RowPricer, _ oldPricer: RowPricer?, source: Int) {
    now.add(batch, pricer, source: source)
    if let oldPricer {
      old?.add(batch, oldPricer, source: source)
      comparison.add(batch.count, pricer.prices, oldPricer.prices)
      now.compare(batch.count, pricer.prices, oldPricer.prices)
    }
    groups?.add(batch, pricer.prices, oldPricer?.prices)
    customers?.add(batch, pricer.prices, oldPricer?.prices)
  }

  /// Adds what another worker counted.
  func add(_ other: Tally) {
    now.add(other.now)
    if let others = other.old { old?.add(others) }
    comparison.add(other.comparison)
    if let others = other.groups { groups?.add(others) }
    if let others = other.customers { customers?.add(others) }
  }
}

extension CardTally {
  /// Adds up by rule what rows came to before, and come to now.
  fileprivate mutating func compare(
    _ count: Int, _ prices: UnsafePointer<RowPrice>, _ old: UnsafePointer<RowPrice>
  ) {
    for row in 0..<count where prices[row].rule >= 0 && old[row].kind != .failed {
      rules[Int(prices[row].rule)].before &+= old[row].units
      rules[Int(prices[row].rule)].after &+= prices[row].units
    }
  }
}

extension Comparison {
  /// Compares rows.
  fileprivate mutating func add(
    _ count: Int, _ prices: UnsafePointer<RowPrice>, _ old: UnsafePointer<RowPrice>
  ) {
    for row in 0..<count where prices[row].kind != .failed && old[row].kind != .failed {
      let (then, now) = (old[row].units, prices[row].units)
      rows &+= 1
      before &+= then
      after &+= now
      if now > then { raised &+= 1 }
      if now < then { lowered &+= 1 }
      if prices[row].kind == old[row].kind { continue }
      if prices[row].kind == .denied { refusedNow &+= 1 } else { allowedNow &+= 1 }
    }
  }
}

extension GroupTable {
  /// Counts the rows of a batch.
  fileprivate mutating func add(
    _ batch: RowBatch, _ prices: UnsafePointer<RowPrice>, _ old: UnsafePointer<RowPrice>?
  ) {
    var fault = 0
    for row in 0..<batch.count {
      // A row that is none has nothing to be grouped by.
      if fault < batch.faults.count, batch.faults[fault].row == row {
        fault += 1
        continue
      }
      let price = prices[row]
      let place = group(batch.row(row))
      update(place) { sum in
        sum.rows &+= 1
        switch price.kind {
        case .priced: sum.priced &+= 1
        case .denied: sum.denied &+= 1
        case .failed: sum.unpriced &+= 1
        }
        sum.units &+= price.units
        if let old, price.kind != .failed, old[row].kind != .failed {
          sum.before &+= old[row].units
          sum.after &+= price.units
        }
      }
    }
  }
}
