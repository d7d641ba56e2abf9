import Foundation
import RatecardCommand
import Testing

/// `eval --jsonl` as a stream, and what becomes of its output.
@Suite struct EvalTests {
  static let shop = CommandRun.cards + "/shop"
  static let lines = (0..<40).map { index in
    index.isMultiple(of: 7)
      ? "{\"model\": \"swift-1\", \"input_tokens\": \(index)"
      : "{\"model\": \"swift-1\", \"input_tokens\": \(index * 1000), \"at\": \"2026-06-01\"}"
  }

  /// Wherever the bytes are cut, the answers are the same, one a line, in order.
  @Test(arguments: [1, 2, 3, 7, 64, 65, 66, 1000, 4096])
  func chunksDoNotMatter(_ chunk: Int) {
    let text = Self.lines.joined(separator: "\n")
    let whole = CommandRun(["eval", Self.shop, "--jsonl", "--price"], input: Array(text.utf8))
    let cut = CommandRun(
      ["eval", Self.shop, "--jsonl", "--price"], input: Array(text.utf8), chunk: chunk)
    #expect(cut.output == whole.output)
    #expect(whole.output.split(separator: "\n").count == Self.lines.count)
    #expect(whole.code == 1)
  }

  @Test(arguments: ["\n", "\r\n"])
  func theLastLineNeedsNoEnd(_ ending: String) {
    let line = "{\"model\": \"swift-1\", \"at\": \"2026-06-01\"}"
    let with = CommandRun(["eval", Self.shop, "--jsonl"], input: Array((line + ending).utf8))
    let without = CommandRun(["eval", Self.shop, "--jsonl"], input: Array(line.utf8))
    #expect(with.output == without.output)
    #expect(with.output.hasSuffix("}\n"))
    #expect(with.code == 0)
  }

  @Test func aByteOrderMarkIsPassedOver() {
    let line = "\u{FEFF}{\"model\": \"swift-1\", \"at\": \"2026-06-01\"}\n"
    let run = CommandRun(["eval", Self.shop, "--jsonl"], input: Array(line.utf8))
    #expect(run.code == 0, "\(run.output)")
  }

  /// A line beyond the limit is answered with an error, and the next one as ever.
  @Test(arguments: [1 << 10, 100_000])
  func longLinesAreAnsweredWithAnError(_ chunk: Int) {
    let long = "{\"model\": \"" + String(repeating: "x", count: (1 << 20) + 10) + "\"}"
    let text = long + "\n{\"model\": \"swift-1\", \"at\": \"2026-06-01\"}\n" + long
    let run = CommandRun(["eval", Self.shop, "--jsonl"], input: Array(text.utf8), chunk: chunk)
    let answers = run.output.split(separator: "\n")
    #expect(answers.count == 3)
    #expect(answers.first?.contains("the line is longer than 1048576 bytes") == true)
    #expect(answers.dropFirst().first?.contains("\"rule\":\"small\"") == true)
    #expect(answers.last?.contains("the line is longer than 1048576 bytes") == true)
  }

  /// A reader that goes away ends the work and is no failure.
  @Test func stopsWhenNobodyReads() {
    var reads = 0
    let output = Output { _ in EPIPE }
    let errors = Output { _ in 0 }
    let line = Array("{\"model\": \"swift-1\", \"at\": \"2026-06-01\"}\n".utf8)
    let code = Program.run(
      Console(
        arguments: ["eval", Self.shop, "--jsonl"],
        input: { buffer in
          reads += 1
          guard reads < 1000 else { return 0 }
          buffer.copyBytes(from: line)
          return line.count
        }, output: output, errors: errors))
    #expect(code == 0)
    #expect(reads == 1)
  }

  /// Any other failure to write is said, and fails.
  @Test func saysWhenItCannotWrite() {
    var said: [UInt8] = []
    let code = Program.run(
      Console(
        arguments: ["--version"], output: Output { _ in ENOSPC },
        errors: Output { bytes in
          said += bytes
          return 0
        }))
    #expect(code == 3)
    #expect(
      String(decoding: said, as: UTF8.self)
        == "ratecard: cannot write `standard output`: no space left on device\n")
  }

  @Test func saysWhenItCannotRead() {
    let code = Program.run(
      Console(
        arguments: ["eval", Self.shop, "--jsonl"], input: { _ in -Int(EISDIR) },
        output: Output { _ in 0 }, errors: Output { _ in 0 }))
    #expect(code == 3)
  }
}
