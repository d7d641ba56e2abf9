internal import CSodium

/// Bytes as letters, digits, `-` and `_`, without padding (RFC 4648, section 5).
enum Base64 {
  private static let letters: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

  /// How long the text of so many bytes is.
  static func length(_ count: Int) -> Int { (count * 4 + 2) / 3 }

  /// Writes the text of some bytes to memory that has room for it; what they say is no secret, so the
  /// time this takes may depend on it.
  static func write(_ bytes: [UInt8], to text: UnsafeMutablePointer<UInt8>) {
    let letters = letters.utf8Start
    var end = text
    var place = 0
    func put(_ word: UInt32, _ count: Int) {
      for index in 0..<count {
        // SAFETY: six bits are a place among the 64 letters.
        end[index] = letters[Int(word >> UInt32(18 - 6 * index) & 63)]
      }
      end += count
    }
    bytes.withUnsafeBufferPointer { bytes in
      while place + 3 <= bytes.count {
        put(
          UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]), 4)
        place += 3
      }
      if place + 2 == bytes.count {
        put(UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8, 3)
      } else if place + 1 == bytes.count {
        put(UInt32(bytes[place]) << 16, 2)
      }
    }
  }

  /// The text of some bytes.
  static func text(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: length(bytes.count)) { text in
      if let start = text.baseAddress { write(bytes, to: start) }
      return length(bytes.count)
    }
  }

  /// The bytes of a text; nil: it is none.
  static func bytes(_ text: String) -> [UInt8]? {
    let length = text.utf8.count
    var result = [UInt8](repeating: 0, count: length)
    var written = 0
    let code = text.withCString { text in
      sodium_base642bin(
        &result, result.count, text, length, nil, &written, nil,
        Int32(sodium_base64_VARIANT_URLSAFE_NO_PADDING))
    }
    guard code == 0 else { return nil }
    result.removeLast(result.count - written)
    return result
  }
}
