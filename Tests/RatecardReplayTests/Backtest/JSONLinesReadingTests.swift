import Foundation
import RatecardJSON
import RatecardTestSupport
import Testing

@testable import RatecardReplay

/// Lines like others are read quickly, and to the same as each by itself.
@Suite struct JSONLinesReadingTests {
  private static let columns = ["model", "input", "batch", "usage.tokens", "é"]

  @Test func readsAlikeWhateverCameBefore() {
    var random = SplitMix(seed: 3)
    var lines: [String] = []
    for _ in 0..<1_500 { lines.append(Self.line(&random)) }
    let whole = lines.joined(separator: "\n")
    // Each line in a log of its own knows no other.
    var single: [ReadRows.Row] = []
    for (index, line) in lines.enumerated() {
      let rows = ReadRows(Array(("{}\n" + line).utf8), columns: Self.columns).rows.dropFirst()
      single += rows.map {
        ReadRows.Row(line: index + 1, fields: $0.fields, message: $0.message)
      }
    }
    #expect(single.count > 1_000 && single.contains { $0.fields == nil })
    for size in [2, 64, 1_000, 1 << 20] {
      let read = ReadRows(Array(("\n" + whole).utf8), columns: Self.columns, chunkSize: size)
      #expect(read.failure == nil)
      let moved = read.rows.map {
        ReadRows.Row(line: $0.line - 1, fields: $0.fields, message: $0.message)
      }
      #expect(moved == single, "in chunks of \(size)")
    }
  }

  @Test func saysWhatTheLineSays() {
    let text = #"""
      {"model": "a\u00e9\"\n", "input": 12, "batch": true, "x": [1, {"y": 2}], "usage": {"tokens": 3}}

      {"batch":false,"input":1e3,"model":null,"usage":{"other":1}}
      {"input": "7", "model": {"name": "x"}, "batch": [], "\u00e9": "s"}
      [1]
      {"input": 01}
      {"input": 1, "input": 2}
      {"input": 1} x
      """#
    let read = ReadRows(Array(text.utf8), columns: Self.columns)
    #expect(
      read.rows.map(\.description) == [
        ##"1: ["aé\"\n", "#12", "#true", "#3", "∅"]"##,
        ##"3: ["∅", "#1e3", "#false", "∅", "∅"]"##,
        ##"4: ["#nested", "7", "#nested", "∅", "s"]"##,
        "5: (a row is a JSON object)",
        "6: (the row is not JSON: a number does not begin with a needless 0 at byte 11)",
        "7: (the row is not JSON: the name `input` stands twice in one object at byte 14)",
        "8: (the row is not JSON: nothing follows the document's value at byte 14)",
      ])
  }

  @Test func anObjectOfNothingTeachesNothing() {
    let read = ReadRows(Array("{}\n}\n{}\n".utf8), columns: Self.columns)
    #expect(read.rows.map { $0.fields == nil } == [false, true, false])
  }

  private static func line(_ random: inout SplitMix) -> String {
    let values = [
      "1", "12", "-3", "0.5", "1e9", "01", "1.", "\"x\"", "\"\"", "\"a\\nb\"", "\"é\"",
      "\"\\u00e9\"",
      "true", "false", "null", "nul", "[1]", "{\"tokens\":5}", "{}", "\"tab\t\"",
      "123456789012345678901",
    ]
    let plain = ["1", "12", "\"gpt-4o\"", "true", "0.25", "null"]
    let names = ["model", "input", "batch", "usage", "é", "other", "mod\\u0065l"]
    var members: [String] = []
    if random.oneIn(3) {
      for _ in 0..<random.below(6) {
        let name = names[random.below(random.oneIn(5) ? names.count : 5)]
        members.append("\"\(name)\": \(values[random.below(values.count)])")
      }
    } else {
      let kind = random.below(6)
      for name in names.prefix(2 + kind % 4) {
        members.append("\"\(name)\":\(kind > 3 ? " " : "")\(plain[random.below(plain.count)])")
      }
    }
    let line = "{" + members.joined(separator: random.oneIn(9) ? " , " : ",") + "}"
    if random.oneIn(25) { return String(line.prefix(random.below(line.count))) }
    return random.oneIn(12) ? line + " \r" : random.oneIn(30) ? "" : line
  }
}
