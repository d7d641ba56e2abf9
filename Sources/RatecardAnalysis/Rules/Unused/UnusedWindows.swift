import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// Windows that no condition names, where none asks whether any window holds.
  static let unusedWindows = LintRule(.unusedWindow) { inspection in
    let card = inspection.card
    let named = NamedTexts(card.matchers(on: .window))
    guard !named.asksForPresence else { return [] }
    return card.windows.filter { !named.literals.contains($0.name) }.map { window in
      Diagnostic(
        .unusedWindow, "no condition names the window `\(window.name)`", at: window.span,
        help: "remove it, or write `window: \(window.name)` where it is meant to matter")
    }
  }
}
