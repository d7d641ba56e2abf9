import RatecardValues

/// Tells which atom of an axis a number is: how many of the axis's cuts lie below it.
struct NumberClassifier: BitwiseCopyable, Sendable {
  private let count: Int
  private let values: Flat<Number>
  private let isAfter: Flat<Bool>
  /// The least integer above each cut, as far as such integers fit, as a perfect search tree: the
  /// children of place `n` stand at `2n` and `2n + 1`, and what fills it up is the greatest integer.
  private let tree: Flat<Int64>
  /// One past the last place of the tree, a power of two.
  private let treeEnd: Int
  private let integerCount: Int
  /// How many cuts lie below every `Int64`.
  private let below: Int
  /// The values of the cuts, where all are whole numbers that fit.
  private let wholeCuts: Flat<Int64>
  private let hasWholeCuts: Bool

  /// Makes a classifier of ascending cuts, each just before or just after a value.
  init(_ cuts: [(value: Number, isAfter: Bool)], in arena: Arena) {
    count = cuts.count
    values = arena.lay(cuts.map(\.value))
    isAfter = arena.lay(cuts.map(\.isAfter))
    var integers: [Int64] = []
    var below = 0
    for cut in cuts {
      switch NumberClassifier.firstInteger(after: cut.value, isAfter: cut.isAfter) {
      case .fits(let integer): integers.append(integer)
      case .tooLow: below += 1
      case .tooHigh: break
      }
    }
    self.below = below
    integerCount = integers.count
    let tree = Self.tree(of: integers)
    self.tree = arena.lay(tree)
    treeEnd = tree.count
    let whole = cuts.compactMap { cut in cut.value.asInteger().flatMap { Int64(exactly: $0) } }
    hasWholeCuts = whole.count == cuts.count
    wholeCuts = arena.lay(hasWholeCuts ? whole : [])
  }

  private static func tree(of integers: [Int64]) -> [Int64] {
    var end = 1
    while end - 1 < integers.count { end *= 2 }
    var tree = [Int64](repeating: .max, count: end)
    var (first, width) = (1, end)
    while first < end {
      // Each level halves what lies between the places of the one above.
      for place in first..<first * 2 {
        let rank = (place - first) * width + width / 2 - 1
        if rank < integers.count { tree[place] = integers[rank] }
      }
      (first, width) = (first * 2, width / 2)
    }
    return tree
  }

  private enum FirstInteger {
    case fits(Int64)
    case tooLow
    case tooHigh
  }

  private static func firstInteger(after value: Number, isAfter: Bool) -> FirstInteger {
    let outside: FirstInteger = value.isNegative ? .tooLow : .tooHigh
    let first: Int128
    if value.isInteger {
      guard let integer = value.asInteger() else { return outside }
      first = isAfter ? integer + 1 : integer
    } else {
      // The number is no integer, so the first one after it is the same on both sides of it.
      var rest = value.significand
      for _ in 0..<value.decimals where rest != 0 { rest /= 10 }
      first = value.isNegative ? rest : rest + 1
    }
    return Int64(exactly: first).map { .fits($0) } ?? outside
  }

  /// The atom of an integer.
  ///
  /// O(log cuts).
  @inline(__always)
  func atom(of integer: Int64) -> Int32 {
    var place = 1
    while place < treeEnd {
      // SAFETY: a Bool is a byte that is 0 or 1. As an operand of the sum it leaves no branch that
      // depends on the outcome of the comparison, which nobody can foresee.
      place = 2 &* place &+ Int(unsafeBitCast(tree[place] <= integer, to: UInt8.self))
    }
    return Int32(truncatingIfNeeded: below &+ min(place &- treeEnd, integerCount))
  }

  /// The atom of a number.
  ///
  /// O(log cuts).
  func atom(of number: Number) -> Int32 {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let isBelow = isAfter[middle] ? values[middle] < number : values[middle] <= number
      if isBelow { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }

  /// The atom of a fraction of integers, of which the second is above zero; nil: some cuts are no
  /// integers, or too long.
  ///
  /// O(log cuts).
  @inline(__always)
  func atom(of numerator: Int128, over denominator: Int64) -> Int32? {
    guard hasWholeCuts else { return nil }
    var low = 0
    var high = count
    while low < high {
      let middle = (low &+ high) >> 1
      let scaled =
        Int128(truncatingIfNeeded: wholeCuts[middle]) &* Int128(truncatingIfNeeded: denominator)
      let isBelow = isAfter[middle] ? scaled < numerator : scaled <= numerator
      if isBelow { low = middle &+ 1 } else { high = middle }
    }
    return Int32(truncatingIfNeeded: low)
  }

  /// The atom of a ratio; throws where a cut has too many digits to be compared with it.
  func atom(of ratio: Rational) throws(Overflow) -> Int32 {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let cut = try Rational(values[middle])
      let isBelow = isAfter[middle] ? cut < ratio : cut <= ratio
      if isBelow { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }
}
