import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Where customers come to is what deciding real requests and events shows, neither more nor less.
@Suite struct TierMoveTests {
  private static let worlds = Result { try (0..<100).compactMap { try TierWorld(seed: $0) } }

  @Test func movesAreThoseOfRealRequests() throws {
    for world in try Self.worlds.get() {
      let moves = try TierMoves(world.inspection)
      #expect(moves.states.count == world.tiers.count + 1)
      for (place, state) in moves.states.enumerated() {
        #expect(
          Set(moves.next(place).map { $0?.string }) == world.next(state?.string),
          "from \(state?.string ?? "none") of\n\(world.text)")
      }
      #expect(Set(moves.reached.map(\.string)) == world.reached, "\(world.text)")
    }
  }

  @Test func circlesAreThoseOfRealRequests() throws {
    for world in try Self.worlds.get() {
      let found = try LintRule.flappingTiers.check(world.inspection)
      let circles = world.circles
      #expect(
        found.count == circles.count,
        "\(found.map(\.message)) against \(circles.map { $0.sorted() }) of\n\(world.text)")
      for circle in circles {
        #expect(
          found.contains { finding in
            circle.allSatisfy { finding.message.contains("`\($0)`") }
          })
      }
    }
  }

  @Test func tiersThatTrapOrAreNeverEnteredAreFound() throws {
    for world in try Self.worlds.get() {
      let reached = world.reached
      let unreachable = try LintRule.unreachableTiers.check(world.inspection)
      let never = world.tiers.filter { !reached.contains($0) }
      #expect(
        Set(unreachable.map(\.message))
          == Set(never.map { "no customer ever comes into the tier `\($0)`" }), "\(world.text)")
      let traps = try LintRule.tiersWithoutExit.check(world.inspection)
      #expect(
        Set(traps.map(\.message))
          == Set(world.traps.map { "no customer ever leaves the tier `\($0)`" }), "\(world.text)")
    }
  }

  /// Enough of the cards load, and enough of them have each finding, for the tests to mean something.
  @Test func theWorldsAreNotDull() throws {
    let worlds = try Self.worlds.get()
    #expect(worlds.count > 40)
    #expect(worlds.count { !$0.circles.isEmpty } > 8)
    #expect(worlds.count { Set($0.tiers) != $0.reached } > 8)
    #expect(worlds.count { !$0.traps.isEmpty } > 4)
  }
}

/// A small random card of tiers, and every real request that it could tell apart.
private struct TierWorld {
  let text: String
  let inspection: Inspection
  let tiers: [String]
  /// For each state and request the tier given.
  private let given: [String?: [String?]]
  private let events: [String?: Set<String>]

  private static let balances = ["-30", "-5", "0", "0.5", "1", "10", "15", "20", "60"]
  private static let grants = [
    "-100", "-10", "0", "0.5", "2", "10", "40", "50", "60", "100", "1000",
  ]

  /// Nil: the card does not load.
  init?(seed: UInt64) throws {
    text = Self.text(seed: seed &+ 4_000)
    let sample = Sample(text)
    var bag = DiagnosticBag()
    guard let card = sample.card(into: &bag), let compiled = Compiler.compile(card, into: &bag),
      let loaded = RateCard.load(files: sample.files).card
    else { return nil }
    inspection = Inspection(
      card: card, space: compiled.space, sets: compiled.sets, now: .earliest, plan: compiled.plan)
    tiers = card.tierNames.map(\.string)
    var requests: [[String: String]] = []
    for plan in [nil, "p", "q"] {
      for balance in [nil] + Self.balances {
        for grant in [nil] + Self.grants {
          requests.append(
            ["plan": plan, "balance": balance, "granted": grant].compactMapValues(\.self))
        }
      }
    }
    var given: [String?: [String?]] = [:]
    var events: [String?: Set<String>] = [:]
    for state in tiers.map(Optional.some) + [nil] {
      var results: [String?] = []
      for request in requests {
        var values = request.mapValues(RequestValue.text)
        values["current_tier"] = state.map(RequestValue.text)
        results.append(try loaded.decide(values, at: .earliest).tier)
        for event in card.events.isEmpty ? [] : ["up", "down"] {
          values["on"] = .text(event)
          if let tier = try loaded.react(to: values, at: .earliest)?.tier {
            events[state, default: []].insert(tier)
          }
        }
      }
      given[state] = results
    }
    self.given = given
    self.events = events
  }

