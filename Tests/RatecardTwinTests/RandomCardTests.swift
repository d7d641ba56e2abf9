import Testing

@Suite struct RandomCardTests {
  @Test func engineAndTwinAgree() {
    var cards = RandomCards()
    for seed in RandomCards.first..<RandomCards.first + UInt64(RandomCards.count) {
      cards.examine(seed: seed)
      if RandomCards.stopsAtFirst, !cards.failures.isEmpty { break }
    }
    print(cards.summary)
    for (reason, count) in cards.skippedReasons.sorted(by: { $0.value > $1.value }).prefix(30) {
      print("  \(count) × \(reason)")
    }
    for failure in cards.failures.prefix(10) { Issue.record("\(failure)") }
    #expect(cards.failures.count == 0)
    // Each kind of card must be met often enough for the comparison to mean something.
    #expect(cards.skipped * 20 <= cards.cards)
    #expect(cards.ambiguous * 20 >= cards.cards)
    for share in [cards.withUnpriced, cards.withDenied, cards.withOverrides, cards.withDates] {
      #expect(share * 20 >= cards.cards)
    }
  }
}
