import RatecardTestSupport
import Testing

@testable import RatecardJSON

/// Steps of a word find what steps of a byte find.
@Suite struct JSONRunTests {
  @Test func plainRunsEndWhereByteAfterByteEnds() {
    var random = SplitMix(seed: 1)
    let special: [UInt8] = [0x22, 0x5C, 0, 0x1F, 0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F, 0x80, 0xFF]
    for _ in 0..<20_000 {
      let bytes = (0..<random.below(40)).map { _ in
        random.oneIn(12) ? special[random.below(special.count)] : UInt8(0x61 + random.below(26))
      }
      let first = bytes.firstIndex { $0 < 0x20 || $0 >= 0x80 || $0 == 0x22 || $0 == 0x5C }
      bytes.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return }
        let end = start + bytes.count
        #expect(JSONRun.afterPlain(start, end) - start == first ?? bytes.count)
      }
    }
  }

  @Test(arguments: [
    ("abc\"", 3), ("é😀, and more\"x", 16), ("\"", 0), ("abc", nil), ("", nil), ("a\\n\"", nil),
    ("a\n\"", nil), ("12345678é\"", 10),
  ])
  func stringsEndAtTheirQuote(_ text: String, _ length: Int?) {
    let bytes = Array(text.utf8) + [0]
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      let end = JSONRun.afterString(start, start + bytes.count - 1)
      #expect(end.map { $0 - start } == length)
    }
  }

  @Test(arguments: [[0x61, 0x80, 0x22], [0xC3, 0x22], [0xED, 0xA0, 0x80, 0x22]] as [[UInt8]])
  func illFormedStringsHaveNone(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      #expect(JSONRun.afterString(start, start + bytes.count) == nil)
    }
  }
}
