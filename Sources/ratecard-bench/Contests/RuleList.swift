internal import Ratecard
internal import RatecardCompiler
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// The cost rules of a card in an order in which the first that holds is the one that prices, for
/// engines that know no other precedence.
///
/// Rules that are not in force at the time of the contest, or that ask about batches, are left out:
/// none of the requests can meet them.
struct RuleList {
  /// Why there is no such list.
  enum Failure: Error {
    /// The card does not compile.
    case refused
    /// A rule asks something that only this program's own cards do not ask.
    case unexpected(rule: String)
  }

  private let card: Card
  private let places: [Int]

  init(of card: Card, at now: Instant) throws {
    self.card = card
    var bag = DiagnosticBag()
    guard let costs = Compiler.compile(card, into: &bag)?.sets.costs else { throw Failure.refused }
    var before = costs.beaters
    for (first, second) in costs.rivals {
      let (one, other) = (costs.rules[first], costs.rules[second])
      if other.isDenial, !one.isDenial {
        before[first].append(second)
      } else {
        before[second].append(first)
      }
    }
    var order: [Int] = []
    var isPlaced = Array(repeating: false, count: before.count)
    func place(_ rule: Int) {
      if isPlaced[rule] { return }
      isPlaced[rule] = true
      for other in before[rule] { place(other) }
      order.append(rule)
    }
    for rule in before.indices { place(rule) }
    places = order.filter { Self.canHold(card.costs[$0].scope, in: card, at: now) }
  }

  private static func canHold(_ scope: RuleScope, in card: Card, at now: Instant) -> Bool {
    if let from = scope.from ?? scope.begins, now < from { return false }
    if let until = scope.until ?? scope.ends, now >= until { return false }
    return !scope.alternatives.joined().contains { card[$0.attribute].name == "batch" }
  }

  /// How many there are.
  var count: Int { places.count }

  /// The rules, each with its place in the card.
  func json() throws -> JSONValue {
    .array(
      try places.map { place in
        let rule = card.costs[place]
        guard rule.scope.alternatives.count == 1 else {
          throw Failure.unexpected(rule: rule.name)
        }
        let tests = try rule.scope.alternatives[0].map { condition in
          guard let test = test(condition) else { throw Failure.unexpected(rule: rule.name) }
          return test
        }
        return ["answer": .number("\(place)"), "tests": .array(tests)]
      })
  }

  private func test(_ condition: Condition) -> JSONValue? {
    let name = JSONValue.string(card[condition.attribute].name)
    switch condition.matcher {
    case .oneOf(let patterns):
      var texts: [JSONValue] = []
      var globs: [JSONValue] = []
      for pattern in patterns {
        switch pattern {
        case .value(.text(let text)): texts.append(.string(text.string))
        case .glob(let glob): globs.append(.string(glob.description))
        case .value: return nil
        }
      }
      return ["attribute": name, "texts": .array(texts), "globs": .array(globs)]
    case .range(let lower, let upper):
      var members: [JSONValue.Member] = [.init("attribute", name)]
      for (bound, inclusive, exclusive) in [
        (lower, "at_least", "above"), (upper, "at_most", "below"),
      ] {
        guard let bound else { continue }
        guard case .number(let number) = bound.value else { return nil }
        members.append(
          .init(bound.isInclusive ? inclusive : exclusive, .number(number.description)))
      }
      return .object(members)
    case .any, .present, .absent, .not: return nil
    }
  }
}