  func next(_ state: String?) -> Set<String?> {
    Set(given[state] ?? []).union((events[state] ?? []).map(Optional.some))
  }

  var reached: Set<String> {
    var seen: Set<String?> = [nil]
    var stack: [String?] = [nil]
    while let state = stack.popLast() {
      for tier in next(state) where seen.insert(tier).inserted { stack.append(tier) }
    }
    return Set(seen.compactMap(\.self))
  }

  /// The tiers that customers come to and never leave, where there is another.
  var traps: [String] {
    let reached = reached
    return reached.count > 1 ? reached.filter { next($0) == [$0] } : []
  }

  /// The tiers that some customer goes around in.
  var circles: Set<Set<String>> {
    let reached = reached
    var result: Set<Set<String>> = []
    for request in (given[nil] ?? []).indices {
      for start in reached {
        var path = [start]
        while let tier = given[path[path.count - 1]]?[request] {
          if tier == start {
            if path.count > 1 { result.insert(Set(path)) }
            break
          }
          if path.contains(tier) { break }
          path.append(tier)
        }
      }
    }
    return result
  }

  private static func text(seed: UInt64) -> String {
    var random = SplitMix(seed: seed)
    func pick(_ choices: [String]) -> String { choices[random.below(choices.count)] }
    func conditions() -> String {
      var parts: [String] = []
      if random.below(3) > 0 {
        parts.append("current_tier: \(pick(["a", "b", "c", "absent", "[a, b]", "{not: c}"]))")
      }
      if random.oneIn(3) {
        parts.append("balance: \(pick(["{at_most: 0}", "{below: 1}", "{at_least: 20}", "absent"]))")
      }
      if random.oneIn(3) {
        parts.append(
          "balance_percent: \(pick(["{below: 20}", "{at_least: 20}", "{at_least: 50}", "absent"]))")
      }
      if random.oneIn(5) {
        parts.append("granted: \(pick(["{above: 0}", "{at_most: 50}", "absent", "present"]))")
      }
      if random.oneIn(5) { parts.append("plan: \(pick(["p", "{not: p}", "absent"]))") }
      return "{\(parts.joined(separator: ", "))}"
    }
    var lines = ["plans:", "  p: {credits: 100}", "  q: {}", "costs: [{name: all, credits: 1}]"]
    lines.append("tiers:")
    let names = ["a", "b", "c"]
    for (index, name) in names.enumerated() {
      // Each tier is given by a rule at least; the first mostly without conditions.
      let when = index == 0 && random.below(3) > 0 ? "{}" : conditions()
      let overrides = overriding("t", below: index)
      lines.append("  - {name: t\(index), tier: \(name), when: \(when)\(overrides)}")
    }
    for index in 3..<(3 + random.below(4)) {
      let name = pick(names)
      let when = random.oneIn(3) ? "{current_tier: \(name)}" : conditions()
      lines.append(
        "  - {name: t\(index), tier: \(name), when: \(when)\(overriding("t", below: index))}")
    }
    let count = random.below(3)
    if count > 0 { lines.append("events:") }
    for index in 0..<count {
      let overrides = overriding("e", below: index)
      lines.append(
        "  - {name: e\(index), on: \(pick(["up", "down"])), tier: \(pick(names)), "
          + "when: \(conditions())\(overrides)}")
    }
    return lines.joined(separator: "\n")
  }
}

/// The `overrides` of a rule over all that come before it.
func overriding(_ prefix: String, below index: Int) -> String {
  let names = (0..<index).map { "\(prefix)\($0)" }
  return names.isEmpty ? "" : ", overrides: [\(names.joined(separator: ", "))]"
}
