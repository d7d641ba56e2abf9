import RatecardModel
import RatecardValues

/// The texts that `model` and `requested_model` can have when rules look at them: every alias has
/// turned into a name by then, so a text that an alias takes is none of them.
struct ModelTexts {
  private let card: Card
  private let usage: ConditionUsage

  init(_ card: Card, _ usage: ConditionUsage) {
    self.card = card
    self.usage = usage
  }

  /// The atoms of both axes.
  func domain() throws(GlobCombinations.TooMany) -> TextDomain {
    let model = usage.texts[AttributeID.model.index]
    let requested = usage.texts[AttributeID.requestedModel.index]
    let globs = byBytes(model.globs.union(requested.globs))
    if case .choice(let members) = card[.model].kind {
      return TextDomain(literals: members, globs: globs, others: [])
    }
    var literals = model.literals.union(requested.literals)
    literals.formUnion(card.models.models.map(\.name))
    var excluded = literals
    var aliasGlobs: [Glob] = []
    for alias in card.models.models.lazy.flatMap(\.aliases) {
      switch alias {
      case .glob(let glob): aliasGlobs.append(glob)
      case .value(.text(let text)): excluded.insert(text)
      case .value: break
      }
    }
    // Where no rule asks for a shape, one text that no alias takes stands for all of them, and there
    // is no need to tell the aliases' globs apart.
    if globs.isEmpty, let other = untaken(by: aliasGlobs, excluding: excluded) {
      return TextDomain(
        literals: literals.sorted(), globs: [],
        others: [TextDomain.Others(globs: [], example: other)])
    }
    let combinations = try GlobCombinations(globs + aliasGlobs)
    let free = combinations.realizable(excluding: excluded).filter { combination, _ in
      combination.allSatisfy { $0 < globs.count }
    }
    return TextDomain(
      literals: literals.sorted(), globs: globs, others: others(free), combinations)
  }

  /// A text a person would think of that is no name and no alias; nil: not one of a few.
  private func untaken(by aliases: [Glob], excluding excluded: Set<ExactText>) -> String? {
    GlobCombinations.pleasantWords.first { word in
      !excluded.contains(ExactText(word)) && !aliases.contains { $0.matches(word) }
    }
  }
}
