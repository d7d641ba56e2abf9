import RatecardDiagnostics
import RatecardSyntax
import Testing

/// Each bound has a diagnostic of its own, and none takes long to be found passed.
@Suite(.timeLimit(.minutes(20))) struct LimitTests {
  @Test func sixtyThousandBrackets() {
    for text in ["[", "{", "- ", "? ", "[{", "{a: "] {
      let probe = Probe(String(repeating: text, count: 60_000))
      #expect(probe.codes == ["too-deep"])
      #expect(probe.tree == nil)
    }
  }

  @Test func depthIsAllowedUpToTheBound() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(Probe(nested(64)).codes == [])
    #expect(Probe(nested(65)).codes == ["too-deep"])
  }

  @Test func depthCountsWhatAliasesNest() {
    var text = "a0: &a0 [x]\n"
    for level in 1...63 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(Probe(text).codes == ["too-deep"])
    #expect(Probe(text.split(separator: "\n").prefix(63).joined(separator: "\n")).codes == [])
  }

  @Test func tooManyBytes() {
    let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: 17 << 20)
    #expect(Probe(bytes).codes == ["file-too-large"])
  }

  @Test func tooManyNodes() {
    var limits = Limits()
    limits.nodes = 4
    #expect(Probe("[a, b, c]", limits: limits).codes == [])
    #expect(Probe("[a, b, c, d]", limits: limits).codes == ["too-many-values"])
  }

  @Test func aliasBombs() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...40 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let probe = Probe(text)
    #expect(probe.codes == ["alias-expansion"])
    #expect(probe.tree == nil)
  }

  @Test func aliasesCountAsWhatTheyStandFor() {
    var limits = Limits()
    limits.aliasExpansion = 6
    #expect(Probe("[&a [b, c], *a, *a]", limits: limits).codes == [])
    #expect(Probe("[&a [b, c], *a, *a, *a]", limits: limits).codes == ["alias-expansion"])
    // An anchor that is set again names the later value.
    let probe = Probe("[&a b, *a, &a c, *a]")
    #expect(probe.tree?.root?.items.map(\.text) == ["b", "b", "c", "c"])
  }

  @Test func tooManyMistakes() {
    var limits = Limits()
    limits.mistakes = 3
    let probe = Probe("{a: 1, a: 2, a: 3, a: 4, a: 5, a: 6}", limits: limits)
    #expect(probe.codes.filter { $0 == "duplicate-key" }.count == 3)
    #expect(probe.codes.last == "too-many-mistakes")
  }

  @Test func longMapsFindTheirDuplicates() {
    let keys = (0..<5_000).map { "key\($0): 1\n" }.joined()
    #expect(Probe(keys).codes == [])
    #expect(
      Probe(keys + "\"key77\": 2\n'key4999': 3\n").codes == ["duplicate-key", "duplicate-key"])
  }
}
