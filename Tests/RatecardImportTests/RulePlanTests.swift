import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardImport

/// The rules of a model charge what its list says, in every situation and at every time.
@Suite struct RulePlanTests {
  /// What requests carry for a coordinate of a dimension.
  private struct Axis {
    let dimension: Dimension
    let carried: [[String: RequestValue]]
  }

  @Test(arguments: 0..<120)
  func chargeWhatTheGridSays(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let axes = Self.axes(&random)
    let dates = ["2024-01-01", "2025-07-01"].prefix(random.below(3))
    let starts = try dates.map { try CivilDate(parsing: $0) }
    // Few prices, so that situations often agree.
    var prices: [[Int]: Price] = [:]
    let grid = PriceGrid(dimensions: axes.map(\.dimension), starts: starts) { situation, period in
      let price = Price(rates: [.outputTokens: Rate(amount: Number(random.below(3) + 1))])
      prices[situation + [period]] = price
      return price
    }
    let list = PriceList(
      name: "plan", models: [PricedModel(provider: "p", name: "p/m", grid: grid)])
    let files = CardWriter(list).files(accepting: []).map {
      SourceFile(path: $0.name, bytes: Array($0.text.utf8))
    }
    let result = RateCard.load(files: files)
    let card = try #require(
      result.card, "\(Sample(files: files).describe(result.report.diagnostics))")
    let header = String(decoding: files[0].bytes, as: UTF8.self)
    for (place, price) in prices {
      let period = place[place.count - 1]
      var request: [String: RequestValue] = ["model": "p/m", "output_tokens": 1]
      var clock = "12:00"
      for (axis, coordinate) in zip(axes, place) {
        // What no rule asks about is no attribute of the card.
        let declared = axis.carried[coordinate].filter { header.contains("\n  \($0.key):") }
        request.merge(declared) { $1 }
        if axis.dimension.attribute == "window", coordinate > 0 {
          clock = coordinate == 1 ? "01:30" : "23:30"
        }
      }
      let day = ["2023-05-05", "2024-05-05", "2025-08-05"][period]
      let time = try Instant(parsing: "\(day)T\(clock):00Z")
      let expected = try #require(price.rates[.outputTokens]?.amount)
      let outcome = try card.price(request, at: time).outcome
      #expect(
        outcome == .priced(credits: expected),
        "\(place)\n\(String(decoding: files[1].bytes, as: UTF8.self))")
    }
  }

  private static func axes(_ random: inout SplitMix) -> [Axis] {
    func texts(_ attribute: String, _ values: [String]) -> Axis {
      Axis(
        dimension: Dimension(
          attribute: attribute, cells: values.map { Dimension.Cell(matcher: .texts([$0])) }),
        carried: [[:]] + values.map { [attribute: .text($0)] })
    }
    let bounds = [Number(100), Number(200)]
    let all = [
      texts("processing", ["batch"]), texts("service_tier", ["fast", "flex", "priority"]),
      Axis(
        dimension: Dimension(
          attribute: "window",
          cells: [DaySpan(start: 60, end: 120), DaySpan(start: 1380, end: 1440)].map {
            Dimension.Cell(matcher: .windows([TimeWindow(hours: [$0])]))
          }), carried: [[:], [:], [:]]),
      Axis(
        dimension: Dimension(
          attribute: "input_tokens",
          cells: bounds.enumerated().map {
            Dimension.Cell(matcher: .above($1), parent: $0)
          }), carried: [[:], ["input_tokens": 101], ["input_tokens": 201]]),
    ]
    return all.filter { _ in !random.oneIn(3) }
  }
}
