import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardSyntax
import RatecardTwin
import RatecardValues

/// The zones of the machine that runs the tests.
let testZones = ZoneDatabase { name in
  guard !name.contains(".."),
    let bytes = FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)")
  else { return nil }
  return try? Zone(name: name, tzif: Array(bytes))
}

/// The files of a card, named by number.
func sources(_ files: [String]) -> [SourceFile] {
  files.enumerated().map { SourceFile(path: "\($0.offset).yaml", bytes: Array($0.element.utf8)) }
}

/// The card that files say, before rules are compared; nil with the reasons.
func checkedCard(_ files: [String]) -> (card: Card?, diagnostics: [Diagnostic]) {
  var bag = DiagnosticBag()
  var trees: [Tree] = []
  for (index, file) in sources(files).enumerated() {
    if let tree = Tree.parse(file, as: FileID(index), into: &bag) { trees.append(tree) }
  }
  if bag.hasErrors { return (nil, bag.sorted) }
  let card = Checker.check(trees, zones: testZones, into: &bag)
  return (card, bag.sorted)
}

extension Twin {
  /// What keeps the card from loading, by section.
  func findings() -> [(section: String, finding: Finding)] {
    var all: [(String, Finding)] = []
    all += Finding.all(costs, "costs")
    all += Finding.all(tiers, "tiers")
    all += Finding.all(routes, "routes")
    all += Finding.all(events, "events")
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
      all += Finding.all(group, "adjustments")
    }
    return all
  }
}

/// One reason why a card does not load, with the names of the rules.
enum Finding: CustomStringConvertible {
  case ambiguous([String], TwinRequest)
  case sameConditions(String, String)
  case neverWins(String)

  static func all<Outcome>(
    _ section: Section<Outcome>, _ name: String
  ) -> [(String, Finding)] {
    let findings = section.findings()
    func names(_ rules: [Int]) -> [String] { rules.map { section.rules[$0].name } }
    return findings.ambiguous.map { (name, .ambiguous(names($0.rules), $0.request)) }
      + findings.sameConditions.map {
        (name, .sameConditions(section.rules[$0.0].name, section.rules[$0.1].name))
      }
      + findings.neverWins.map { (name, .neverWins(section.rules[$0].name)) }
  }

  var description: String {
    switch self {
    case .ambiguous(let rules, let request):
      "ambiguous \(rules) for \(request.map { "\($0.key.index)=\($0.value)" }.sorted())"
    case .sameConditions(let left, let right): "same conditions: \(left), \(right)"
    case .neverWins(let rule): "never wins: \(rule)"
    }
  }
}

/// Makes a card that loads of one that does not, by overrides, and by leaving out what cannot be
/// mended so; nil where that does not end.
func repaired(_ draft: CardDraft, seed: UInt64, limit: Int) -> (draft: CardDraft, twin: Twin)? {
  var draft = draft
  var random = SeededRandom(seed: seed ^ 0xABCD)
  for _ in 0..<25 {
    guard let card = checkedCard(draft.files()).card, let twin = try? Twin(card, limit: limit)
    else { return nil }
    guard let (section, finding) = twin.findings().first else { return (draft, twin) }
    guard var rules = draft.rules[section] else { return nil }
    func index(_ name: String) -> Int? {
      rules.firstIndex { $0.name == name || $0.isTable && name.hasPrefix("\($0.name ?? "")/") }
    }
    switch finding {
    case .ambiguous(let names, _):
      let places = Set(names.compactMap(index)).sorted()
      guard let winner = places.randomElement(using: &random) else { return nil }
      let losers = places.filter { $0 != winner }
      let isCycle = losers.contains { loser in
        guard let name = rules[winner].name else { return true }
        return rules[loser].overrides.contains(name)
      }
      if losers.isEmpty || isCycle {
        rules.remove(at: winner)
      } else {
        for loser in losers {
          guard let name = rules[loser].name, !rules[winner].overrides.contains(name) else {
            return nil
          }
          rules[winner].overrides.append(name)
        }
      }
    case .sameConditions(let name, _), .neverWins(let name):
      guard let place = index(name) else { return nil }
      rules.remove(at: place)
    }
    let names = Set(rules.compactMap(\.name))
    for place in rules.indices { rules[place].overrides.removeAll { !names.contains($0) } }
    // What replaced a rule that is gone has nothing to replace.
    for place in rules.indices {
      if let replaced = rules[place].field("replaces"), !names.contains(replaced) {
        rules[place].fields.removeAll { $0.key == "replaces" }
      }
    }
    draft.rules[section] = rules.isEmpty ? nil : rules
  }
  return nil
}
