internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The models of a card, as other sections refer to them.
struct ModelScope {
  /// Whether the card has a `models` section.
  var isDeclared = false
  /// The models, by name.
  var models: [ModelList.Model] = []
  /// The models' names, and where they stand.
  var places: [ExactText: Span] = [:]
  /// The model that a literal alias stands for.
  var literalAliases: [ExactText: ExactText] = [:]
  /// The globs among the aliases, with their models.
  var globAliases: [(glob: Glob, model: ExactText)] = []

  /// Whether a text is a model's name.
  func contains(_ text: ExactText) -> Bool { places[text] != nil }

  /// The name of the model that a text turns into before any rule looks; the text itself when no
  /// model has it.
  func resolve(_ text: ExactText) -> ExactText {
    if contains(text) { return text }
    if let name = literalAliases[text] { return name }
    let matching = globAliases.filter { $0.glob.matches(text.string) }
    return matching.max { $0.glob.literalCharacters < $1.glob.literalCharacters }?.model ?? text
  }
}

extension CheckContext {
  /// A model that the card names literally: with a `models` section it must be a name in it.
  mutating func modelName(_ node: Node) -> ExactText? {
    guard let text = name(node, "a model").map(ExactText.init) else { return nil }
    guard models.isDeclared, !models.contains(text) else { return text }
    let resolved = models.resolve(text)
    if resolved != text {
      report(
        .aliasForModel, "`\(text)` is an alias of `\(resolved)`, no rule ever sees it",
        at: node.span, help: "write `\(resolved)`",
        fix: node.isPlain
          ? Diagnostic.Fix("write the model's name", replacing: node.span, with: resolved.string)
          : nil)
      return nil
    }
    reportUnknown(
      .unknownValue, "`\(text)` is not a known model", text.string, at: node.span,
      among: models.models.map(\.name.string), of: "models",
      otherwise: "declare it under `models:`")
    return nil
  }
}
