internal import RatecardBilling

/// Writing the plain form: letters, digits, `-` and `_`, without padding.
extension Base64 {
  private static let letters: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

  /// How long the text of so many bytes is.
  static func length(_ count: Int) -> Int { (count * 4 + 2) / 3 }

  /// Writes the text of some bytes to memory that has room for it; what they say is no secret, so the
  /// time this takes may depend on it.
  static func write(_ bytes: [UInt8], to text: UnsafeMutablePointer<UInt8>) {
    let letters = letters.utf8Start
    // SAFETY: six bits are a place among the 64 letters.
    func letter(_ word: UInt32, _ shift: UInt32) -> UInt8 { letters[Int(word >> shift & 63)] }
    bytes.withUnsafeBufferPointer { bytes in
      var end = text
      var place = 0
      while place + 3 <= bytes.count {
        let word =
          UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
        end[0] = letter(word, 18)
        end[1] = letter(word, 12)
        end[2] = letter(word, 6)
        end[3] = letter(word, 0)
        end += 4
        place += 3
      }
      guard place < bytes.count else { return }
      let isPair = place + 2 == bytes.count
      let word = UInt32(bytes[place]) << 16 | (isPair ? UInt32(bytes[place + 1]) << 8 : 0)
      end[0] = letter(word, 18)
      end[1] = letter(word, 12)
      if isPair { end[2] = letter(word, 6) }
    }
  }

  /// The text of some bytes.
  static func text(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: length(bytes.count)) { text in
      if let start = text.baseAddress { write(bytes, to: start) }
      return length(bytes.count)
    }
  }
}
