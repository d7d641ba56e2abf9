import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardEngine

/// Texts are found by their bytes, whatever their length and wherever they lie.
struct SymbolTableTests {
  /// Texts of all short lengths that differ in one byte, at every place of it.
  private static let texts: [String] = (0...40).flatMap { length in
    [String(repeating: "a", count: length)]
      + (0..<length).map { place in
        String(repeating: "a", count: place) + "b"
          + String(repeating: "a", count: length - place - 1)
      }
  }

  @Test func findsEachAndNoOther() {
    let arena = Arena()
    let known = Self.texts.enumerated().filter { $0.offset % 3 != 0 }
    let table = SymbolTable(
      known.map { (ExactText($0.element), Int32($0.offset)) }, in: arena)
    for (place, text) in Self.texts.enumerated() {
      #expect(table.place(of: text) == (place % 3 == 0 ? -1 : Int32(place)), "\(text)")
    }
    #expect(table.place(of: "a\u{0}") == -1)
    #expect(table.place(of: "é") == -1)
  }

  @Test func readsNothingPastAPage() {
    let arena = Arena()
    let table = SymbolTable(
      Self.texts.enumerated().map { (ExactText($0.element), Int32($0.offset)) }, in: arena)
    let pages = UnsafeMutableRawPointer.allocate(byteCount: 8_192, alignment: 4_096)
    defer { pages.deallocate() }
    pages.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "x"), count: 8_192)
    for (place, text) in Self.texts.enumerated() {
      let bytes = Array(text.utf8)
      // Just before the page's end, where 16 bytes would cross it.
      for end in [4_096, 4_095, 4_081, 4_080] where end >= bytes.count {
        let start = pages + (end - bytes.count)
        bytes.withUnsafeBytes {
          if bytes.count > 0, let base = $0.baseAddress {
            start.copyMemory(from: base, byteCount: bytes.count)
          }
        }
        #expect(table.place(start, bytes.count) == Int32(place))
      }
    }
  }
}
