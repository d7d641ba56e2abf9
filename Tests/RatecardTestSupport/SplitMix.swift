/// A random generator that repeats.
///
/// SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, 2014).
public struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// Starts from a seed; equal seeds give equal numbers.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below `bound`.
  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// Whether one in `count` chances falls.
  public mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }
}
