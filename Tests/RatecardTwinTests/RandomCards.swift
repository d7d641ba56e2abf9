import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardTwin

/// What many random cards come to.
struct RandomCards {
  /// The first seed and how many, from the environment.
  static let first = UInt64(ProcessInfo.processInfo.environment["RATECARD_TWIN_SEED"] ?? "1") ?? 1
  static let count = Int(ProcessInfo.processInfo.environment["RATECARD_TWIN_CARDS"] ?? "150") ?? 150
  /// Whether one failure is enough, as it is to see that a planted fault is noticed.
  static let stopsAtFirst = ProcessInfo.processInfo.environment["RATECARD_TWIN_STOP"] != nil
  static let requestsPerCard =
    Int(ProcessInfo.processInfo.environment["RATECARD_TWIN_REQUESTS"] ?? "40") ?? 40
  static let universeLimit = 30_000

  var cards = 0
  /// Cards that are wrong in ways of which this test knows nothing, and those too large for it.
  var skipped = 0
  var skippedReasons: [String: Int] = [:]
  var tooLarge = 0
  var ambiguous = 0
  var neverWins = 0
  var loaded = 0
  var withUnpriced = 0
  var withDenied = 0
  var withOverrides = 0
  var withDates = 0
  var requests = 0
  var overflows = 0
  var failures: [String] = []

  /// Everything about one card: whether it loads, and every answer.
  mutating func examine(seed: UInt64) {
    cards += 1
    let draft = CardGenerator.draft(seed: seed)
    let (card, diagnostics) = checkedCard(draft.files())
    guard let card else {
      skipped += 1
      for diagnostic in diagnostics where diagnostic.severity == .error {
        skippedReasons["\(diagnostic.code.id) \(diagnostic.message)", default: 0] += 1
      }
      return
    }
    guard let twin = try? Twin(card, limit: Self.universeLimit) else {
      tooLarge += 1
      return
    }
    let findings = twin.findings()
    if !findings.isEmpty {
      if findings.contains(where: { if case .neverWins = $0.finding { false } else { true } }) {
        ambiguous += 1
      } else {
        neverWins += 1
      }
      if let problem = Self.verdict(draft, twin) { report(problem, seed, draft, Self.verdict) }
    }
    guard let (mended, mendedTwin) = repaired(draft, seed: seed, limit: Self.universeLimit) else {
      return
    }
    if let problem = Self.verdict(mended, mendedTwin) {
      report(problem, seed, mended, Self.verdict)
      return
    }
    guard let loadedCard = RateCard.load(files: sources(mended.files()), zones: testZones).card
    else { return }
    loaded += 1
    if mended.rules.values.joined().contains(where: { !$0.overrides.isEmpty }) {
      withOverrides += 1
    }
    if mended.rules.values.joined().contains(where: { rule in
      ["from", "until", "replaces"].contains { rule.field($0) != nil }
    }) {
      withDates += 1
    }
    var comparison = Comparison(mendedTwin, loadedCard, seed: seed)
    if let problem = Self.answers(&comparison, seed) {
      report(problem, seed, mended) { draft, twin in
        guard let card = RateCard.load(files: sources(draft.files()), zones: testZones).card
        else { return nil }
        var comparison = Comparison(twin, card, seed: seed)
        return Self.answers(&comparison, seed)
      }
    }
    if seed % 4 == 0, let problem = Self.order(mended, loadedCard, mendedTwin, seed) {
      failures.append("seed \(seed): \(problem)\n\(mended.files()[0])")
    }
    requests += Self.requestsPerCard
    overflows += comparison.overflows
    if comparison.unpriced > 0 { withUnpriced += 1 }
    if comparison.denied > 0 { withDenied += 1 }
  }

  /// Whether the loader and the twin disagree on loading a card.
  static func verdict(_ draft: CardDraft, _ twin: Twin) -> String? {
    let findings = twin.findings()
    switch RateCard.load(files: sources(draft.files()), zones: testZones) {
    case .loaded:
      return findings.first.map { "it loads, and the twin finds in \($0.section): \($0.finding)" }
    case .refused(let report):
      let errors = report.diagnostics.filter { $0.severity == .error }
      let texts = errors.map { error in
        "\(error.code.id) \(error.message)\n"
          + (error.notes.map(\.message) + [error.help ?? ""]).joined(separator: "\n")
      }
      if findings.isEmpty {
        return "the twin finds nothing, and it is refused: " + texts.joined(separator: "\n")
      }
      if let other = errors.first(where: { !$0.code.id.hasPrefix("RC04") }) {
        return "it is refused for \(other.code.id) \(other.message)"
      }
      return Witness.problem(errors, twin)
    }
  }

  static func answers(_ comparison: inout Comparison, _ seed: UInt64) -> String? {
    var generator = RequestGenerator(comparison.twin, seed: seed)
    let kinds: [RequestGenerator.Kind] =
      comparison.twin.card.card.events.isEmpty
      ? [.price, .decision] : [.price, .decision, .decision, .event]
    for number in 0..<requestsPerCard {
      let kind = kinds[number % kinds.count]
      let inputs = generator.request(kind)
      guard let problem = comparison.difference(inputs, kind) else { continue }
      let shown = inputs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return "\(kind) \(shown.joined(separator: " "))\n\(problem)"
    }
    return nil
  }

  /// Whether the same card in another order and other files is another card.
  static func order(
    _ draft: CardDraft, _ card: RateCard, _ twin: Twin, _ seed: UInt64
  ) -> String? {
    for (files, shuffle) in [(1, seed + 1), (3, seed + 2)] {
      let texts = draft.files(files, seed: shuffle)
      guard let other = RateCard.load(files: sources(texts), zones: testZones).card else {
        return "in another order it does not load:\n" + texts.joined(separator: "\n---\n")
      }
      if other.version != card.version {
        return "in another order it has another version:\n" + texts.joined(separator: "\n---\n")
      }
      var comparison = Comparison(twin, other, seed: seed)
      if let problem = answers(&comparison, seed) { return "in another order: \(problem)" }
    }
    return nil
  }

  /// Notes a failure with the smallest card that a few tries find.
  private mutating func report(
    _ problem: String, _ seed: UInt64, _ draft: CardDraft,
    _ check: (CardDraft, Twin) -> String?
  ) {
    var (draft, problem) = (draft, problem)
    var tries = 0
    var isSmaller = failures.count < 3 && !Self.stopsAtFirst
    while isSmaller {
      isSmaller = false
      for smaller in draft.smaller {
        tries += 1
        if tries > 400 { break }
        guard let card = checkedCard(smaller.files()).card,
          let twin = try? Twin(card, limit: Self.universeLimit),
          let still = check(smaller, twin), still.prefix(20) == problem.prefix(20)
        else { continue }
        (draft, problem, isSmaller) = (smaller, still, true)
        break
      }
    }
    failures.append("seed \(seed): \(problem)\n\(draft.files()[0])")
  }

  var summary: String {
    """
    \(cards) cards: \(skipped) wrong otherwise, \(tooLarge) too large, \(ambiguous) ambiguous, \
    \(neverWins) with a rule that never wins; \(loaded) loaded after mending, of which \
    \(withUnpriced) left a request unpriced, \(withDenied) denied one, \(withOverrides) override, \
    \(withDates) are dated; \(requests) requests, \(overflows) overflows
    """
  }
}
