import Foundation
import RatecardTestSupport
import Testing

/// What `--jsonl` answers to a line is what `--json` answers to it, whichever way it takes.
@Suite struct QuickAnswersTests {
  @Test(arguments: ["pricing", "Tests/Cards/parts", "Tests/Cards/weights", "Tests/Cards/windows"])
  func answersAsOneByOne(_ card: String) {
    let folder = "\(CommandRun.repository)/\(card)"
    var random = SplitMix(seed: 5)
    let lines = (0..<150).map { _ in Self.line(&random) }
    let all = CommandRun(
      ["eval", folder, "--jsonl"], input: Array((lines.joined(separator: "\n") + "\n").utf8))
    let answers = all.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(answers.count == lines.count)
    for (line, answer) in zip(lines, answers) {
      let one = CommandRun(["eval", folder, "--json", line, "--format", "json"])
      #expect(one.output == answer + "\n", "\(line)")
    }
  }

  /// Every line has a time, so that both ways answer at the same.
  private static func line(_ random: inout SplitMix) -> String {
    let names = [
      "request_type", "model", "plan", "balance", "customer", "current_tier", "input_tokens",
      "cached_tokens", "region", "batch", "nobody", "seconds",
    ]
    let values = [
      #""agent""#, #""chat""#, #""gpt-4o""#, #""claude-sonnet""#, #""o1""#, #""pro""#, #""slow""#,
      #""gpt-4\u006f""#, #""é""#, #""""#, "0", "-0", "12", "-3", "2.50", "1e3", "7E-2",
      "123456789012345678", "1234567890123456789", "99999999999999999999999999999999999999999",
      "true", "false", "null", #""true""#, #""12""#, "[1]", "{}", "01", #""eu-west""#,
    ]
    var members = ["\"at\": \"2026-05-0\(1 + random.below(9))\""]
    for _ in 0..<random.below(6) {
      let name = names[random.below(names.count)]
      members.append("\"\(name)\":\(values[random.below(values.count)])")
    }
    if random.oneIn(25) { members.append("") }
    return "{\(members.joined(separator: ", "))}"
  }
}
