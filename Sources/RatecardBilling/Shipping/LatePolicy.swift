/// What becomes of usage that is too old for the provider's meter.
public enum LatePolicy: String, Hashable, Sendable, CaseIterable {
  /// It is sent with the present time, and when it was used among its properties.
  case restamp
  /// Its credits are taken from the customer's ledger instead.
  case ledger
  /// It is kept as a dead letter for a person to decide.
  case hold
}
