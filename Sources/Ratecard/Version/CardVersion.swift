internal import CSodium
internal import RatecardModel
internal import RatecardValues

/// What tells two cards apart: a digest of what a card says.
///
/// It depends on everything that may change an answer, a plan, a test, a guard or the meter, and
/// on nothing else: not on where the folder lies, how entries are spread over files, their order,
/// comments, quoting, anchors or how a number is written.
enum CardVersion {
  /// SHA-256 of what the card says, in hexadecimal.
  ///
  /// O(card), and O(n log n) in its rules.
  static func of(_ card: Card) -> String {
    var text = CanonicalText()
    text.tag("ratecard-version-1")
    CardWriter.write(card, into: &text)
    return hexadecimal(sha256(text.bytes))
  }

  private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    // Cannot fail: it computes in memory and needs no initialisation.
    crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    return digest
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
