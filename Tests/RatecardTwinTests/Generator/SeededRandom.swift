/// A stream of random choices that is the same for the same seed everywhere (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  /// Streams of neighbouring seeds have nothing in common.
  init(seed: UInt64) { state = Self.mix(Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// True in so many cases of a hundred.
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func pick<T>(_ choices: [T]) -> T {
    choices[Int.random(in: 0..<choices.count, using: &self)]
  }

  /// Some of the choices, in their order.
  mutating func some<T>(_ choices: [T], _ count: ClosedRange<Int>) -> [T] {
    let wanted = min(Int.random(in: count, using: &self), choices.count)
    let chosen = Set(choices.indices.shuffled(using: &self).prefix(wanted))
    return choices.indices.filter(chosen.contains).map { choices[$0] }
  }
}
