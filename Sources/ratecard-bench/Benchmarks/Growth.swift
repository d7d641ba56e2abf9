internal import CMalloc
internal import Foundation

internal import Ratecard
internal import RatecardCompiler
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardModel
internal import RatecardWorkloads

extension Benchmark {
  /// How decisions, tables and compiling grow with a card, drawn as a chart.
  ///
  /// With `RATECARD_RECORD=1` in the environment the chart in the documents is drawn anew.
  static let growth = Benchmark(
    name: "growth", summary: "decisions, tables and compiling from 10 rules to 100,000"
  ) { bench in
    let sizes = [10, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000]
    let growth = try sizes.map { try Growth(rules: $0) }
    print("\n      rules  table:     rows, KB        ms     graph, KB        ms")
    for size in growth { print(size.row) }
    let chart = Data(Growth.chart(growth).svg.utf8)
    try chart.write(to: URL(filePath: bench.path("growth.svg")))
    if ProcessInfo.processInfo.environment["RATECARD_RECORD"] == "1" {
      try chart.write(to: URL(filePath: "Documentation/growth.svg"))
    }
    return ["growth": .array(growth.map(\.json))]
  }
}

/// What a card of one size takes.
private struct Growth {
  private let rules: Int
  /// What decisions take, as its benchmark says.
  private let times: JSONValue
  private let rows: Table
  private let graph: Table

  /// A table in one of its forms: rows alone, or with a graph.
  private struct Table {
    let bytes: Int
    let milliseconds: Double

    /// Compiles a card, three times, and weighs what is left of it.
    init(_ card: Card, wantsGraphs: Bool) throws {
      var (bytes, least) = (0, Double.infinity)
      for _ in 0..<3 {
        let before = Self.allocated
        let start = ContinuousClock.now
        var bag = DiagnosticBag()
        guard let table = Compiler.compile(card, wantsGraphs: wantsGraphs, into: &bag)?.table
        else { throw DecisionBenchmark.Failure(reason: "the card does not compile") }
        least = min(least, (ContinuousClock.now - start) / .milliseconds(1))
        withExtendedLifetime(table) { bytes = Self.allocated - before }
      }
      self.bytes = bytes
      milliseconds = least
    }

    private static var allocated: Int {
      let memory = mallinfo2()
      return memory.uordblks + memory.hblkhd
    }

    var columns: String { column(Double(bytes) / 1_024, 14) + column(milliseconds, 10) }

    var json: JSONValue {
      ["bytes": .number("\(bytes)"), "compile_ms": .number(column(milliseconds, 0))]
    }
  }

  init(rules: Int) throws {
    self.rules = rules
    times = try DecisionBenchmark(rules: rules).run()
    let file = SourceFile(path: "card.yaml", bytes: Array(DecisionCard(rules: rules).text.utf8))
    let card = try RateCard.loaded(RateCard.load(files: [file]))
    rows = try Table(card.model, wantsGraphs: false)
    graph = try Table(card.model, wantsGraphs: true)
  }

  var row: String { column(Double(rules), 11) + "      " + rows.columns + graph.columns }

  var json: JSONValue {
    [
      "rules": .number("\(rules)"), "decisions": times,
      "tables": ["rows": rows.json, "graph": graph.json],
    ]
  }

  /// The least time of a decision, in nanoseconds.
  private func least(_ form: String, _ way: String) -> Double? {
    guard let row = times.items?.first(where: { $0["form"]?.string == form }),
      case .number(let text)? = row["\(way)_ns"]?.items?.first
    else { return nil }
    return Double(text)
  }

  static func chart(_ sizes: [Growth]) -> LogChart {
    var curves: [LogChart.Curve] = []
    for (kind, way) in ["strings", "handles"].enumerated() {
      for form in ["fastest", "rows"] {
        let points = sizes.compactMap { size in
          size.least(form, way).map { (x: Double(size.rules), y: $0) }
        }
        curves.append(
          LogChart.Curve(
            name: "\(way), \(form == "rows" ? "rows" : "graph")", kind: kind,
            isDashed: form == "rows", points: points))
      }
    }
    return LogChart(
      title: "A whole decision, by the size of the card", across: "cost rules",
      upwards: "least nanoseconds", curves: curves)
  }
}
