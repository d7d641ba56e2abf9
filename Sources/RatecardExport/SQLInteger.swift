/// An expression for a whole number that is never negative, and the most it can come to.
///
/// Operations refuse what may need more than 38 digits, so that no database ever meets a number that
/// it cannot hold. What they write needs no parentheses around it.
struct SQLInteger {
  let text: String
  let most: Int128

  /// The largest number of 38 digits.
  static let limit: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999

  init(_ text: String, most: Int128) {
    self.text = text
    self.most = most
  }

  init(_ constant: Int128, _ dialect: SQLDialect) {
    self.init(dialect.integer(constant), most: constant)
  }

  static func * (left: SQLInteger, right: Int128) throws(SQLRefusal) -> SQLInteger {
    if right == 1 { return left }
    return SQLInteger("(\(left.text) * \(right))", most: try product(left.most, right))
  }

  static func * (left: SQLInteger, right: SQLInteger) throws(SQLRefusal) -> SQLInteger {
    SQLInteger("(\(left.text) * \(right.text))", most: try product(left.most, right.most))
  }

  static func + (left: SQLInteger, right: SQLInteger) throws(SQLRefusal) -> SQLInteger {
    SQLInteger("(\(left.text) + \(right.text))", most: try sum(left.most, right.most))
  }

  /// The difference, or 0 where that would be below.
  func less(_ other: SQLInteger) -> SQLInteger {
    SQLInteger("GREATEST(\(text) - \(other.text), 0)", most: most)
  }

  func atLeast(_ other: SQLInteger) -> SQLInteger {
    SQLInteger("GREATEST(\(text), \(other.text))", most: max(most, other.most))
  }

  func atMost(_ other: SQLInteger) -> SQLInteger {
    SQLInteger("LEAST(\(text), \(other.text))", most: min(most, other.most))
  }

  /// The whole part of the quotient.
  func divided(by divisor: Int128, _ dialect: SQLDialect) throws(SQLRefusal) -> SQLInteger {
    if divisor == 1 { return self }
    let most = most / divisor
    guard most <= dialect.largestQuotient else {
      throw SQLRefusal("it needs a quotient of more digits than \(dialect.rawValue) has")
    }
    return SQLInteger("(\(dialect.quotient(text, divisor)))", most: most)
  }

  // MARK: Constants

  static func product(_ left: Int128, _ right: Int128) throws(SQLRefusal) -> Int128 {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return try within(product, overflow)
  }

  static func sum(_ left: Int128, _ right: Int128) throws(SQLRefusal) -> Int128 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return try within(sum, overflow)
  }

  static func powerOfTen(_ exponent: Int) throws(SQLRefusal) -> Int128 {
    var power: Int128 = 1
    for _ in 0..<exponent { power = try product(power, 10) }
    return power
  }

  static func commonMultiple(_ left: Int128, _ right: Int128) throws(SQLRefusal) -> Int128 {
    try product(left / divisor(left, right), right)
  }

  /// The greatest common divisor of two numbers above 0.
  static func divisor(_ left: Int128, _ right: Int128) -> Int128 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }

  private static func within(_ number: Int128, _ overflow: Bool) throws(SQLRefusal) -> Int128 {
    guard !overflow, number <= limit else {
      throw SQLRefusal("its amounts may need more than 38 digits")
    }
    return number
  }
}
