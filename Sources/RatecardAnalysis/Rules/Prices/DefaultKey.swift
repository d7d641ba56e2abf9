import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// A key of a table, or a value of `when`, that is a word for "all others" and yet taken as text.
  ///
  /// The words are `default`, `else`, `other`, `others`, `otherwise`, `all`, `anything` and
  /// `everything`, in small or capital letters, where one of them alone is what is asked of an
  /// attribute of any text. Quiet where the card says that there is such a text: a value of a closed
  /// set, a model or a class of that name, the attribute's default. Fields of events are the billing
  /// provider's, who may well call something so.
  static let defaultKey = LintRule(.defaultKey) { inspection in
    let card = inspection.card
    let mayBeTaken = card.attributes.map { $0.kind == .text && $0.origin != .event }
    var seen = Set<Span>()
    var found: [Diagnostic] = []
    card.forEachCondition { condition in
      guard mayBeTaken[condition.attribute.index], let word = card.catchAll(condition),
        seen.insert(condition.span).inserted
      else { return }
      let name = card[condition.attribute].name
      found.append(
        Diagnostic(
          .defaultKey, "`\(word)` is taken as the text of a `\(name)`, not as all others",
          at: condition.span,
          help: "write `any` if every other `\(name)` is meant; it is the least specific of its "
            + "neighbours"))
    }
    return found
  }
}

extension Card {
  private static let catchAllWords: Set<String> = [
    "default", "else", "other", "others", "otherwise", "all", "anything", "everything",
  ]

  private static let longestCatchAll = catchAllWords.map(\.utf8.count).max() ?? 0

  /// The word for "all others" that is all that a condition asks for.
  fileprivate func catchAll(_ condition: Condition) -> String? {
    guard case .oneOf(let patterns) = condition.matcher, patterns.count == 1,
      case .value(.text(let word))? = patterns.first,
      word.string.utf8.count <= Card.longestCatchAll,
      Card.catchAllWords.contains(word.string.lowercased()),
      self[condition.attribute].defaultValue != .text(word)
    else { return nil }
    switch condition.attribute {
    case .model, .requestedModel:
      return models.models.contains { $0.name == word } ? nil : word.string
    case .modelClass:
      return models.models.contains { $0.modelClass == word } ? nil : word.string
    default: return word.string
    }
  }
}
