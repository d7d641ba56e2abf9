public import Ratecard
internal import RatecardAnalysis
internal import RatecardModel
internal import RatecardValues

/// The tests that a card should have and does not: for every rule and every cell one that it decides,
/// and around every bound, date and window those that would notice if it moved.
public struct TestProposals: Sendable {
  /// The tests, by section and the places of the rules that they are about.
  public private(set) var tests: [ProposedTest] = []
  /// Rules for which no request was found because looking for one took too long.
  public let givenUp: [String]

  /// Proposes tests of a card, none of which asks what another or one of the card's own asks.
  public init(_ card: RateCard) {
    // A card that loaded has been reasoned about in the same way before.
    guard let proposer = try? Proposer(card.model) else {
      preconditionFailure("a loaded card compiles")
    }
    givenUp = proposer.givenUp
    let answering = ProposalAnswers(card, instants: proposer.instants)
    var names = Set(card.model.tests.map { ExactText($0.name) })
    var asked = Set(card.model.tests.map { TestQuestion($0, card.model) })
    for group in Self.byRule(proposer.proposals) {
      var isShown = false
      var own: [ProposedTest] = []
      var others: [ProposedTest] = []
      for proposal in group {
        guard let best = answering.best(of: proposal) else { continue }
        let tests = answering.tests(best, of: proposal)
        if proposal.isOfRule { own = tests } else { others += tests }
        if !proposal.isOfRule { isShown = true }
      }
      // What shows a bound of a rule shows the rule; cells are all listed.
      if let first = group.first, isShown, !first.isOfCell { own = [] }
      for test in own + others where asked.insert(TestQuestion(test, card.model)).inserted {
        var test = test
        test.name = Self.unused(test.name, in: test.section, &names)
        tests.append(test)
      }
    }
  }

  /// Proposals that are about one rule, as they follow each other.
  private static func byRule(_ proposals: [Proposal]) -> [[Proposal]] {
    var groups: [[Proposal]] = []
    for proposal in proposals {
      if let last = groups.last?.last, last.section == proposal.section, last.rule == proposal.rule
      {
        groups[groups.count - 1].append(proposal)
      } else {
        groups.append([proposal])
      }
    }
    return groups
  }

  private static func unused(
    _ name: String, in section: String, _ names: inout Set<ExactText>
  ) -> String {
    if names.insert(ExactText(name)).inserted { return name }
    let longer = "\(name) (\(section))"
    if names.insert(ExactText(longer)).inserted { return longer }
    var number = 2
    while !names.insert(ExactText("\(longer) \(number)")).inserted { number += 1 }
    return "\(longer) \(number)"
  }
}

/// What a test asks, whatever it is called and however its values are spelled.
private struct TestQuestion: Hashable {
  let question: CardTest.Question
  let inputs: [ExactText: Value]

  init(_ test: CardTest, _ card: Card) {
    question = test.question
    inputs = Dictionary(
      test.inputs.map {
        (ExactText($0.name), Self.value($0.text, card.attribute(named: $0.name)?.kind))
      },
      uniquingKeysWith: { first, _ in first })
  }

  init(_ test: ProposedTest, _ card: Card) {
    question = test.question
    inputs = Dictionary(
      test.inputs.map { (ExactText($0.name), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private static func value(_ text: String, _ kind: Attribute.Kind?) -> Value {
    switch kind {
    case .count, .quantity, .number:
      (try? Number(parsing: text, signed: true)).map { .number($0) } ?? .text(ExactText(text))
    case .instant: (try? Instant(parsing: text)).map { .instant($0) } ?? .text(ExactText(text))
    case .flag: Bool(text).map { .flag($0) } ?? .text(ExactText(text))
    case .text, .choice, .windows, nil: .text(ExactText(text))
    }
  }
}
