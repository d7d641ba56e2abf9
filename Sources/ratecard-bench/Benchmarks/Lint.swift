internal import RatecardJSON
internal import RatecardWorkloads

extension Benchmark {
  /// Lint of large and of hard cards as whole processes, beside libyaml reading the same bytes.
  static let lint = Benchmark(
    name: "lint", summary: "lint as a whole process, beside libyaml's bare events"
  ) { bench in
    let lint = LintBenchmark(bench: bench)
    let (large, targets) = try lint.large()
    return ["large": large, "targets": targets, "hard": try lint.hard()]
  }
}

private struct LintBenchmark {
  /// How many times libyaml's time the lint of 10,000 rules may take, and how many times that the
  /// lint of 100,000 rules may.
  static let mostTimesLibyaml = 20.0
  static let mostTimesTenth = 15.0
  /// The same without proofs: the most milliseconds of a whole process for 10,000 rules, how many
  /// times that 100,000 may take, and how many times the file's size the memory may be.
  static let mostMilliseconds = 100.0
  static let mostTimesTenthWithoutProofs = 12.0
  static let mostTimesFile = 10.0
  /// Within which time a hard card must be linted.
  static let budget = Duration.seconds(2)
  /// Of each kind of hard card one that is proved, and one that is too much.
  static let hardSizes: [(HardCard, [Int])] = [
    (.pairs, [4, 20]), (.rivals, [4, 20]), (.promises, [4, 20]), (.cells, [4, 16]),
    (.diagrams, [12, 200]),
  ]
  /// What says that a proof was given up.
  static let givenUp: Set = ["RC0408", "RC0791", "RC0802"]

  let bench: Bench

  func large() throws -> (measured: JSONValue, targets: JSONValue) {
    print(Measurement.head)
    let start = try Measurement([bench.program("ratecard"), "--version"], runs: 5, on: bench)
    var measured: [JSONValue] = []
    var base: [Int: Measurement] = [:]
    var proved: [Int: Measurement] = [:]
    var unproved: [Int: Measurement] = [:]
    var fileKilobytes: [Int: Double] = [:]
    for rules in [1_000, 10_000, 100_000] {
      let workload = Workload.large(rules)
      let folder = try bench.folder(with: workload)
      fileKilobytes[rules] = Double(workload.text.utf8.count) / 1024
      let runs = rules == 100_000 ? 5 : 21
      let libyaml = try Measurement(
        [bench.path("yaml-events"), folder + "/card.yaml"], runs: runs, on: bench)
      print(libyaml.row("\(rules) rules, libyaml"))
      var entry: [JSONValue.Member] = [
        .init("rules", .number("\(rules)")), .init("libyaml", libyaml.json),
      ]
      for (name, options) in [("lint --no-proofs", ["--no-proofs"]), ("lint", [])] {
        let command = [bench.program("ratecard"), "lint"] + options + [folder]
        let measurement = try Measurement(command, runs: runs, on: bench)
        print(measurement.row("\(rules) rules, \(name)", times: libyaml))
        entry.append(.init(name, measurement.json))
        if options.isEmpty { proved[rules] = measurement } else { unproved[rules] = measurement }
      }
      base[rules] = libyaml
      measured.append(.object(entry))
    }
    print("")
    let times = try quotient(proved[10_000], base[10_000])
    let growth = try quotient(proved[100_000], proved[10_000])
    let wall = (unproved[10_000]?.wall.least ?? .zero) / .milliseconds(1)
    func timesFile(_ rules: Int) -> Double {
      Double((unproved[rules]?.peakKilobytes ?? 0) - start.peakKilobytes)
        / (fileKilobytes[rules] ?? 1)
    }
    return (
      .array(measured),
      [
        target("10,000 rules, times libyaml", times, atMost: Self.mostTimesLibyaml),
        target("100,000 rules, times 10,000", growth, atMost: Self.mostTimesTenth),
        target("10,000 rules without proofs, milliseconds", wall, atMost: Self.mostMilliseconds),
        target(
          "100,000 rules without proofs, times 10,000",
          try quotient(unproved[100_000], unproved[10_000]),
          atMost: Self.mostTimesTenthWithoutProofs),
        target(
          "10,000 rules, memory beyond the program's own, times the file", timesFile(10_000),
          atMost: Self.mostTimesFile),
        target(
          "100,000 rules, memory beyond the program's own, times the file", timesFile(100_000),
          atMost: Self.mostTimesFile),
      ]
    )
  }

  private func quotient(_ one: Measurement?, _ other: Measurement?) throws -> Double {
    guard let one, let other else { return .infinity }
    return one.processor.least / other.processor.least
  }

  private func target(_ name: String, _ seen: Double, atMost most: Double) -> JSONValue {
    let verdict = seen <= most ? "met" : "MISSED"
    print("\(name): \(column(seen, 0)), at most \(column(most, 0)): \(verdict)")
    return ["what": .string(name), "seen": .number(column(seen, 0)), "most": .number("\(most)")]
  }

  func hard() throws -> JSONValue {
    print("\nhard cards: seconds, of which each may take \(Self.budget), and what was given up")
    var measured: [JSONValue] = []
    for (kind, sizes) in Self.hardSizes {
      for size in sizes {
        let workload = Workload.hard(kind, size: size)
        let folder = try bench.folder(with: workload)
        let command = [bench.program("ratecard"), "lint", "--format", "json", folder]
        let run = try ProcessRun(command, output: bench.path("output"))
        let found = try JSONValue(parsing: run.output)["diagnostics"]?.items ?? []
        let lines = found.filter { Self.givenUp.contains($0["code"]?.string ?? "") }.map {
          "\($0["code"]?.string ?? "") \($0["message"]?.string ?? "")"
        }
        let seconds = run.wall / .seconds(1)
        let word = run.wall <= Self.budget ? "" : "  OVER BUDGET"
        print("\(workload.name): \(column(seconds, 0))\(word), \(found.count) findings")
        for line in lines { print("    \(line)") }
        measured.append([
          "card": .string(workload.name), "size": .number("\(size)"),
          "wall_microseconds": .number("\(Int(run.wall / .microseconds(1)))"),
          "findings": .number("\(found.count)"), "given_up": .array(lines.map { .string($0) }),
        ])
      }
    }
    return .array(measured)
  }
}
