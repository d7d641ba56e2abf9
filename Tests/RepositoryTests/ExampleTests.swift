import Foundation
import RatecardValues
import Testing

/// The programs under Examples are built and run as their readers would.
struct ExampleTests {
  static let log = Repository.shared("usage/azure-llm-conversations-2023.csv")

  /// Prices a real log, and every price once more with Python's fractions.
  @Test(
    .enabled(
      if: log != nil, "../shared/usage/azure-llm-conversations-2023.csv is not there"),
    .timeLimit(.minutes(30)))
  func aRealLogIsPricedExactly() throws {
    let path = try #require(Self.log).path
    let run = try Shell.run(
      """
      set -o pipefail
      export PYTHONDONTWRITEBYTECODE=1
      python3 Examples/azure-log/make_requests.py '\(path)' |
        ratecard eval Examples/azure-log/card --jsonl |
        python3 Examples/azure-log/check_total.py '\(path)'
      """)
    #expect(run.status == 0, "\(run.errors)\(run.output)")
    #expect(run.output.hasPrefix("19366 requests, "), "\(run.output)")
  }

  /// A backtest of the same requests comes to the same sum, and a log as it stands to what integers say.
  @Test(
    .enabled(
      if: log != nil, "../shared/usage/azure-llm-conversations-2023.csv is not there"),
    .timeLimit(.minutes(30)))
  func realLogsAreBacktestedExactly() throws {
    let path = try #require(Self.log).path
    let folder = try TemporaryFolder()
    let run = try Shell.run(
      """
      set -e -o pipefail
      export PYTHONDONTWRITEBYTECODE=1
      python3 Examples/azure-log/make_requests.py '\(path)' >log.jsonl
      ratecard eval Examples/azure-log/card --jsonl <log.jsonl |
        python3 Examples/azure-log/check_total.py '\(path)'
      gzip log.jsonl
      ratecard backtest Examples/azure-log/card --usage log.jsonl.gz --format csv
      """.replacing("log.jsonl", with: folder.url.appending(path: "log.jsonl").path))
    #expect(run.status == 0, "\(run.errors)\(run.output)")
    let total = try #require(run.output.firstMatch(of: /requests, ([0-9.]+) credits/)).1
    let sum = try #require(run.output.firstMatch(of: /19366,19366,0,0,([0-9.]+)\n/)).1
    #expect(try Number(parsing: String(total)) == Number(parsing: String(sum)), "\(run.output)")
  }

  static let trace = Repository.shared("usage/mooncake-conversations.jsonl")

  @Test(.enabled(if: trace != nil, "../shared/usage/mooncake-conversations.jsonl is not there"))
  func aRealTraceIsBacktestedExactly() throws {
    let path = try #require(Self.trace).path
    let run = try Shell.run(
      """
      ratecard backtest Examples/puzzles/p36-cached-part-of-input --usage '\(path)' --format csv \
        --set model=claude-haiku-4.5 --map input=input_tokens --map read=cached_input_tokens
      python3 -c '
      import json, sys
      rows = [json.loads(line) for line in open(sys.argv[1])]
      total = sum(10 * (row["input"] - row["read"]) + row["read"] for row in rows)
      print(f"{len(rows)},{len(rows)},0,0,{total // 10**7}.{total % 10**7:07}".rstrip("0"))
      ' '\(path)'
      """)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[1] == lines[2], "\(run.output)\(run.errors)")
  }

  static let list = Repository.shared("prices/genai-prices.json")

  /// A changed price of an imported card, on a real log, to the sum that integers come to.
  @Test(
    .enabled(
      if: log != nil && list != nil,
      "../shared/usage/azure-llm-conversations-2023.csv or ../shared/prices/genai-prices.json is not there"
    ),
    .timeLimit(.minutes(30)))
  func aPriceOfAnImportedCardIsBacktested() throws {
    let (log, list) = (try #require(Self.log).path, try #require(Self.list).path)
    let run = try Shell.run(
      "RATECARD=ratecard Examples/azure-log/backtest.sh '\(list)' '\(log)'")
    #expect(run.status == 0, "\(run.errors)")
    var (before, after) = (0, 0)
    for row in try String(contentsOfFile: log, encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst()
    {
      let fields = row.split(separator: ",")
      let (input, output) = (try #require(Int(fields[1])), try #require(Int(fields[2])))
      before += input * 25 + output * 100
      after += input * 25 + output * 120
    }
    #expect(run.output.hasPrefix("19,366 rows, 19,366 priced\n"))
    // Amounts are ten-millionths of a dollar.
    func dollars(_ amount: Int) -> String {
      let digits = String(amount % 10_000_000 + 10_000_000).dropFirst()
      var text = "\(amount / 10_000_000).\(digits)"
      while text.last == "0" { text.removeLast() }
      return text
    }
    let change = "before \(dollars(before)), now \(dollars(after)): +\(dollars(after - before)) "
    #expect(run.output.contains("\n\(change)"), "\(run.output)")
  }

  /// Builds the package that embeds the library, in a folder of its own below .build, and compares
  /// what it prints.
  @Test(.timeLimit(.minutes(30)))
  func aProgramEmbedsTheLibrary() throws {
    let scratch = Repository.root.appending(path: ".build/examples").path
    let package = Repository.root.appending(path: "Examples/embed").path
    // Where the folder is left from before, SwiftPM notices new sources only in a second build.
    let line = "swift build --package-path '\(package)' --scratch-path '\(scratch)'"
    let build = try Shell.run("\(line) >/dev/null || \(line)", merged: true)
    try #require(build.status == 0, "\(build.output)")
    let run = try Shell.run("'\(scratch)/debug/embed' pricing", merged: true)
    #expect(run.status == 0)
    try expect(run.output, in: "Examples/embed/output.txt")
  }
}
