internal import RatecardValues

/// What a person corrects of usage that was refused.
extension Transaction {
  /// Records usage as it was corrected.
  func correct(
    _ event: UsageEvent, _ correction: Correction
  ) throws(StoreFailure.Reason) -> Outcome {
    let outcome = try record([event])[0]
    if case .recorded = outcome { try keep(correction) }
    return outcome
  }

  /// Gives a dead event, and its pending credits, to another customer.
  func reassign(
    _ name: String, _ correction: Correction
  ) throws(StoreFailure.Reason) -> Outcome {
    guard let dead = try waiting(correction.id) else { return .missing }
    let names = [ExactText(dead.customer), ExactText(name)]
    guard names[0] != names[1] else { return .conflict }
    // In one order, so that two of these never wait for each other.
    var customers: [ExactText: Customer] = [:]
    for name in names.sorted() { customers[name] = try lock(name.string) }
    guard var from = customers[names[0]], var to = customers[names[1]],
      let rest = try? from.pending - dead.credits, Limits.holds(rest),
      let sum = try? to.pending + dead.credits, Limits.holds(sum)
    else { return .refused(.overflow) }
    // Empty where it is not dead, or not surely unknown to the provider.
    let revived = try connection.run(.reassignDead) {
      $0.instant(correction.at)
      $0.integer(dead.sequence)
    }
    if revived.isEmpty { return .conflict }
    from.pending = dead.credits.isNegative ? rest : max(.zero, rest)
    from.updatedAt = max(from.updatedAt, correction.at)
    to.pending = sum
    to.updatedAt = max(to.updatedAt, correction.at)
    try write(from)
    try write(to)
    _ = try connection.run(.reassignUsage) {
      $0.text(name)
      $0.integer(dead.sequence)
    }
    try keep(correction)
    return .done
  }

  private func keep(_ correction: Correction) throws(StoreFailure.Reason) {
    _ = try connection.run(.addCorrection) {
      $0.text(correction.id)
      $0.instant(correction.at)
      $0.text(correction.source)
      $0.text(correction.from)
      $0.text(correction.to)
    }
  }
}
