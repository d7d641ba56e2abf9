package import RatecardValues

/// The texts that a card names for an attribute, each with its place, found in one pass over the
/// bytes.
///
/// Open addressing, at most half full; where the texts are few, mostly each at the place where it is
/// looked for first.
package struct SymbolTable: BitwiseCopyable, Sendable {
  /// A text that the table has, or none.
  struct Slot: BitwiseCopyable {
    fileprivate var first: UInt64 = 0
    fileprivate var second: UInt64 = 0
    /// How many bytes the text has; -1: nothing is here.
    fileprivate var length: Int32 = -1
    /// Where its bytes begin.
    fileprivate var offset: Int32 = 0
    /// The place of its symbol.
    var symbol: Int32 = -1
    /// The atom of its symbol.
    var atom: Int32 = -1
  }

  private let slots: Flat<Slot>
  private let mask: Int
  private let seed: UInt64
  private let bytes: Flat<UInt8>

  /// Makes the table of some different texts, with the place that each stands for, and its atom.
  package init(_ texts: [(text: ExactText, place: Int32, atom: Int32)], in arena: Arena) {
    var capacity = 8
    while capacity < texts.count * (texts.count <= 256 ? 4 : 2) { capacity *= 2 }
    let mask = capacity - 1
    var bytes: [UInt8] = []
    var keys: [TextKey] = []
    var offsets: [Int32] = []
    for (text, _, _) in texts {
      let own = Array(text.string.utf8)
      offsets.append(Int32(bytes.count))
      keys.append(
        own.withUnsafeBytes { own in
          own.baseAddress.map { TextKey($0, own.count) } ?? TextKey(first: 0, second: 0, length: 0)
        })
      bytes += own
    }
    seed = Self.seed(for: keys, mask)
    var slots = [Slot](repeating: Slot(), count: capacity)
    for (index, key) in keys.enumerated() {
      var place = key.hash(seed) & mask
      while slots[place].length >= 0 { place = (place + 1) & mask }
      slots[place] = Slot(
        first: key.first, second: key.second, length: Int32(key.length), offset: offsets[index],
        symbol: texts[index].place, atom: texts[index].atom)
    }
    self.mask = mask
    self.slots = arena.lay(slots)
    self.bytes = arena.lay(bytes)
  }

  /// The seed by which the fewest texts share the place where they are looked for first.
  private static func seed(for keys: [TextKey], _ mask: Int) -> UInt64 {
    var best: (seed: UInt64, shared: Int) = (0xA076_1D64_78BD_642F, .max)
    var seed = best.seed
    for _ in 0..<max(1, min(32, 4_096 / max(1, keys.count))) where best.shared > 0 {
      let places = Set(keys.map { $0.hash(seed) & mask })
      if keys.count - places.count < best.shared { best = (seed, keys.count - places.count) }
      seed = seed &* 0x5851_F42D_4C95_7F2D &+ 0x1405_7B7E_F767_814F
    }
    return best.seed
  }

  /// What the table has for a text and its key; nil: the card does not name it.
  @inline(__always)
  func slot(_ key: TextKey, _ text: UnsafeRawPointer) -> UnsafePointer<Slot>? {
    slot(key, hash: hash(key), text)
  }

  /// The hash that the table looks for a key by.
  @inline(__always)
  func hash(_ key: TextKey) -> Int { key.hash(seed) }

  /// The same where the hash of the key is known.
  @inline(__always)
  func slot(_ key: TextKey, hash: Int, _ text: UnsafeRawPointer) -> UnsafePointer<Slot>? {
    var place = hash & mask
    while true {
      let slot = slots.base + place
      let difference =
        (slot.pointee.first ^ key.first) | (slot.pointee.second ^ key.second)
        | UInt64(truncatingIfNeeded: Int(slot.pointee.length) ^ key.length)
      if difference == 0,
        key.length <= 16 || isSame(bytes.base + Int(slot.pointee.offset), text, key.length)
      {
        return slot
      }
      if slot.pointee.length < 0 { return nil }
      place = (place &+ 1) & mask
    }
  }

  /// The place of a text in UTF-8; -1: the card does not name it.
  @inline(__always)
  package func place(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    let start = UnsafeRawPointer(text.baseAddress ?? bytes.base)
    return slot(TextKey(start, text.count), start)?.pointee.symbol ?? -1
  }

  /// What the table has for a text; nil: the card does not name it.
  @inline(__always)
  func slot(of text: borrowing String) -> UnsafePointer<Slot>? {
    let found = text.utf8.withContiguousStorageIfAvailable { text in
      let start = UnsafeRawPointer(text.baseAddress ?? bytes.base)
      return slot(TextKey(inStorage: start, text.count), start)
    }
    return found ?? slotOfBridged(copy text)
  }

  @inline(never)
  private func slotOfBridged(_ text: String) -> UnsafePointer<Slot>? {
    var text = text
    return text.withUTF8 { text in
      let start = UnsafeRawPointer(text.baseAddress ?? bytes.base)
      return slot(TextKey(start, text.count), start)
    }
  }

  @inline(never)
  private func isSame(_ own: UnsafePointer<UInt8>, _ text: UnsafeRawPointer, _ length: Int) -> Bool
  {
    let text = text.assumingMemoryBound(to: UInt8.self)
    for index in 0..<length where own[index] != text[index] { return false }
    return true
  }
}
