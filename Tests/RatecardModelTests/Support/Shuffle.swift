/// A generator of numbers that are the same on every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// What a value says, without the places where it was written: every `span` is left out.
func withoutPlaces(_ value: Any) -> String {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .struct, .class, .tuple, .enum, .optional:
    if mirror.children.isEmpty { return "\(value)" }
    let parts = mirror.children.filter { $0.label != "span" }
      .map { "\($0.label ?? ""): \(withoutPlaces($0.value))" }
    return "\(mirror.subjectType)(\(parts.joined(separator: ", ")))"
  case .collection: return "[" + mirror.children.map { withoutPlaces($0.value) }
    .joined(separator: ",\n") + "]"
  case .set, .dictionary: return "{" + mirror.children.map { withoutPlaces($0.value) }.sorted()
    .joined(separator: ", ") + "}"
  default: return String(reflecting: value)
  }
}
