import Ratecard
import RatecardTestSupport
import Testing

@testable import RatecardReplay

/// Conditions of `--fail-if`.
@Suite struct FailConditionTests {
  /// Two customers: ann pays 8 and before 10, bob 12 and before 10; cid pays 5 and before nothing.
  private static func report() throws -> BacktestReport {
    func card(_ costs: String) throws -> RateCard {
      let text =
        "attributes: {old: count, new: count, kind: text}\ncosts: [\(costs), {name: no, when: {kind: no}, overrides: all, deny: no}]"
      guard case .loaded(let card, _) = RateCard.load(files: Sample(text).files) else {
        throw UsageFailure.noHeader(source: "the card of the test is wrong")
      }
      return card
    }
    let log =
      "customer,old,new,kind\nann,10,8,\nbob,6,6,\nbob,4,6,\ncid,0,5,\nann,9,9,no\nann,x,x,\n"
    return try Backtest(
      card("{name: all, rates: {new: 1}}"), against: card("{name: all, rates: {old: 1}}"),
      threads: 1
    ).run([UsageSource(Array(log.utf8))])
  }

  @Test(arguments: [
    ("total > +25%", nil),
    ("total >= +25%", "the total changes by +5 (+25 %), which fails by `total >= +25%`"),
    ("total > +24.99 %", "the total changes by +5 (+25 %), which fails by `total > +24.99%`"),
    ("total < -1%", nil),
    ("total < +25.001%", "the total changes by +5 (+25 %), which fails by `total < +25.001%`"),
    ("total > +5", nil),
    ("total >= +5", "the total changes by +5 (+25 %), which fails by `total >= +5`"),
    ("total > 24.5", "the total comes to 25, which fails by `total > 24.5`"), ("total<=24.9", nil),
    ("customer < -20%", nil),
    ("customer <= -20%", "customer `ann` changes by -2 (-20 %), which fails by `customer <= -20%`"),
    (
      "customer > +1000%",
      "customer `cid` changes by +5, from nothing, which fails by `customer > +1000%`"
    ),
    (
      "customer > +1",
      "customer `cid` and 1 more changes by +5, from nothing, which fails by `customer > +1`"
    ),
    ("customer > 12", nil),
    ("customer >= 12", "customer `bob` comes to 12, which fails by `customer >= 12`"),
    ("rows > 5", "6 of 6 rows were read, which fails by `rows > 5`"), ("rows > 6", nil),
    ("unpriced > 16%", "1 of 6 rows could not be priced, which fails by `unpriced > 16%`"),
    ("unpriced > 16.7%", nil),
    ("denied >= 1", "1 of 6 rows are refused, which fails by `denied >= 1`"),
    ("priced < 5", "4 of 6 rows are priced, which fails by `priced < 5`"),
    ("paying_more > 1", "2 of 3 customers pay more, which fails by `paying_more > 1`"),
    ("paying_less > 33%", "1 of 3 customers pay less, which fails by `paying_less > 33%`"),
    ("paying_less > 34%", nil), ("rows > 5 and denied > 5", nil),
    (
      "rows > 9 or denied > 0 and priced > 0",
      "1 of 6 rows are refused, which fails by `denied > 0`, 4 of 6 rows are priced, which fails by `priced > 0`"
    ),
  ])
  func holdsOrNot(_ text: String, _ complaint: String?) throws {
    #expect(try FailCondition(parsing: text).complaint(Self.report()) == complaint)
  }

  @Test(arguments: [
    ("", "what is looked at is missing", 0..<1), ("total", "a comparison is missing", 5..<6),
    ("total >", "a bound is missing", 7..<8),
    ("totla > +5%", "`totla` is nothing that a backtest measures", 0..<5),
    ("total => +5%", "`=>` compares nothing", 6..<8),
    ("total > five", "`five` is no number", 8..<12),
    ("total > 5%", "`5%` is neither an amount nor a change", 8..<10),
    ("denied > +1", "`denied` is a count, which has no sign", 9..<11),
    ("total > +5% denied > 0", "`denied` cannot stand here", 12..<18),
    ("total > +5% or", "what is looked at is missing", 14..<15),
    ("total > 1234567890123456789", "`1234567890123456789` has too many digits", 8..<27),
  ])
  func saysWhatIsWrongAndWhere(_ text: String, _ message: String, _ range: Range<Int>) {
    do throws(FailCondition.Failure) {
      _ = try FailCondition(parsing: text)
      Issue.record("`\(text)` is a condition")
    } catch {
      #expect(error.message == message)
      #expect(error.range == range)
    }
  }
}
