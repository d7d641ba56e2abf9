internal import Foundation
internal import RatecardJSON

extension Benchmark {
  /// What else reads or checks a card's text, as whole processes; and how soon a card that changed
  /// answers.
  static let loading = Benchmark(
    name: "loading", summary: "lint beside other readers and checkers of YAML, as whole processes"
  ) { bench in
    let loading = try LoadingBenchmark(bench: bench)
    print(Measurement.head)
    let start = try loading.startUp()
    let measured = try [100, 1_000, 10_000].map { try loading.run(rules: $0) }
    print("\nfrom a file's change to answers by the new card: least, median, most\n")
    let reload = ReloadBenchmark(bench: bench)
    let reloads = try [1_000, 10_000].map { try reload.run(rules: $0) }
    return ["start": start, "loading": .array(measured), "reload": .array(reloads)]
  }
}

private struct LoadingBenchmark {
  private let bench: Bench

  /// Writes the JSON Schema that one of the others checks with.
  init(bench: Bench) throws {
    self.bench = bench
    let run = try ProcessRun([bench.program("ratecard"), "schema"], output: bench.path("output"))
    try Data(run.output.utf8).write(to: URL(filePath: bench.path("card.schema.json")))
  }

  /// The floor, ours and others; `lint` alone looks for contradictions and proves anything.
  private func commands(_ folder: String) -> [(name: String, command: [String])] {
    let file = folder + "/card.yaml"
    let load = "import sys, yaml; yaml.load(open(sys.argv[1], 'rb'), yaml.CSafeLoader)"
    return [
      ("libyaml, bare events", [bench.path("yaml-events"), file]),
      ("lint", [bench.program("ratecard"), "lint", folder]),
      ("lint --no-proofs", [bench.program("ratecard"), "lint", "--no-proofs", folder]),
      ("PyYAML CSafeLoader", [bench.path("venv/bin/python"), "-c", load, file]),
      (
        "yamllint", [bench.path("venv/bin/python"), "-m", "yamllint", "-d", "relaxed", file]
      ),
      (
        "check-jsonschema",
        [
          bench.path("venv/bin/check-jsonschema"), "--schemafile", bench.path("card.schema.json"),
          file,
        ]
      ),
    ]
  }

  /// A process that does next to nothing.
  func startUp() throws -> JSONValue {
    let command = [bench.program("ratecard"), "--version"]
    let measurement = try Measurement(command, runs: 21, on: bench)
    print(measurement.row("ratecard --version"))
    return measurement.json
  }

  /// The slow ones run once on the largest card.
  func run(rules: Int) throws -> JSONValue {
    let commands = commands(try bench.folder(with: .large(rules)))
    var members: [JSONValue.Member] = [.init("rules", .number("\(rules)"))]
    var libyaml: Measurement?
    for (name, command) in commands {
      let isSlow = rules == 10_000 && command[0].contains("/venv/")
      do {
        let measurement = try Measurement(command, runs: isSlow ? 1 : 5, on: bench)
        if command == commands[0].command { libyaml = measurement }
        print(measurement.row("\(rules) rules, \(name)", times: libyaml))
        members.append(.init(name, measurement.json))
      } catch {
        let reason = String("\(error)".prefix(300))
        print("\(rules) rules, \(name): not timed: \(reason)")
        members.append(.init(name, .string(reason)))
      }
    }
    return .object(members)
  }
}
