package import RatecardValues

/// The texts that a card names for an attribute, each with its place, found in one pass over the
/// bytes.
///
/// A text of up to 16 bytes is two words, and equal to another of its length when they are; of a
/// longer one the words are a hash, and the bytes are compared too. Open addressing, at most half
/// full.
package struct SymbolTable: BitwiseCopyable, Sendable {
  private struct Slot: BitwiseCopyable {
    var first: UInt64 = 0
    var second: UInt64 = 0
    /// How many bytes the text has.
    var length: Int32 = 0
    /// The place of its symbol; -1: nothing is here.
    var symbol: Int32 = -1
    /// Where its bytes begin.
    var offset: Int = 0
  }

  private let slots: Flat<Slot>
  private let mask: Int
  private let bytes: Flat<UInt8>

  /// Makes the table of some different texts, with the place that each stands for.
  package init(_ texts: [(text: ExactText, place: Int32)], in arena: Arena) {
    var capacity = 8
    while capacity < texts.count * 2 { capacity *= 2 }
    mask = capacity - 1
    var bytes: [UInt8] = []
    var slots = [Slot](repeating: Slot(), count: capacity)
    for (text, place) in texts {
      var slot = Slot()
      slot.length = Int32(text.string.utf8.count)
      slot.symbol = place
      slot.offset = bytes.count
      bytes += text.string.utf8
      bytes.withUnsafeBufferPointer { all in
        guard let base = all.baseAddress else { return }
        let key = Key(UnsafeRawPointer(base + slot.offset), Int(slot.length))
        (slot.first, slot.second) = (key.first, key.second)
      }
      let key = Key(first: slot.first, second: slot.second, length: Int(slot.length))
      var place = key.hash & mask
      while slots[place].symbol >= 0 { place = (place + 1) & mask }
      slots[place] = slot
    }
    self.slots = arena.lay(slots)
    self.bytes = arena.lay(bytes)
  }

  /// The place of a text; -1: the card does not name it.
  @inline(__always)
  func place(_ text: UnsafeRawPointer, _ length: Int) -> Int32 {
    let key = Key(text, length)
    var place = key.hash & mask
    while true {
      let slot = slots.base + place
      if slot.pointee.symbol < 0 { return -1 }
      if slot.pointee.first == key.first, slot.pointee.second == key.second,
        Int(slot.pointee.length) == length,
        length <= 16 || isSame(bytes.base + slot.pointee.offset, text, length)
      {
        return slot.pointee.symbol
      }
      place = (place &+ 1) & mask
    }
  }

  /// The place of a text; -1: the card does not name it.
  @inline(__always)
  func place(of text: borrowing String) -> Int32 {
    text.utf8.withContiguousStorageIfAvailable { place(of: $0) } ?? placeOfBridged(copy text)
  }

  @inline(never)
  private func placeOfBridged(_ text: String) -> Int32 {
    var text = text
    return text.withUTF8 { place(of: $0) }
  }

  /// The place of a text in UTF-8; -1: the card does not name it.
  @inline(__always)
  package func place(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    place(UnsafeRawPointer(text.baseAddress ?? bytes.base), text.count)
  }

  @inline(never)
  private func isSame(_ own: UnsafePointer<UInt8>, _ text: UnsafeRawPointer, _ length: Int) -> Bool
  {
    let text = text.assumingMemoryBound(to: UInt8.self)
    for index in 0..<length where own[index] != text[index] { return false }
    return true
  }

  /// What a text is compared by.
  private struct Key {
    let first: UInt64
    let second: UInt64
    let length: Int

    init(first: UInt64, second: UInt64, length: Int) {
      (self.first, self.second, self.length) = (first, second, length)
    }

    @inline(__always)
    init(_ text: UnsafeRawPointer, _ length: Int) {
      self.length = length
      if length > 16 {
        (first, second) = Key.hashed(text, length)
      } else if length >= 8 {
        // Loads from both ends hold every byte, and none past the text; in the middle they overlap.
        first = text.loadUnaligned(as: UInt64.self)
        second = text.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
      } else if length >= 4 {
        first = UInt64(text.loadUnaligned(as: UInt32.self))
        second = UInt64(text.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self))
      } else if length > 0 {
        first = UInt64(text.load(as: UInt8.self))
        second =
          UInt64(text.load(fromByteOffset: length >> 1, as: UInt8.self)) &<< 8
          | UInt64(text.load(fromByteOffset: length &- 1, as: UInt8.self))
      } else {
        (first, second) = (0, 0)
      }
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

    /// The place to look first.
    @inline(__always)
    var hash: Int {
      Int(
        truncatingIfNeeded: Key.folded(
          first ^ 0xA076_1D64_78BD_642F,
          second ^ 0xE703_7ED1_A0B4_28DB ^ UInt64(truncatingIfNeeded: length)))
    }

    /// Both halves of a product.
    @inline(__always)
    private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
      let product = left.multipliedFullWidth(by: right)
      return product.high ^ product.low
    }
  }
}
