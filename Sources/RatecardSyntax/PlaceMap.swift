/// Turns libyaml's places, counted in code points, into byte offsets.
///
/// Places come almost in order, so a cursor that walks from the last one is linear over the file.
struct PlaceMap {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let base: Int
  private let isASCII: Bool
  private var place = 0
  private var offset: Int

  /// SAFETY: `bytes` must outlive the map; it is made and used inside one closure over the file.
  init(_ bytes: UnsafeBufferPointer<UInt8>, base: Int, isASCII: Bool) {
    self.bytes = bytes
    self.base = base
    self.isASCII = isASCII
    offset = base
  }

  /// The byte offset of a code point; the end of the file for one past it.
  mutating func offset(of target: Int) -> Int {
    if isASCII { return min(base + target, bytes.count) }
    while place < target, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      place += 1
    }
    while place > target, offset > base {
      offset -= 1
      while offset > base, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
      place -= 1
    }
    return offset
  }
}
