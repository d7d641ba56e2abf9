/// Chooses the side of a split by weighted rendezvous hashing.
///
/// Each side draws from a hash of the key and its own name; the least −log₂(draw) ÷ weight wins.
/// What a side draws depends on nothing but itself, so raising its weight only moves keys to it. All
/// in integers, so that every machine agrees. (D. Thaler and C. Ravishankar, 1998; weights as in
/// J. Resch, "New hashing algorithms for data storage", 2015.)
enum Split {
  /// A side of a split.
  struct Side: BitwiseCopyable, Sendable {
    /// The atom of its model on the axes of models.
    let atom: Int32
    let weight: UInt64
    /// What tells its model from others.
    let hash: UInt64

    init(_ side: RoutePlan.Side) {
      atom = side.atom
      weight = side.weight
      hash = StableHash.of(side.model)
    }
  }

  /// The side for a key; without a key the heaviest, then the first by name.
  @inline(never)
  static func side(of sides: UnsafePointer<Side>, count: Int, key: UInt64?) -> Int {
    var best = 0
    if let key {
      var bestDraw: (log: UInt64, weight: UInt64)?
      for index in 0..<count where sides[index].weight > 0 {
        let weight = sides[index].weight
        let draw = negativeLog2(StableHash.of(key, and: sides[index].hash))
        // draw ÷ weight is less than the best's, compared without division.
        let isLess = bestDraw.map { best in
          draw.multipliedFullWidth(by: best.weight) < best.log.multipliedFullWidth(by: weight)
        }
        if isLess ?? true {
          best = index
          bestDraw = (draw, weight)
        }
      }
      return best
    }
    for index in 0..<count where sides[index].weight > sides[best].weight { best = index }
    return best
  }

  /// −log₂(value ÷ 2⁶⁴) with 40 binary places, digit by digit: squaring a number in [1, 2) and
  /// halving it when it reaches 2 yields the next binary digit of its logarithm.
  private static func negativeLog2(_ value: UInt64) -> UInt64 {
    let value = max(value, 1)
    let shift = UInt64(value.leadingZeroBitCount)
    var mantissa = value << shift
    var fraction: UInt64 = 0
    for _ in 0..<40 {
      let square = mantissa.multipliedFullWidth(by: mantissa)
      fraction <<= 1
      if square.high >> 63 == 1 {
        fraction |= 1
        mantissa = square.high
      } else {
        mantissa = square.high << 1 | square.low >> 63
      }
    }
    return ((shift + 1) << 40) - fraction
  }
}
