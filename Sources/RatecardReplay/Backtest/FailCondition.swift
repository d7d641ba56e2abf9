internal import RatecardValues

/// What makes a backtest fail, as a person writes it: `total > +5% or denied > 0`.
///
/// ```text
/// condition  = all { "or" all }
/// all        = test { "and" test }
/// test       = measure ( ">" | ">=" | "<" | "<=" ) bound
/// measure    = "total" | "customer" | "rows" | "priced" | "denied" | "unpriced"
///            | "paying_more" | "paying_less"
/// bound      = [ "+" | "-" ] number [ "%" ]
/// ```
public struct FailCondition: Sendable {
  /// What is looked at.
  public enum Measure: String, CaseIterable, Sendable {
    /// What all rows come to.
    case total
    /// What the rows of some customer come to.
    case customer
    /// How many rows there are.
    case rows
    /// How many rows have a price.
    case priced
    /// How many rows are refused.
    case denied
    /// How many rows could not be priced.
    case unpriced
    /// How many customers pay more than before.
    case payingMore = "paying_more"
    /// How many customers pay less than before.
    case payingLess = "paying_less"

    /// Whether it is an amount, and not a count.
    var isAmount: Bool { self == .total || self == .customer }
    /// Whether it is about customers.
    var isOfCustomers: Bool { self == .customer || self == .payingMore || self == .payingLess }
  }

  /// How it is compared.
  enum Comparator: String, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }

  /// What it is compared with.
  enum Bound {
    /// An amount of credits, or a count.
    case plain(Number)
    /// A part of all rows or customers, in percent.
    case share(Number)
    /// A change in credits.
    case change(Number)
    /// A change in percent of what was before.
    case percent(Number)

    var isChange: Bool {
      switch self {
      case .plain, .share: false
      case .change, .percent: true
      }
    }
  }

  /// One comparison.
  struct Test {
    let measure: Measure
    let comparator: Comparator
    let bound: Bound
    /// As it was written.
    let text: String
  }

  /// Why a text is no condition.
  public struct Failure: Error, Sendable {
    /// What is wrong.
    public let message: String
    /// What to do about it.
    public let help: String?
    /// Where: the characters of the text.
    public let range: Range<Int>
  }

  /// As it was written.
  public let text: String
  /// It holds when all tests of one of these hold.
  let alternatives: [[Test]]

  /// Reads a condition.
  public init(parsing text: String) throws(Failure) {
    self.text = text
    var parser = FailConditionParser(text)
    alternatives = try parser.parse()
  }

  private var tests: [Test] { alternatives.flatMap { $0 } }

  /// Whether it looks at a measure.
  public func looks(at measure: Measure) -> Bool { tests.contains { $0.measure == measure } }

  /// Whether it takes sums by customer.
  public var takesCustomers: Bool { tests.contains { $0.measure.isOfCustomers } }

  /// The first of its tests that takes another card to compare with; nil: none does.
  public var comparing: String? {
    tests.first {
      $0.bound.isChange || $0.measure == .payingMore || $0.measure == .payingLess
    }?.text
  }

  /// Whether it holds, and if so what is said of it; nil: it does not.
  public func complaint(_ report: BacktestReport) -> String? {
    for all in alternatives {
      let found = all.map { $0.finding(report) }
      if found.allSatisfy({ $0 != nil }) {
        return found.compactMap { $0 }.joined(separator: ", ")
      }
    }
    return nil
  }
}
