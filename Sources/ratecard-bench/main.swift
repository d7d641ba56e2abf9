internal import Foundation
internal import RatecardJSON
internal import RatecardWorkloads

/// Measures what the program takes, or writes one of the cards that it measures with.
let usage = """
  usage: ratecard-bench FOLDER [BENCHMARK …]       all benchmarks, or those named
         ratecard-bench card large RULES [SEED]    a realistic card
         ratecard-bench card KIND SIZE             one that is hard to reason about
         ratecard-bench card decisions RULES       one with tiers and routes
         ratecard-bench requests RULES COUNT       requests to it, a JSON object a line
         ratecard-bench ask RULES WAY fastest|rows TIMES

  Benchmarks print tables, and write the same to FOLDER as JSON. Cards go to standard output.

  ways to ask: \(DecisionBenchmark.ways)
  benchmarks:  \(Benchmark.all.map(\.name).joined(separator: ", "))
  hard cards:  \(HardCard.allCases.map(\.rawValue).joined(separator: ", "))
  """

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data((message + "\n").utf8))
  exit(2)
}

func writeCard(_ words: ArraySlice<String>) {
  guard let kind = words.first, let workload = Workload(kind, words.dropFirst().map { Int($0) })
  else { fail(usage) }
  print(workload.text, terminator: "")
}

func runBenchmarks(_ words: [String]) throws {
  let bench = try Bench(folder: words[0])
  let names = words.dropFirst()
  for name in names where !Benchmark.all.contains(where: { $0.name == name }) {
    fail("there is no benchmark called \(name)")
  }
  for benchmark in Benchmark.all where names.isEmpty || names.contains(benchmark.name) {
    print("\(benchmark.name): \(benchmark.summary)\n")
    let path = bench.path("\(benchmark.name).json")
    let report = try benchmark.run(bench).text(pretty: true) + "\n"
    try Data(report.utf8).write(to: URL(filePath: path))
    print("\n\(path)")
  }
}

let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case nil, "--help": fail(usage)
case "card": writeCard(words.dropFirst())
case "requests":
  let numbers = words.dropFirst().compactMap { Int($0) }
  guard numbers.count == 2, words.count == 3 else { fail(usage) }
  print(DecisionCard.lines(numbers[0], numbers[1]), terminator: "")
case "ask":
  do {
    if try !DecisionBenchmark.ask(words.dropFirst()) { fail(usage) }
  } catch {
    fail("\(error)")
  }
default:
  do { try runBenchmarks(words) } catch { fail("\(error)") }
}
