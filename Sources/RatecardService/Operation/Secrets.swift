internal import CSodium

/// Keys and comparisons of secrets, by libsodium.
enum Secrets {
  /// The length of a `seal`.
  static let sealLength = 16

  /// A key for `seal`, of any bytes.
  static func key(_ bytes: [UInt8]) -> [UInt8] { hash(bytes, length: 16) }

  /// What only who has the key can make of some bytes: SipHash-2-4 with 128 bits (Aumasson and
  /// Bernstein, 2012), which takes little time for few bytes.
  static func seal(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var sealed = bytes
    appendSeal(to: &sealed, key: key)
    return Array(sealed.suffix(sealLength))
  }

  /// Appends the seal of some bytes to them.
  static func appendSeal(to bytes: inout [UInt8], key: [UInt8]) {
    precondition(key.count == 16, "the key is one that `key` made")
    let count = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: sealLength))
    bytes.withUnsafeMutableBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      // SAFETY: the seal lies behind the bytes it is made of.
      crypto_shorthash_siphashx24(start + count, start, UInt64(count), key)
    }
  }

  /// A digest of 256 bits: BLAKE2b.
  static func digest(_ bytes: [UInt8]) -> [UInt8] { hash(bytes, length: 32) }

  /// Whether two texts are the same, in a time that tells nothing about where they differ.
  static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    areSame(digest(left), digest(right))
  }

  /// Whether two digests are the same, in the same time for all.
  static func areSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && sodium_memcmp(left, right, left.count) == 0
  }

  private static func hash(_ bytes: [UInt8], length: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: length)
    let code = crypto_generichash(&result, length, bytes, UInt64(bytes.count), nil, 0)
    precondition(code == 0, "the lengths are ones that BLAKE2b has")
    return result
  }
}
