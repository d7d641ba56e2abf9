internal import Synchronization

/// Names for requests whose clients give them none: 13 letters and digits, no name twice in a process,
/// nor but by accident in two.
///
/// Such a name is found in the log beside what came of the request. It is no secret, and fits into a
/// `String` without memory of its own.
final class RequestNames: Sendable {
  /// Odd, so that its multiples by all numbers of 64 bits are different ones, and far from each other.
  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let digits: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
  /// Five bits each are 65.
  private static let count = 13

  private let last: Atomic<UInt64>

  /// Begins anywhere, unless told where.
  init(from start: UInt64 = .random(in: .min ... .max)) { last = Atomic(start) }

  /// The next name.
  func next() -> String {
    var rest = last.wrappingAdd(Self.step, ordering: .relaxed).newValue
    let digits = Self.digits.utf8Start
    return String(unsafeUninitializedCapacity: Self.count) { text in
      for place in 0..<Self.count {
        // SAFETY: five bits are a place among the 32 digits.
        text[place] = digits[Int(rest & 31)]
        rest >>= 5
      }
      return Self.count
    }
  }
}
