/// What one card makes of the rows.
final class CardTally {
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
  let histogram = Histogram()
  var rejections = Rejections()
  /// Whether a sum was too large.
  private(set) var overflows = false

  init(ruleCount: Int) { rules = Array(repeating: RuleSum(), count: ruleCount) }

  /// How many rows have a price.
  var priced: Int { histogram.count }

  /// Counts the rows of a batch.
  func add(_ batch: RowBatch, _ pricer: RowPricer, source: Int) {
    let prices = pricer.prices
    rules.withUnsafeMutableBufferPointer { rules in
      for row in 0..<batch.count {
        switch prices[row].kind {
        case .priced:
          let rule = Int(prices[row].rule)
          rules[rule].rows &+= 1
          let (sum, isTooLarge) = rules[rule].units.addingReportingOverflow(prices[row].units)
          rules[rule].units = sum
          if isTooLarge { overflows = true }
          histogram.add(prices[row].units)
        case .denied:
          if prices[row].rule >= 0 { rules[Int(prices[row].rule)].rows &+= 1 }
          denied &+= 1
        case .failed: unpriced &+= 1
        }
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
  func add(_ other: CardTally) {
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
    return overflows ? nil : total
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
  let now: CardTally
  let old: CardTally?
  private(set) var comparison = Comparison()
  /// By what is asked for; nil: nothing is.
  let groups: GroupTable?
  /// By customer, where cards are compared or somebody asks; nil: not so.
  let customers: GroupTable?

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
      compare(batch, pricer.prices, oldPricer.prices)
    }
    if let groups { add(batch, pricer.prices, oldPricer?.prices, to: groups) }
    if let customers { add(batch, pricer.prices, oldPricer?.prices, to: customers) }
  }

  private func compare(
    _ batch: RowBatch, _ prices: UnsafePointer<RowPrice>, _ old: UnsafePointer<RowPrice>
  ) {
    for row in 0..<batch.count where prices[row].kind != .failed && old[row].kind != .failed {
      let (before, after) = (old[row].units, prices[row].units)
      comparison.rows &+= 1
      comparison.before &+= before
      comparison.after &+= after
      if after > before { comparison.raised &+= 1 }
      if after < before { comparison.lowered &+= 1 }
      if prices[row].kind != old[row].kind {
        if prices[row].kind == .denied {
          comparison.refusedNow &+= 1
        } else {
          comparison.allowedNow &+= 1
        }
      }
      if prices[row].rule >= 0 {
        now.rules[Int(prices[row].rule)].before &+= before
        now.rules[Int(prices[row].rule)].after &+= after
      }
    }
  }

  private func add(
    _ batch: RowBatch, _ prices: UnsafePointer<RowPrice>, _ old: UnsafePointer<RowPrice>?,
    to table: GroupTable
  ) {
    var fault = 0
    for row in 0..<batch.count {
      // A row that is none has nothing to be grouped by.
      if fault < batch.faults.count, batch.faults[fault].row == row {
        fault += 1
        continue
      }
      let price = prices[row]
      table.update(table.group(batch.row(row))) { sum in
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

  /// Adds what another worker counted.
  func add(_ other: Tally) {
    now.add(other.now)
    if let old, let others = other.old { old.add(others) }
    comparison.add(other.comparison)
    if let groups, let others = other.groups { groups.add(others) }
    if let customers, let others = other.customers { customers.add(others) }
  }
}
