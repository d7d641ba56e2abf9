internal import Ratecard

/// Reads requests as people write them on a command line.
enum RequestPairs {
  /// Reads `name=value` pairs; values are texts that may spell numbers, flags and instants.
  static func request(pairs: [String]) throws(CommandFailure) -> [String: RequestValue] {
    var request: [String: RequestValue] = [:]
    for pair in pairs {
      guard let (name, value) = split(pair) else {
        throw .usage("`\(pair)` is no attribute: write name=value")
      }
      guard request.updateValue(.text(value), forKey: name) == nil else {
        throw .usage("`\(name)` is given twice")
      }
    }
    return request
  }

  private static func split(_ pair: String) -> (name: String, value: String)? {
    guard let sign = equalSign(in: pair), sign != pair.startIndex else { return nil }
    return (String(pair[..<sign]), String(pair[pair.utf8.index(after: sign)...]))
  }

  /// Whether a word of the command line is a pair rather than a folder.
  static func isPair(_ word: String) -> Bool {
    guard let sign = equalSign(in: word) else { return false }
    return !word[..<sign].contains("/")
  }

  /// The first `=`, which may bear an accent that belongs to the value.
  private static func equalSign(in word: String) -> String.Index? {
    word.utf8.firstIndex(of: UInt8(ascii: "="))
  }
}
