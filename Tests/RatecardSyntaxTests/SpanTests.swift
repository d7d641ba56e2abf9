import RatecardDiagnostics
import RatecardSyntax
import Testing

/// Spans are exact bytes, whatever the characters and the line ends.
@Suite struct SpanTests {
  private static let text = """
    # ünïcode: 日本語 🎈
    größe: 日本語
    "schlüssel": 'it''s 🎈'
    liste: [é, "ü\\n", {ß: ö}]  # ä
    block: |
      zeile 一
      zeile 二

    nächste: &anker wert 💶
    wieder: *anker
    leer:
    ende: "zwei
      zeilen"

    """

  @Test(arguments: ["\n", "\r\n"], ["", "\u{FEFF}"])
  func bytesOfScalars(_ lineEnd: String, _ mark: String) throws {
    let probe = Probe(
      mark
        + Self.text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: lineEnd))
    #expect(probe.codes == [])
    func shown(_ node: Node?) throws -> String { probe.source(try #require(node).span) }
    #expect(try shown(probe.node("größe")) == "日本語")
    #expect(try shown(probe.node("schlüssel")) == "'it''s 🎈'")
    #expect(probe.node("schlüssel")?.text == "it's 🎈")
    #expect(try shown(probe.node("liste")) == "[é, \"ü\\n\", {ß: ö}]")
    #expect(try shown(probe.node("liste", "0")) == "é")
    #expect(try shown(probe.node("liste", "1")) == "\"ü\\n\"")
    #expect(try shown(probe.node("liste", "2")) == "{ß: ö}")
    #expect(try shown(probe.node("liste", "2", "ß")) == "ö")
    let block = "|\(lineEnd)  zeile 一\(lineEnd)  zeile 二"
    #expect(try shown(probe.node("block")) == block)
    #expect(probe.node("block")?.text == "zeile 一\nzeile 二\n")
    #expect(try shown(probe.node("nächste")) == "wert 💶")
    #expect(try shown(probe.node("wieder")) == "wert 💶")
    #expect(try shown(probe.node("leer")) == "")
    #expect(probe.node("leer")?.isMissing == true)
    #expect(try shown(probe.node("ende")) == "\"zwei\(lineEnd)  zeilen\"")
    #expect(probe.node("ende")?.text == "zwei zeilen")
    let root = try #require(probe.tree?.root)
    #expect(try shown(root).hasPrefix("größe"))
    #expect(try shown(root).hasSuffix("zeilen\""))
  }

  @Test(arguments: [
    ("{a, b: }", "b", "{a, b: }", 6, 6), ("{b: , c: d}", "b", "", 3, 3),
    ("b:\nc: d", "b", "", 2, 2), ("b: # c\nc: d", "b", "", 2, 2),
  ])
  func missingValues(_ text: String, _ key: String, _: String, _ start: Int, _ end: Int) throws {
    let node = try #require(Probe(text).node(key))
    #expect(node.isMissing && Int(node.span.start) == start && Int(node.span.end) == end)
  }

  @Test func bufferIsTheText() throws {
    let node = try #require(Probe("größe: \"日本\\n\"").node("größe"))
    #expect(node.withUTF8 { Array($0) } == Array("日本\n".utf8))
    #expect(node.count == 0 && node.items.isEmpty && node.entries.isEmpty)
  }

  @Test func wordsAreText() {
    let probe = Probe("[null, ~, no, 1_0, 12:30, 4e-07, \"\"]")
    let items = probe.tree?.root?.items.map(\.text)
    #expect(items == ["null", "~", "no", "1_0", "12:30", "4e-07", ""])
    #expect(probe.tree?.root?.items.contains(where: \.isMissing) == false)
  }

  @Test func aCollectionEndsWithItsLastChild() throws {
    let probe = Probe("a:\n  - b: 1\n  - c: 2\n\n# remark\nd: {e: 1\n  }\n")
    func shown(_ path: String) throws -> String {
      probe.source(try #require(probe.node(path)).span)
    }
    #expect(try shown("a") == "- b: 1\n  - c: 2")
    #expect(try shown("d") == "{e: 1\n  }")
  }
}
