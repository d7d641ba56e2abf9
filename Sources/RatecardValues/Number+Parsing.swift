extension Number {
  /// Why a text is no number.
  public enum Failure: Error, Hashable, Sendable {
    /// It is not written as a number is; why, in words for the author.
    case malformed(String)
    /// More than 60 digits stand on one side of the point.
    case tooManyDigits
    /// The exponent is not within ±60.
    case exponentOutOfRange
    /// More than 38 significant digits.
    case tooPrecise

    /// The reason in words for the author.
    public var reason: String {
      switch self {
      case .malformed(let reason): reason
      case .tooManyDigits: "a number has at most 60 digits on either side of the point"
      case .exponentOutOfRange: "an exponent lies between -60 and 60"
      case .tooPrecise: "a number has at most 38 significant digits"
      }
    }
  }

  /// Reads a number as rate cards and requests write it: `25`, `0.33`, `200_000`, `1M`, `4e-07`.
  ///
  /// A leading `-` is allowed only when `signed`.
  public init(parsing text: String, signed: Bool = false) throws(Failure) {
    self = try Number.withBytes(of: text) { bytes throws(Failure) in
      try Number(parsing: bytes, signed: signed)
    }
  }

  /// Reads a number as rate cards and requests write it from UTF-8 bytes, without allocating.
  public init(parsing utf8: UnsafeBufferPointer<UInt8>, signed: Bool = false) throws(Failure) {
    var scanner = NumberScanner(utf8)
    self = try scanner.readCardNumber(signed: signed)
  }

  /// Reads the text of a JSON number: `1E+5`, `-3.0`; the limits are those of the language.
  public init(json text: String) throws(Failure) {
    self = try Number.withBytes(of: text) { bytes throws(Failure) in try Number(json: bytes) }
  }

  /// Reads the text of a JSON number from UTF-8 bytes, without allocating.
  public init(json utf8: UnsafeBufferPointer<UInt8>) throws(Failure) {
    var scanner = NumberScanner(utf8)
    self = try scanner.readJSONNumber()
  }

  private static func withBytes(
    of text: String, _ read: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Number
  ) throws(Failure) -> Number {
    var text = text
    let result = text.withUTF8 { bytes in
      Result<Number, Failure> { () throws(Failure) in try read(bytes) }
    }
    return try result.get()
  }
}

