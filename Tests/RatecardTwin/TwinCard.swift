import Foundation
package import RatecardModel
import RatecardValues

/// What the twin works out once for a card.
package struct TwinCard: Sendable {
  package let card: Card
  private let windows: [(name: TwinText, window: TwinWindow)]
  /// Instants around which some window may change, in the years that tests use.
  package let windowChanges: [Int128]

  package init(_ card: Card) {
    self.card = card
    windows = card.windows.map { (TwinText($0.name), TwinWindow($0.window)) }
    windowChanges = Set(card.windows.flatMap { WindowChanges.shared.of($0.window) }).sorted()
  }

  // MARK: Models

  /// The texts by which models are named, and those that turn into a name.
  var modelPatterns: [Stars] {
    card.models.models.flatMap { model in
      [Stars(literal: TwinText(model.name))] + model.aliases.map(Stars.init)
    }
  }

  /// The name that a text for a model turns into: a name or literal alias first, then the glob
  /// with the most literal characters; itself where none takes it.
  package func canonicalModel(_ text: TwinText) -> TwinText {
    let models = card.models.models
    if models.contains(where: { TwinText($0.name) == text }) { return text }
    var best: (characters: Int, name: ExactText)?
    for model in models {
      for alias in model.aliases {
        let stars = Stars(alias)
        guard stars.matches(text) else { continue }
        var characters = stars.literalCharacters
        if case .value = alias { characters = .max }
        if best.map({ $0.characters < characters }) ?? true { best = (characters, model.name) }
      }
    }
    return best.map { TwinText($0.name) } ?? text
  }

  /// The models that routes give to requests that ask for none.
  package var unaskedModels: Set<TwinText> {
    guard card[.model].defaultValue == nil else { return [] }
    let models: Set<AttributeID> = [.model, .modelClass, .requestedModel]
    var result: Set<TwinText> = []
    for rule in card.routes {
      guard case .route(let route) = rule.outcome,
        rule.scope.alternatives.contains(where: { conditions in
          conditions.allSatisfy { !models.contains($0.attribute) || holds($0.matcher, nil) }
        })
      else { continue }
      let sides = route.split?.sides.filter { $0.weight > 0 }.map(\.model) ?? []
      for name in sides + (route.model.map { [$0] } ?? []) { result.insert(TwinText(name)) }
    }
    return result
  }

  func modelClass(of name: TwinText) -> TwinText? {
    card.models.models.first { TwinText($0.name) == name }?.modelClass.map { TwinText($0) }
  }

  // MARK: Windows

  /// A request with the windows that hold at its `at`.
  func withWindows(_ request: TwinRequest) -> TwinRequest {
    guard let at = request[.at]?.instant else { return request }
    var request = request
    request[.window] = .windows(windows.filter { $0.window.contains(at) }.map(\.name))
    return request
  }
}

/// The changes of windows, found once for each window that a process meets.
private final class WindowChanges: @unchecked Sendable {
  // SAFETY: `found` is read and written under `lock` only.
  static let shared = WindowChanges()
  private let lock = NSLock()
  private var found: [Window: [Int128]] = [:]

  func of(_ window: Window) -> [Int128] {
    lock.withLock {
      if let known = found[window] { return known }
      let twin = TwinWindow(window)
      var changes: [Int128] = []
      for days in [0..<380, 20_089..<20_830] {
        for seconds in twin.possibleChanges(days: days).sorted() where seconds > 0 {
          let instant = Int128(seconds) * 1_000_000_000
          if twin.contains(instant) != twin.contains(instant - 1) { changes.append(instant) }
        }
      }
      found[window] = changes
      return changes
    }
  }
}
