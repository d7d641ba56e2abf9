/// An exact decimal: a whole significand times a power of ten.
///
/// The form is canonical, so equal numbers have equal parts: the significand does not end in a zero
/// digit, and zero is 0 × 10⁰. At most 38 significant digits can be held.
@frozen
public struct Number: Hashable, BitwiseCopyable, Sendable {
  /// The digits, with the sign; its magnitude is below 10³⁸.
  public let significand: Int128
  /// The power of ten, within ±`Number.exponentLimit`.
  public let exponent: Int

  /// The number of these parts, which are in canonical form.
  @inlinable
  package init(canonicalSignificand: Int128, exponent: Int) {
    self.significand = canonicalSignificand
    self.exponent = exponent
  }

  /// 0.
  public static let zero = Number(canonicalSignificand: 0, exponent: 0)
  /// 1.
  public static let one = Number(canonicalSignificand: 1, exponent: 0)
  /// The largest magnitude an exponent can have: twice the sixty digits that may be written.
  public static let exponentLimit = 120
  /// How many significant digits a number can have.
  public static let digitLimit = 38

  /// The number that equals an integer.
  public init(_ integer: Int) {
    guard integer != 0 else {
      self = .zero
      return
    }
    var significand = integer
    var exponent = 0
    while significand % 10 == 0 {
      significand /= 10
      exponent += 1
    }
    self.init(canonicalSignificand: Int128(significand), exponent: exponent)
  }

  /// The number that equals `units` ÷ 10^`decimals`, of which the latter are at most 38.
  public init(units: UInt64, decimals: Int) {
    guard units != 0 else {
      self = .zero
      return
    }
    var rest = units
    var exponent = -decimals
    while true {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      if digit != 0 { break }
      rest = quotient
      exponent += 1
    }
    self.init(canonicalSignificand: Int128(truncatingIfNeeded: rest), exponent: exponent)
  }

  /// `significand` × 10^`exponent`, or nil when that has too many digits or too large an exponent.
  public init?(significand: Int128, exponent: Int) {
    guard significand != 0 else {
      self = .zero
      return
    }
    let (magnitude, zeros) = strippingTrailingZeros(significand.magnitude)
    let (canonical, overflow) = exponent.addingReportingOverflow(zeros)
    guard !overflow, abs(canonical.clamped) <= Number.exponentLimit,
      magnitude < UInt128(powerOfTen(Number.digitLimit))
    else { return nil }
    let signed = Int128(magnitude)
    self.init(canonicalSignificand: significand < 0 ? -signed : signed, exponent: canonical)
  }

  /// Whether the number has no digit after the point.
  @inlinable
  public var isInteger: Bool { exponent >= 0 }

  /// Whether the number is below zero.
  @inlinable
  public var isNegative: Bool { significand < 0 }

  /// Whether the number is zero.
  @inlinable
  public var isZero: Bool { significand == 0 }

  /// How many digits stand after the point in the shortest plain text.
  @inlinable
  public var decimals: Int { exponent < 0 ? -exponent : 0 }

  /// The number as an integer, or nil when it is none or an `Int128` cannot hold it.
  @inlinable
  public func asInteger() -> Int128? {
    if exponent == 0 { return significand }
    guard exponent > 0, exponent <= 38 else { return nil }
    let (product, overflow) = significand.multipliedReportingOverflow(by: powerOfTen(exponent))
    return overflow ? nil : product
  }

  /// Whether both are the same.
  @inlinable
  public static func == (left: Number, right: Number) -> Bool {
    left.significand == right.significand && left.exponent == right.exponent
  }

  /// Feeds what `==` compares to a hasher.
  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(significand)
    hasher.combine(exponent)
  }
}

extension Number: Comparable {
  /// Whether one number is smaller than another; exact whatever their exponents.
  @inlinable
  public static func < (left: Number, right: Number) -> Bool {
    if left.exponent == right.exponent { return left.significand < right.significand }
    return precedes(left, right)
  }

