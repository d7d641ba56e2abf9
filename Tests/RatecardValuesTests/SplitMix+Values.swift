import RatecardTestSupport

extension SplitMix {
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// An integer of any length in bits, with edges and numbers rich in twos, fives and threes.
  mutating func integer() -> Int128 {
    let value: Int128
    switch below(8) {
    case 0:
      value = pick([0, 1, 2, 5, 10, 100, 1_000_000, Int128.max, Int128.max - 1, Int128.max / 2])
    case 1...3:
      var product: Int128 = 1
      for _ in 0..<below(60) {
        let (next, overflow) = product.multipliedReportingOverflow(by: pick([2, 5, 10, 3, 7]))
        if overflow { break }
        product = next
      }
      value = product
    default:
      let bits = UInt128(next()) << 64 | UInt128(next())
      value = Int128(truncatingIfNeeded: bits >> UInt128(1 + below(127)))
    }
    if value == 1, below(50) == 0 { return Int128.min }
    return below(2) == 0 ? value : 0 - value
  }
}
