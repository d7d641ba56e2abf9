internal import RatecardValues

/// The sources of cards.
extension Transaction {
  func keep(_ card: CardSource) throws(StoreFailure.Reason) -> Outcome {
    if case .done = try touchCard(card.version, card.usedAt) { return .done }
    _ = try connection.run(.addCard) {
      $0.text(card.version)
      $0.text(card.name)
      $0.instant(card.usedAt)
    }
    _ = try connection.run(.addCardFile, each: card.files) {
      $0.text(card.version)
      $0.text($1.path)
      $0.blob($1.bytes)
    }
    return .done
  }

  func touchCard(_ version: String, _ at: Instant) throws(StoreFailure.Reason) -> Outcome {
    let touched = try connection.run(.touchCard) {
      $0.instant(at)
      $0.text(version)
    }
    return touched.isEmpty ? .missing : .done
  }
}
