extension Number {
  /// The shortest plain text with the digits before the point in groups of three from the fifth
  /// digit on, as people write numbers in a card: `9999`, `200_000`, `0.00001`.
  public var grouped: String {
    let text = Array(description.utf8)
    let start = isNegative ? 1 : 0
    let end = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
    guard end - start > 4 else { return description }
    var result = Array(text[..<start])
    for index in start..<end {
      if index > start, (end - index) % 3 == 0 { result.append(UInt8(ascii: "_")) }
      result.append(text[index])
    }
    return String(decoding: result + text[end...], as: UTF8.self)
  }
}
