internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// Which model a text turns into must never be a matter of taste: aliases that tie are refused.
extension CheckContext {
  /// Takes aliases into `models` and reports every text for which two models tie.
  mutating func takeAliases(_ aliases: [ModelAlias]) {
    var literals: [ExactText: ModelAlias] = [:]
    var globs: [ModelAlias] = []
    for alias in aliases.sorted(by: { $0.node.span < $1.node.span }) {
      guard let text = alias.glob.literal.map(ExactText.init) else {
        globs.append(alias)
        continue
      }
      if text == alias.model {
        report(
          .repeatedValue, "`\(text)` is the model's own name", at: alias.node.span,
          help: "remove the alias")
      } else if models.contains(text) {
        reportTie(
          "`\(text)` is a model of its own and an alias of `\(alias.model)`", at: alias.node.span,
          help: "remove the alias, or the model", first: models.places[text])
      } else if let first = literals[text] {
        reportSharedAlias(first, alias)
      } else {
        literals[text] = alias
      }
    }
    models.literalAliases = literals.mapValues(\.model)
    models.globAliases = globs.map { ($0.glob, $0.model) }
    reportGlobTies(globs)
  }

  private mutating func reportGlobTies(_ globs: [ModelAlias]) {
    let byLength = Dictionary(grouping: globs) { $0.glob.literalCharacters }
    for (length, rivals) in byLength where rivals.count > 1 {
      let longer = globs.filter { $0.glob.literalCharacters > length }.map(\.glob)
      for (index, second) in rivals.enumerated() {
        for first in rivals[..<index] where first.model != second.model {
          guard GlobSpace.mayMeet(first.glob, second.glob),
            let text = tie(first.glob, second.glob, longer: longer)
          else { continue }
          if first.glob == second.glob {
            reportSharedAlias(first, second)
          } else {
            reportTie(
              "`\(second.node.text)` ties with `\(first.node.text)` of `\(first.model)`: "
                + "`\(text)` would be both models", at: second.node.span,
              help: "the alias with more literal characters wins, so write one of them out further",
              first: first.node.span)
          }
          // One tie of an alias is shown, so there is no need to look for others.
          break
        }
      }
    }
  }

  /// A text that two globs both take and that nothing stronger takes from them.
  private func tie(_ first: Glob, _ second: Glob, longer: [Glob]) -> String? {
    let stronger = longer.filter {
      GlobSpace.mayMeet($0, first) && GlobSpace.mayMeet($0, second)
    }
    // Only short texts can be all that is left between such globs.
    let exact = (Array(models.places.keys) + models.literalAliases.keys)
      .filter { first.matches($0.string) && second.matches($0.string) }
      .sorted { ($0.string.utf8.count, $0) < ($1.string.utf8.count, $1) }
      .prefix(64).map { Glob(literal: $0.string) }
    switch GlobSpace.text(matchedBy: [first, second], notBy: stronger + exact) {
    case .found(let text): return text
    case .none: return nil
    case .unknown: return first.description
    }
  }

  private mutating func reportSharedAlias(_ first: ModelAlias, _ second: ModelAlias) {
    reportTie(
      "`\(second.node.text)` is an alias of `\(first.model)` and of `\(second.model)`",
      at: second.node.span, help: "leave it to one of them", first: first.node.span)
  }

  private mutating func reportTie(
    _ message: String, at span: Span, help: String, first: Span?
  ) {
    report(
      .aliasTie, message, at: span, help: help,
      notes: first.map { [Diagnostic.Note("the other is here", at: $0)] } ?? [])
  }

  /// Checks a glob on a model: it must match a name, or an id that no alias takes.
  mutating func checkModelGlob(_ glob: Glob, at span: Span) {
    guard models.isDeclared, !isPartial, !partialSections.contains("models") else { return }
    guard models.isReachable(glob) else {
      let text = glob.description
      let taken = models.globAliases.first { GlobSpace.mayMeet($0.glob, glob) }
      return report(
        .unreachableGlob,
        "no rule ever sees a model like `\(text)`: aliases take them all", at: span,
        help: taken.map { "`\($0.glob)` is an alias of `\($0.model)`: write `\($0.model)`" })
    }
  }
}

extension ModelScope {
  /// Whether a rule may see a model that a glob matches: a name, or an id that no alias takes.
  func isReachable(_ glob: Glob) -> Bool {
    let takers = globAliases.map(\.glob).filter { GlobSpace.mayMeet($0, glob) }
    // A glob with a star matches more texts than there are literal aliases.
    if takers.isEmpty, glob.literal == nil { return true }
    if hasName(matching: glob) { return true }
    let exact = literalAliases.keys.filter { glob.matches($0.string) }
      .sorted { ($0.string.utf8.count, $0) < ($1.string.utf8.count, $1) }
      .prefix(64).map { Glob(literal: $0.string) }
    return GlobSpace.text(matchedBy: [glob], notBy: takers + exact) != .none
  }
}

extension ModelScope {
  /// Whether a glob matches a model's name.
  ///
  /// O(log models + names that begin as the glob does).
  private func hasName(matching glob: Glob) -> Bool {
    guard let head = glob.segments.first else { return false }
    var low = 0
    var high = models.count
    while low < high {
      let middle = (low + high) / 2
      if models[middle].name.string.utf8.lexicographicallyPrecedes(head) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return models[low...].prefix { $0.name.string.utf8.starts(with: head) }
      .contains { glob.matches($0.name.string) }
  }
}
