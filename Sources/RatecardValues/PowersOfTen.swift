/// 10⁰ to 10¹⁹.
@usableFromInline
let smallPowersOfTen: [UInt64] = [
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
  10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
  1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
  1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]

/// 10^`exponent`, for 0 to 38.
@usableFromInline
func powerOfTen(_ exponent: Int) -> Int128 {
  precondition(exponent >= 0 && exponent <= 38, "a power of ten past 10^38 does not fit")
  if exponent <= 19 { return Int128(truncatingIfNeeded: smallPowersOfTen[exponent]) }
  let low = UInt128(truncatingIfNeeded: smallPowersOfTen[19])
  let high = UInt128(truncatingIfNeeded: smallPowersOfTen[exponent - 19])
  return Int128(truncatingIfNeeded: low &* high)
}

/// How many decimal digits a magnitude has; 0 for zero.
func digitCount(_ magnitude: UInt128) -> Int {
  guard magnitude != 0 else { return 0 }
  let bits = 128 - magnitude.leadingZeroBitCount
  // 1233/4096 is so near to log₁₀ 2 that the guess is the count or one less.
  let guess = (bits * 1233) >> 12
  return magnitude >= UInt128(powerOfTen(guess)) ? guess + 1 : guess
}

/// A magnitude without the zero digits at its end, and how many they were.
func strippingTrailingZeros(_ magnitude: UInt128) -> (UInt128, Int) {
  guard magnitude != 0 else { return (0, 0) }
  var rest = magnitude
  var zeros = 0
  while rest > UInt128(UInt64.max) {
    let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
    if digit != 0 { return (rest, zeros) }
    rest = quotient
    zeros += 1
  }
  var small = UInt64(rest)
  while small % 10 == 0 {
    small /= 10
    zeros += 1
  }
  return (UInt128(small), zeros)
}
