import Foundation
import RatecardTestSupport
import Testing

@testable import RatecardReplay

/// CSV is read as Python's `csv` reads it, wherever chunks are cut.
@Suite struct CSVReadingTests {
  private static let count =
    Int(ProcessInfo.processInfo.environment["RATECARD_CSV_TEXTS"] ?? "300") ?? 300

  /// What Python makes of a text: lines, fields, and whether the last quote is closed.
  private struct PythonRow: Decodable {
    let line: Int
    let fields: [String]
    let isClosed: Bool

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      line = try values.decode(Int.self)
      fields = try values.decode([String].self)
      isClosed = try values.decode(Bool.self)
    }
  }

  @Test func agreesWithPythonAtEveryCut() throws {
    var random = SplitMix(seed: 11)
    let texts = (0..<Self.count).map { Self.text(&random, columns: 1 + $0 % 4) }
    let expected = try Self.python(texts)
    for (text, python) in zip(texts, expected) {
      let names = try #require(python.first).fields
      let rows = python.dropFirst().map { row -> ReadRows.Row in
        if !row.isClosed {
          return ReadRows.Row(
            line: row.line, message: "the quote that begins a field here has no end")
        }
        guard row.fields.count == names.count else {
          return ReadRows.Row(
            line: row.line, message: CSVRows.wrongCount(row.fields.count, names.count))
        }
        return ReadRows.Row(line: row.line, fields: row.fields.map { $0.isEmpty ? nil : $0 })
      }
      let bytes = Array(text.utf8)
      for size in Array(2...(bytes.count + 2)) + [1 << 20] {
        let read = ReadRows(
          bytes, columns: names, chunkSize: size, pieces: 1 + size % 7)
        #expect(read.failure == nil, "\(text.debugDescription) cut at \(size)")
        #expect(read.rows == rows, "\(text.debugDescription) cut at \(size)")
        if read.rows != rows { return }
      }
    }
  }

  /// A file of some columns, with whatever may stand in one.
  private static func text(_ random: inout SplitMix, columns: Int) -> String {
    let breaks = random.oneIn(3) ? ["\n", "\r\n", "\r"] : [random.oneIn(2) ? "\n" : "\r\n"]
    func lineBreak(_ random: inout SplitMix) -> String { breaks[random.below(breaks.count)] }
    var text = random.oneIn(4) ? "\u{FEFF}" : ""
    let names = (0..<columns).map { $0 == 1 ? "\"b, \"\"b\"\"\"" : "c\($0)" }
    text += names.joined(separator: ",") + lineBreak(&random)
    let pieces =
      random.oneIn(3)
      ? ["x", "12", "é", " "]
      : ["x", "12", "\"", "\"\"", ",", "\n", "\r\n", "\r", "é", "\"a\"", " ", "\"a,b\""]
    for _ in 0..<random.below(12) {
      if random.oneIn(8) {
        text += lineBreak(&random)
        continue
      }
      let fields = (0..<(random.oneIn(6) ? random.below(5) : columns)).map { _ in
        let inner = (0..<random.below(4)).map { _ in pieces[random.below(pieces.count)] }.joined()
        return random.oneIn(3)
          ? "\""
            + inner.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: random.oneIn(9) ? "\"" : "\"\"") + "\"" : inner
      }
      text += fields.joined(separator: ",") + lineBreak(&random)
    }
    if random.oneIn(3) { text += "1,\"open" }
    if random.oneIn(3), text.hasSuffix("\n") { text.removeLast() }
    return text
  }

  private static func python(_ texts: [String]) throws -> [[PythonRow]] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "csv_rows.py")
    process.arguments = [script.path]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    let data = try JSONEncoder().encode(texts)
    DispatchQueue.global().async {
      try? input.fileHandleForWriting.write(contentsOf: data)
      try? input.fileHandleForWriting.close()
    }
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return try JSONDecoder().decode([[PythonRow]].self, from: answer)
  }

  @Test func aRowThatDoesNotEndIsRefused() {
    let text = "a,b\n1,2\n3,\"" + String(repeating: "x\n", count: 100)
    let read = ReadRows(Array(text.utf8), columns: ["a", "b"], chunkSize: 16, rowLimit: 64)
    #expect(read.failure == .longRow(source: "log", line: 3, limit: 64))
    #expect(read.rows.count == 1)
  }

  @Test(arguments: [
    ("", UsageFailure.noHeader(source: "log")),
    ("\u{FEFF}\r\n\n", .noHeader(source: "log")),
    ("a,\"b\n1,2\n", .openHeader(source: "log", line: 1)),
    ("a,b,a\n1,2,3\n", .doubledColumn(source: "log", "a")),
    ("x,y\n1,2\n", .noAttributes(source: "log", ["x", "y"])),
  ])
  func whatHasNoColumnsIsRefused(_ text: String, _ failure: UsageFailure) {
    for size in [2, 5, 100] {
      let read = ReadRows(Array(text.utf8), columns: ["a"], chunkSize: size)
      #expect(read.failure == failure)
      #expect(read.rows.isEmpty)
    }
  }

  @Test func whatIsNotUTF8IsRefusedWhereItIsLookedAt() {
    let bytes = Array("a,b,c\n1,".utf8) + [0xE9] + Array(",2\n3,é,4\n5,6,".utf8) + [0xFF, 0x0A]
    let read = ReadRows(bytes, columns: ["a", "b"])
    #expect(
      read.rows == [
        ReadRows.Row(line: 2, message: "`b` is not UTF-8"),
        ReadRows.Row(line: 3, fields: ["3", "é"]), ReadRows.Row(line: 4, fields: ["5", "6"]),
      ])
  }
}
