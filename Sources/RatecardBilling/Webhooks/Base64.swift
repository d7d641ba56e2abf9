internal import CSodium

/// Bytes as text (RFC 4648), by libsodium.
package enum Base64 {
  /// How they are written.
  package enum Form: Sendable {
    /// With `+` and `/`, padded: section 4.
    case padded
    /// With `-` and `_`, without padding: section 5.
    case plain
  }

  /// The bytes of a text; nil: it is none.
  package static func bytes(_ text: String, _ form: Form) -> [UInt8]? {
    let length = text.utf8.count
    var result = [UInt8](repeating: 0, count: length)
    var written = 0
    let variant =
      switch form {
      case .padded: sodium_base64_VARIANT_ORIGINAL
      case .plain: sodium_base64_VARIANT_URLSAFE_NO_PADDING
      }
    let code = text.withCString { text in
      sodium_base642bin(
        &result, result.count, text, length, nil, &written, nil, Int32(variant))
    }
    guard code == 0 else { return nil }
    result.removeLast(result.count - written)
    return result
  }
}
