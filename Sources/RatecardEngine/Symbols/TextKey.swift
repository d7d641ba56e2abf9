/// What a text is compared by: its length, and two words.
///
/// The words of a text of up to 16 bytes are its bytes, with zeros after them; those of a longer one are
/// a hash, so that the bytes are to be compared too.
struct TextKey: BitwiseCopyable {
  let first: UInt64
  let second: UInt64
  let length: Int

  init(first: UInt64, second: UInt64, length: Int) {
    (self.first, self.second, self.length) = (first, second, length)
  }

  /// The key of a text, of which no byte but its own is read.
  @inline(__always)
  init(_ text: UnsafeRawPointer, _ length: Int) {
    self.length = length
    if length > 16 {
      (first, second) = TextKey.hashed(text, length)
    } else if length >= 8 {
      first = text.loadUnaligned(as: UInt64.self)
      // The last 8 bytes, of which the first word has some already.
      let last = text.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
      second = length == 8 ? 0 : last &>> UInt64(truncatingIfNeeded: (16 &- length) &* 8)
    } else if length >= 4 {
      let last = text.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
      first =
        UInt64(text.loadUnaligned(as: UInt32.self))
        | UInt64(last) &<< UInt64(truncatingIfNeeded: (length &- 4) &* 8)
      second = 0
    } else {
      var bytes: UInt64 = 0
      for place in 0..<length {
        bytes |=
          UInt64(text.load(fromByteOffset: place, as: UInt8.self))
          &<< UInt64(truncatingIfNeeded: place &* 8)
      }
      (first, second) = (bytes, 0)
    }
  }

  /// The key of a text in a string's own storage, in few steps, whatever its length.
  ///
  /// A short text is read as two whole words, and what lies behind it is cut off: loads of other widths
  /// would wait for the two words that a short string is written to memory as.
  @inline(__always)
  init(inStorage text: UnsafeRawPointer, _ length: Int) {
    // SAFETY: 16 bytes from here lie on one page, so that no page is touched that the text does not
    // touch. They lie in the string's own storage as well: a string of fewer bytes is 16 bytes itself
    // or has room for more, and a literal of fewer is stored within itself.
    guard UInt(bitPattern: length &- 1) < 16, UInt(bitPattern: text) & 4_095 <= 4_080 else {
      self.init(text, length)
      return
    }
    let words = (
      text.loadUnaligned(as: UInt64.self), text.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    )
    let bits = UInt64(truncatingIfNeeded: length &* 8)
    // Two shifts by half of it are one by up to 120, which no instruction makes; and no branch tells
    // longer texts from shorter ones.
    let cut = 128 &- bits
    self.init(
      first: length >= 8 ? words.0 : words.0 & ~(~0 &<< bits),
      second: words.1 & ((~0 &>> (cut &>> 1)) &>> (cut &- (cut &>> 1))), length: length)
  }

  /// Folds in 16 bytes at a time, and last the 16 bytes at the end.
  @inline(never)
  private static func hashed(_ text: UnsafeRawPointer, _ length: Int) -> (UInt64, UInt64) {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var offset = 0
    while offset + 16 < length {
      state = folded(
        text.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ 0xA076_1D64_78BD_642F,
        text.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self) ^ state)
      offset += 16
    }
    let low = text.loadUnaligned(fromByteOffset: length - 16, as: UInt64.self)
    let high = text.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
    return (folded(low ^ 0xE703_7ED1_A0B4_28DB, high ^ state), low ^ high ^ state)
  }

  /// A hash of it; another seed makes another hash.
  @inline(__always)
  func hash(_ seed: UInt64) -> Int {
    Int(
      truncatingIfNeeded: TextKey.folded(
        first ^ seed, second ^ 0xE703_7ED1_A0B4_28DB ^ UInt64(truncatingIfNeeded: length)))
  }

  /// Both halves of a product.
  @inline(__always)
  private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
