internal import RatecardJSON

extension Benchmark {
  /// The same questions to whatever else answers them.
  static let peers = Benchmark(
    name: "peers", summary: "the same requests to ratecard, hand-written code and other engines"
  ) { bench in
    var contests: [JSONValue] = []
    let lookups = [
      ("Node, hand-written, table hoisted", "table.js"), ("Python, dict of dicts", "table.py"),
    ]
    for unknown in [[], ["gemini-pro"]] {
      let shipped = try CostTable(shipped: "pricing", unknown: unknown)
      contests.append(try shipped.contest(outer: lookups + engines).run(on: bench))
    }
    for cells in [10, 1_000, 10_000] {
      let table = try CostTable(cells: cells)
      contests.append(try table.contest(outer: lookups + engines).run(on: bench))
    }
    for rules in [10, 1_000, 10_000] {
      let mixed = try RuleContest(mixed: rules)
      let chain = [("Python, chain of ifs", "rules.py")]
      contests.append(try mixed.contest(outer: chain + engines).run(on: bench))
    }
    for bands in [10, 1_000, 10_000] {
      let ladder = try RuleContest(bands: bands)
      let search = [("Python, bisect", "rules.py")]
      contests.append(try ladder.contest(outer: search + engines).run(on: bench))
    }
    contests.append(
      try UsageContest().contest(outer: [
        ("litellm", "litellm_prices.py"), ("genai-prices", "genai.py"),
      ]).run(on: bench))
    return ["contests": .array(contests)]
  }

  private static let engines = [
    ("zen-engine", "zen_engine.py"), ("CEL (Rust)", "cel_rust.py"), ("CEL (C++)", "cel_google.py"),
    ("JsonLogic", "jsonlogic.py"), ("Rego (regorus)", "rego.py"), ("Cedar", "cedar.py"),
  ]
}
