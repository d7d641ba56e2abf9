package import RatecardValues

/// What the texts by which requests name models turn into before any rule looks.
package struct ModelNames: Sendable {
  private let names: Set<ExactText>
  private let literalAliases: [ExactText: ExactText]
  /// The globs among the aliases, the one with more literal characters first.
  private let globAliases: [(glob: Glob, model: ExactText)]

  package init(_ list: ModelList) {
    names = Set(list.models.map(\.name))
    var literals: [ExactText: ExactText] = [:]
    var globs: [(glob: Glob, model: ExactText)] = []
    for model in list.models {
      for alias in model.aliases {
        switch alias {
        case .value(.text(let text)): literals[text] = model.name
        case .glob(let glob): globs.append((glob, model.name))
        case .value: preconditionFailure("an alias is text")
        }
      }
    }
    literalAliases = literals
    globAliases = globs.sorted { $0.glob.literalCharacters > $1.glob.literalCharacters }
  }

  /// The name of the model that a text means: the text itself when no alias takes it.
  ///
  /// O(length + globs among the aliases).
  package func name(of text: ExactText) -> ExactText {
    if names.contains(text) { return text }
    if let name = literalAliases[text] { return name }
    return globAliases.first { $0.glob.matches(text.string) }?.model ?? text
  }
}
