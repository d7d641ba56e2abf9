import RatecardDiagnostics
import RatecardSyntax
import Testing

/// Bytes that are not plain UTF-8 text.
@Suite struct EncodingTests {
  private static func utf16(_ text: String, isBig: Bool, mark: Bool) -> [UInt8] {
    let units = (mark ? [0xFEFF] : []) + Array(text.utf16)
    return units.flatMap { unit in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return isBig ? [high, low] : [low, high]
    }
  }

  @Test(arguments: [true, false], [true, false])
  func utf16IsNamed(_ isBig: Bool, _ mark: Bool) {
    let probe = Probe(Self.utf16("name: x\n", isBig: isBig, mark: mark))
    #expect(probe.codes == ["not-utf8"])
    #expect(probe.diagnostics.first?.message.contains("UTF-16") == true)
  }

  @Test(
    arguments: [
      [0xFF], [0xC3], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80],
      [0xE2, 0x82], [0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func malformed(_ bytes: [UInt8]) {
    let probe = Probe(Array("a: é".utf8) + bytes + Array("\n".utf8))
    #expect(probe.codes == ["not-utf8"])
    #expect(probe.diagnostics.first?.span.start == 5)
  }

  @Test(arguments: [
    "\0", "\u{1}", "\u{7}", "\u{1B}", "\u{7F}", "\u{85}", "\u{9F}", "\u{2028}", "\u{2029}",
    "\u{FEFF}", "\u{FFFE}",
  ])
  func invisible(_ character: String) {
    let probe = Probe("a: é\(character)b\nc: d\n")
    #expect(probe.codes == ["invisible-character"])
    #expect(probe.diagnostics.first.map { probe.source($0.span) } == character)
    #expect(probe.tree == nil)
  }

  @Test func loneCarriageReturn() {
    let probe = Probe("a: b\rc: d\n")
    #expect(probe.codes == ["invisible-character"])
  }

  @Test(arguments: [
    "", "\u{FEFF}", "# remark\n", "\n\n", "---\n", "---\n...\n", "%YAML 1.2\n---\n",
  ])
  func empty(_ text: String) {
    let probe = Probe(text)
    #expect(probe.codes == [])
    #expect(probe.tree != nil)
    #expect(probe.tree?.root?.isMissing ?? true)
  }
}