  /// Compares numbers of different exponents: by sign, then by the place of the first digit, and
  /// only then digit by digit, where bringing both to one exponent cannot overflow.
  @usableFromInline
  static func precedes(_ left: Number, _ right: Number) -> Bool {
    let leftSign = left.significand.signum()
    let rightSign = right.significand.signum()
    if leftSign != rightSign { return leftSign < rightSign }
    let leftMagnitude = left.significand.magnitude
    let rightMagnitude = right.significand.magnitude
    let leftPlace = digitCount(leftMagnitude) + left.exponent
    let rightPlace = digitCount(rightMagnitude) + right.exponent
    let isCloserToZero: Bool
    let isFartherFromZero: Bool
    if leftPlace != rightPlace {
      isCloserToZero = leftPlace < rightPlace
      isFartherFromZero = !isCloserToZero
    } else {
      // Equal places: the lower exponent has the more digits, at most 38, and scaling the other
      // number gives it as many.
      let common = min(left.exponent, right.exponent)
      let scaledLeft = leftMagnitude * UInt128(powerOfTen(left.exponent - common))
      let scaledRight = rightMagnitude * UInt128(powerOfTen(right.exponent - common))
      isCloserToZero = scaledLeft < scaledRight
      isFartherFromZero = scaledLeft > scaledRight
    }
    return leftSign < 0 ? isFartherFromZero : isCloserToZero
  }
}

extension Number: CustomStringConvertible {
  /// The shortest plain decimal text, without an exponent: `10`, `0.33`, `-3`, `0.0000004`.
  public var description: String {
    var text: [UInt8] = []
    write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends `description` as ASCII bytes.
  public func write(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Number.textLimit) { text in
      guard let start = text.baseAddress else { return }
      bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: spell(at: start)))
    }
  }

  /// The most bytes that `description` has: a sign, `0.` and every digit that an exponent asks for.
  public static let textLimit = 3 + exponentLimit + digitLimit

  /// Writes `description` as ASCII bytes to memory with room for `textLimit` of them; answers how many
  /// they are.
  public func spell(at text: UnsafeMutablePointer<UInt8>) -> Int {
    // SAFETY: at most `textLimit` bytes are written, the digits from their end backwards.
    let (zero, point) = (UInt8(ascii: "0"), UInt8(ascii: "."))
    var start = 0
    if isNegative {
      text[0] = UInt8(ascii: "-")
      start = 1
    }
    var rest = significand.magnitude
    let count = max(digitCount(rest), 1)
    let whole = count + exponent
    if exponent >= 0 {
      Number.writeDigits(&rest, to: text + start, count)
      (text + start + count).update(repeating: zero, count: exponent)
      return start + whole
    }
    if whole > 0 {
      Number.writeDigits(&rest, to: text + start + whole + 1, -exponent)
      text[start + whole] = point
      Number.writeDigits(&rest, to: text + start, whole)
      return start + count + 1
    }
    text[start] = zero
    text[start + 1] = point
    (text + start + 2).update(repeating: zero, count: -whole)
    Number.writeDigits(&rest, to: text + start + 2 - whole, count)
    return start + 2 - exponent
  }

  /// Writes the last `count` digits of a magnitude, and leaves those before them.
  @inline(__always)
  private static func writeDigits(
    _ magnitude: inout UInt128, to text: UnsafeMutablePointer<UInt8>, _ count: Int
  ) {
    var place = count
    while place > 0, magnitude > UInt64.max {
      let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
      place -= 1
      text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      magnitude = quotient
    }
    // Dividing 64 bits is much cheaper.
    var rest = UInt64(truncatingIfNeeded: magnitude)
    while place > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      place -= 1
      text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    if magnitude <= UInt64.max { magnitude = UInt128(truncatingIfNeeded: rest) }
  }
}

extension Int {
  /// The value with `Int.min` moved up by one, so that its magnitude is an `Int` too.
  fileprivate var clamped: Int { Swift.max(self, -Int.max) }
}