/// Reads one number from bytes, left to right, once.
private struct NumberScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  // The value so far is (low, or high when it no longer fits there) × 10^pendingZeros; zeros are
  // held back until a digit follows, so that the significand never ends in one.
  private var low: UInt64 = 0
  private var high: UInt128 = 0
  private var isWide = false
  private var significantDigits = 0
  private var pendingZeros = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func readCardNumber(signed: Bool) throws(Number.Failure) -> Number {
    if let number = readShort(mayBeginWithZeros: true) { return number }
    guard !bytes.isEmpty else { throw .malformed("a number is missing") }
    var isNegative = false
    if bytes[0] == UInt8(ascii: "-") {
      guard signed else { throw .malformed("it must not be negative") }
      isNegative = true
      position = 1
    } else if bytes[0] == UInt8(ascii: "+") {
      throw .malformed("a number has no `+` before it")
    }
    let wholeDigits = try readDigits(grouped: true)
    if wholeDigits == 0 { throw .malformed(try reasonForMissingWhole()) }
    var fractionDigits = 0
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      fractionDigits = try readDigits(grouped: true)
      if fractionDigits == 0 { throw .malformed("a digit must stand after the point") }
    }
    var power: Int? = 0
    if position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        power = try readExponent()
        if position < bytes.count, suffixPower(bytes[position]) != nil {
          throw .malformed("an exponent and `\(character())` cannot stand together")
        }
      case let byte:
        if let suffix = suffixPower(byte) {
          power = suffix
          position += 1
        }
      }
    }
    if position < bytes.count { throw .malformed(reasonForRest()) }
    return try finish(isNegative, wholeDigits, fractionDigits, power)
  }

  mutating func readJSONNumber() throws(Number.Failure) -> Number {
    if let number = readShort(mayBeginWithZeros: false) { return number }
    guard !bytes.isEmpty else { throw .malformed("a number is missing") }
    let isNegative = bytes[0] == UInt8(ascii: "-")
    if isNegative { position = 1 }
    let first = position
    let wholeDigits = try readDigits(grouped: false)
    if wholeDigits == 0 { throw .malformed(try reasonForMissingWhole()) }
    if wholeDigits > 1, bytes[first] == UInt8(ascii: "0") {
      throw .malformed("a JSON number does not begin with a needless 0")
    }
    var fractionDigits = 0
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      fractionDigits = try readDigits(grouped: false)
      if fractionDigits == 0 { throw .malformed("a digit must stand after the point") }
    }
    var power: Int? = 0
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      power = try readExponent()
    }
    if position < bytes.count {
      throw .malformed("`\(character())` is not part of a JSON number")
    }
    return try finish(isNegative, wholeDigits, fractionDigits, power)
  }

  /// The quick way for what most numbers are: up to 18 digits, with a point or without, and nothing
  /// else; nil for anything else, right or wrong.
  private func readShort(mayBeginWithZeros: Bool) -> Number? {
    let count = bytes.count
    guard count > 0, count <= 18 else { return nil }
    var value: UInt64 = 0
    var point = count
    for index in 0..<count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      if digit <= 9 {
        value = value &* 10 &+ UInt64(digit)
      } else if bytes[index] == UInt8(ascii: "."), point == count, index > 0, index + 1 < count {
        point = index
      } else {
        return nil
      }
    }
    if !mayBeginWithZeros, point > 1, bytes[0] == UInt8(ascii: "0") { return nil }
    if value == 0 { return .zero }
    var exponent = point == count ? 0 : point + 1 - count
    while value % 10 == 0 {
      value /= 10
      exponent += 1
    }
    return Number(canonicalSignificand: Int128(truncatingIfNeeded: value), exponent: exponent)
  }

  private func finish(
    _ isNegative: Bool, _ wholeDigits: Int, _ fractionDigits: Int, _ power: Int?
  ) throws(Number.Failure) -> Number {
    guard wholeDigits <= 60, fractionDigits <= 60 else { throw .tooManyDigits }
    guard let power else { throw .exponentOutOfRange }
    guard significantDigits <= Number.digitLimit else { throw .tooPrecise }
    if significantDigits == 0 { return .zero }
    let magnitude = isWide ? Int128(high) : Int128(truncatingIfNeeded: low)
    return Number(
      canonicalSignificand: isNegative ? 0 - magnitude : magnitude,
      exponent: pendingZeros - fractionDigits + power)
  }

  /// Reads a run of digits and returns how many there were.
  private mutating func readDigits(grouped: Bool) throws(Number.Failure) -> Int {
    var count = 0
    while position < bytes.count {
      let byte = bytes[position]
      let digit = byte &- UInt8(ascii: "0")
      if digit <= 9 {
        take(digit)
        count += 1
      } else if grouped, byte == UInt8(ascii: "_") {
        let next = position + 1
        guard count > 0, next < bytes.count, bytes[next] &- UInt8(ascii: "0") <= 9 else {
          throw .malformed("`_` must stand between two digits")
        }
      } else {
        break
      }
      position += 1
    }
    return count
  }

  private mutating func take(_ digit: UInt8) {
    if digit == 0 {
      if significantDigits > 0 { pendingZeros += 1 }
      return
    }
    let shift = pendingZeros + 1
    pendingZeros = 0
    significantDigits += shift
    if significantDigits <= 19 {
      low = low &* smallPowersOfTen[shift] &+ UInt64(digit)
      return
    }
    // Past 38 digits the value no longer matters: the count says that it is too precise.
    guard significantDigits <= Number.digitLimit else { return }
    if !isWide {
      high = UInt128(truncatingIfNeeded: low)
      isWide = true
    }
    high = high &* UInt128(powerOfTen(shift)) &+ UInt128(truncatingIfNeeded: digit)
  }

  /// Reads `e`, a sign and digits; nil when the exponent is out of range.
  private mutating func readExponent() throws(Number.Failure) -> Int? {
    position += 1
    var isNegative = false
    if position < bytes.count {
      isNegative = bytes[position] == UInt8(ascii: "-")
      if isNegative || bytes[position] == UInt8(ascii: "+") { position += 1 }
    }
    let first = position
    var exponent = 0
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 {
      exponent = min(exponent * 10 + Int(bytes[position] - UInt8(ascii: "0")), 1000)
      position += 1
    }
    if position == first { throw .malformed("digits must follow the `e` of an exponent") }
    guard exponent <= 60 else { return nil }
    return isNegative ? -exponent : exponent
  }

  private func suffixPower(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "K"): 3
    case UInt8(ascii: "M"): 6
    case UInt8(ascii: "B"): 9
    default: nil
    }
  }

  /// The character at the position, for a message.
  private func character() -> String {
    let rest = bytes[position..<min(bytes.count, position + 16)]
    return String(String(decoding: rest, as: UTF8.self).prefix(1))
  }

  private func reasonForMissingWhole() throws(Number.Failure) -> String {
    guard position < bytes.count else { return "a digit must follow the `-`" }
    if bytes[position] == UInt8(ascii: ".") { return "a digit must stand before the point" }
    return "`\(character())` is not part of a number"
  }

  private func reasonForRest() -> String {
    switch bytes[position] {
    case UInt8(ascii: "k"), UInt8(ascii: "m"), UInt8(ascii: "b"):
      "`\(character())` is written as a capital, `\(character().uppercased())`"
    case UInt8(ascii: ","): "digits are grouped with `_`, not with a comma"
    case UInt8(ascii: "."): "a number has one point"
    default: "`\(character())` is not part of a number"
    }
  }
}
