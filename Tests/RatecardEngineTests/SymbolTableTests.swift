import Glibc
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

  /// The place of a text by each way of reading it; -2: they differ.
  private func placeFound(_ text: String, in table: SymbolTable) -> Int32 {
    let found = table.slot(of: text)?.pointee.symbol ?? -1
    let other = Array(text.utf8).withUnsafeBufferPointer { table.place(of: $0) }
    return found == other ? found : -2
  }

  @Test func findsEachAndNoOther() {
    let arena = Arena()
    let known = Self.texts.enumerated().filter { $0.offset % 3 != 0 }
    let table = SymbolTable(
      known.map { (ExactText($0.element), Int32($0.offset), 0) }, in: arena)
    for (place, text) in Self.texts.enumerated() {
      #expect(placeFound(text, in: table) == (place % 3 == 0 ? -1 : Int32(place)), "\(text)")
    }
    #expect(placeFound("a\u{0}", in: table) == -1)
    #expect(placeFound("é", in: table) == -1)
  }

  @Test func readsNothingAroundAText() throws {
    let arena = Arena()
    let table = SymbolTable(
      Self.texts.enumerated().map { (ExactText($0.element), Int32($0.offset), 0) }, in: arena)
    // A page that may be read, between two that may not.
    let size = Int(getpagesize())
    let pages = try #require(
      mmap(nil, 3 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    defer { munmap(pages, 3 * size) }
    let page = pages + size
    try #require(mprotect(page, size, PROT_READ | PROT_WRITE) == 0)
    for (place, text) in Self.texts.enumerated() {
      let bytes = Array(text.utf8)
      for start in [page, page + (size - bytes.count)] {
        start.copyMemory(from: bytes, byteCount: bytes.count)
        // Neither way reads a byte of another page.
        for key in [TextKey(start, bytes.count), TextKey(inStorage: start, bytes.count)] {
          #expect(table.slot(key, start)?.pointee.symbol == Int32(place))
        }
      }
    }
  }
}
