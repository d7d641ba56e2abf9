import RatecardValues

/// A hash that is the same in every process, on every machine and in every version.
///
/// It keeps a customer on the side of a split: FNV-1a over the UTF-8 bytes (G. Fowler, L. C. Noll and
/// K.-P. Vo), with the 64-bit finishing steps of MurmurHash3 (A. Appleby) against its weak high bits.
enum StableHash {
  /// The hash of a text.
  ///
  /// O(length).
  static func of(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return mixed(hash)
  }

  /// The hash of a number, the same however it was written.
  static func of(_ number: Number) -> UInt64 { of(number.description) }

  /// The hash of a key and a side of a split together.
  static func of(_ key: UInt64, and side: UInt64) -> UInt64 {
    mixed(key ^ mixed(side ^ 0x9E37_79B9_7F4A_7C15))
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var hash = value
    hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ (hash >> 33)
  }
}
