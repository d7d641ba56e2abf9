public import RatecardCompiler
public import RatecardDiagnostics
public import RatecardModel
public import RatecardValues

/// What lint proves of a card beyond what loading it takes: about every request, not samples.
public enum Analysis {
  /// Adds what is found of a card that compiled.
  ///
  /// `now` decides which rules have expired. What the card accepts is taken out of `bag`, findings
  /// of the stages before included; an acceptance that accepts nothing is itself a finding. A
  /// proof that takes too long is left out with a finding that says so.
  ///
  /// Asks between proofs whether what it finds is still wanted. False: it was not, and `bag` holds
  /// only a part.
  @discardableResult
  public static func run(
    _ card: Card, _ compiled: Compiler.Compiled, now: Instant, into bag: inout DiagnosticBag,
    while isWanted: () -> Bool = { true }
  ) -> Bool {
    var skipped: [DiagnosticCode] = []
    let prices = try? PriceSheet(card, compiled.plan, compiled.sets, in: compiled.space)
    for rule in LintRule.all {
      guard isWanted() else { return false }
      let inspection = Inspection(
        card: card, space: compiled.space, sets: compiled.sets, now: now, plan: compiled.plan,
        prices: prices)
      do throws(RoomSearch.GaveUp) {
        for diagnostic in try rule.check(inspection) { bag.add(diagnostic) }
      } catch {
        skipped.append(rule.code)
      }
    }
    if !skipped.isEmpty { bag.add(givenUp(skipped, in: card)) }
    guard isWanted() else { return false }
    proveGuards(card, compiled.sets, prices, into: &bag)
    bag = accepted(bag, card.acceptances)
    return true
  }

  /// One finding for all proofs that were given up, at the start of the card: none is about a
  /// single rule.
  static func givenUp(_ codes: [DiagnosticCode], in card: Card) -> Diagnostic {
    let file = card.costs.first?.span.file ?? card.tiers.first?.span.file ?? FileID(0)
    let names = codes.map { "`\($0.name)`" }
    let list =
      names.count > 1
      ? names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "") : names.joined()
    return Diagnostic(
      .proofSkipped, "the rules overlap in too many ways to look for \(list)",
      at: Span(file: file, start: 0, end: 0),
      help: "split rules with several alternatives, or ranges that overlap in many ways")
  }

  /// Adds a finding for each guard that does not hold, or cannot be proved to.
  ///
  /// Guards of changes against the card before say nothing here: see `ChangeProof`.
  public static func proveGuards(
    _ card: Card, _ compiled: Compiler.Compiled, into bag: inout DiagnosticBag
  ) {
    guard !card.guards.isEmpty else { return }
    let prices = try? PriceSheet(card, compiled.plan, compiled.sets, in: compiled.space)
    proveGuards(card, compiled.sets, prices, into: &bag)
  }

  private static func proveGuards(
    _ card: Card, _ sets: RuleSets, _ prices: PriceSheet?, into bag: inout DiagnosticBag
  ) {
    var steps = StepCount()
    for item in card.guards {
      var verdict = GuardProof.Verdict.undecided(GuardProof.words(for: RoomSearch.GaveUp()))
      if let prices {
        var proof = GuardProof(item, of: prices, sets)
        proof.steps.learn(from: steps)
        verdict = proof.run()
        steps = proof.steps
      }
      if let diagnostic = item.diagnostic(verdict) { bag.add(diagnostic) }
    }
  }

  /// The findings less those that are accepted, and one for each acceptance of nothing.
  private static func accepted(
    _ bag: DiagnosticBag, _ acceptances: [Acceptance]
  ) -> DiagnosticBag {
    guard !acceptances.isEmpty else { return bag }
    var isNeeded = acceptances.map { _ in false }
    var result = DiagnosticBag()
    for diagnostic in bag.diagnostics {
      let covering = acceptances.indices.filter { acceptances[$0].covers(diagnostic) }
      for index in covering { isNeeded[index] = true }
      if covering.isEmpty { result.add(diagnostic) }
    }
    // What comes with time may be accepted before it comes.
    for (acceptance, isNeeded) in zip(acceptances, isNeeded)
    where !isNeeded && acceptance.code != .expiredRule {
      result.add(
        Diagnostic(
          .unneededAccept, "there is no `\(acceptance.code.name)` here to accept",
          at: acceptance.span, help: "remove it"))
    }
    return result
  }
}
