internal import CSodium
public import RatecardValues

/// The secrets with which webhooks are signed, as Standard Webhooks says.
///
/// What is signed is the id, the time and the body, to the byte. While a secret is being replaced there are
/// two, and either will do.
public struct WebhookKeys: Sendable {
  private let keys: [[UInt8]]

  /// How far a webhook's time may be from the present, in whole seconds.
  private static let toleranceSeconds: Int64 = 300
  /// More than any sender makes; each costs a comparison.
  private static let signatureLimit = 32
  private static let idLimit = 1_024

  /// Reads secrets: base64 behind an optional `whsec_`, several separated by commas; nil: one of
  /// them is none.
  public init?(_ secrets: String) {
    var keys: [[UInt8]] = []
    for secret in secrets.split(separator: ",", omittingEmptySubsequences: false) {
      let words = secret.split(whereSeparator: \.isWhitespace)
      guard words.count == 1, var text = words.first else { return nil }
      if text.hasPrefix("whsec_") { text = text.dropFirst(6) }
      guard let key = Base64.bytes(String(text), .padded), !key.isEmpty else { return nil }
      keys.append(key)
    }
    self.keys = keys
  }

  /// Makes keys of bytes.
  public init(key: [UInt8]) { keys = [key] }

  /// Whether a webhook was signed with one of the secrets, not long ago.
  public func verify(_ webhook: Webhook, now: Instant) -> Bool {
    let digits = webhook.timestamp.utf8
    guard (1...12).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
      let seconds = Int64(webhook.timestamp), abs(now.seconds - seconds) <= Self.toleranceSeconds,
      !webhook.id.isEmpty, webhook.id.utf8.count <= Self.idLimit
    else { return false }
    let candidates = webhook.signature.split(separator: " ").prefix(Self.signatureLimit)
      .compactMap { item -> [UInt8]? in
        guard item.hasPrefix("v1,") else { return nil }
        let bytes = Base64.bytes(String(item.dropFirst(3)), .padded)
        return bytes?.count == Self.signatureLength ? bytes : nil
      }
    let own = keys.map { Self.signature(of: webhook, key: $0) }
    // All are compared: when this ends tells nothing of which one matched.
    var isSigned = false
    for expected in own {
      for candidate in candidates
      where sodium_memcmp(expected, candidate, Self.signatureLength) == 0 { isSigned = true }
    }
    return isSigned
  }

  /// A webhook with a signature for each secret.
  public func signed(id: String, body: [UInt8], at now: Instant) -> Webhook {
    var webhook = Webhook(id: id, timestamp: String(now.seconds), signature: "", body: body)
    webhook.signature = keys.map { "v1," + Self.base64(Self.signature(of: webhook, key: $0)) }
      .joined(separator: " ")
    return webhook
  }

  private static let signatureLength = 32

  private static func signature(of webhook: Webhook, key: [UInt8]) -> [UInt8] {
    var state = crypto_auth_hmacsha256_state()
    crypto_auth_hmacsha256_init(&state, key, key.count)
    for part in [Array("\(webhook.id).\(webhook.timestamp).".utf8), webhook.body] {
      crypto_auth_hmacsha256_update(&state, part, UInt64(part.count))
    }
    var signature = [UInt8](repeating: 0, count: signatureLength)
    crypto_auth_hmacsha256_final(&state, &signature)
    return signature
  }

  /// Bytes in the usual base64, padded.
  private static func base64(_ bytes: [UInt8]) -> String {
    let variant = Int32(sodium_base64_VARIANT_ORIGINAL)
    var text = [CChar](
      repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
    sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A digest of 128 bits in hexadecimal digits: what tells one content from another.
  static func digest(_ text: String) -> String {
    var result = [UInt8](repeating: 0, count: 16)
    let bytes = Array(text.utf8)
    let code = crypto_generichash(&result, result.count, bytes, UInt64(bytes.count), nil, 0)
    precondition(code == 0, "the length is one that BLAKE2b has")
    return result.reduce(into: "") { text, byte in
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}
