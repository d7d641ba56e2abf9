internal import Foundation
internal import RatecardJSON
internal import RatecardWorkloads

extension Benchmark {
  /// How many requests a second the command answers on one core.
  static let lines = Benchmark(
    name: "lines", summary: "eval --jsonl of requests with 8 attributes, on one core"
  ) { bench in
    print("      rules  what         ns a request: least, most     millions a second   at least")
    var rows: [JSONValue] = []
    for rules in [10, 1_000, 10_000] {
      let folder = try bench.folder(with: .decisions(rules))
      let path = bench.path("requests-\(rules).jsonl")
      try Data(DecisionCard.lines(rules, Lines.count).utf8).write(to: URL(filePath: path))
      for (name, options) in [("decisions", []), ("prices", ["--price"])] {
        let command = [bench.program("ratecard"), "eval", folder, "--jsonl"] + options
        rows.append(try Lines(rules: rules, name: name, command: command).run(path))
      }
    }
    return ["lines": .array(rows)]
  }
}

/// One command that answers lines.
private struct Lines {
  static let count = 262_144
  let rules: Int
  let name: String
  let command: [String]

  /// Takes off what a process takes that is asked nothing.
  func run(_ path: String) throws -> JSONValue {
    let idle = try (0..<5).map { _ in try processor("/dev/null") }.min() ?? .zero
    let times = try (0..<7).map { _ in
      (try processor(path) - idle) / .nanoseconds(1) / Double(Self.count)
    }.sorted()
    let millions = 1_000 / times[0]
    print(
      column(Double(rules), 11) + "  \(name)" + String(repeating: " ", count: 11 - name.count)
        + column(times[0], 20) + column(times[times.count - 1], 8) + column(millions, 20)
        + column(2, 11) + (millions >= 2 ? "" : "  MISSED"))
    return [
      "rules": .number("\(rules)"), "what": .string(name),
      "ns": .array(times.map { .number(column($0, 0)) }),
      "millions_a_second": .number(column(millions, 0)),
    ]
  }

  private func processor(_ input: String) throws -> Duration {
    let run = try ProcessRun(command, input: input, output: "/dev/null")
    // Refusals are answers too, with a code of their own.
    guard run.code == 0 || run.code == 1 else {
      throw ProcessRun.Failure.program(words: command, output: "code \(run.code ?? -1)")
    }
    return run.processor
  }
}
