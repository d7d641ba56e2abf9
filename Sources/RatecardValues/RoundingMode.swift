/// What happens to a number that lies between two allowed ones.
///
/// The modes treat a number and its negation alike.
public enum RoundingMode: String, BitwiseCopyable, Hashable, Sendable, CaseIterable {
  /// To the nearer one; from the middle away from zero.
  case halfUp = "half_up"
  /// To the nearer one; from the middle to the even one.
  case halfEven = "half_even"
  /// Away from zero.
  case up
  /// Towards zero.
  case down
}
