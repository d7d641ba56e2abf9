import RatecardTestSupport

/// A rate card as a large company would have one, with as many cost rules as wanted.
///
/// Six attributes decide a price: request type, model, plan, region, input tokens and batch, beside
/// the date. Families of models have a price by glob; each model has a cell of a table for each
/// request type; below a cell prices differ by plan, region, tokens, batch or date, and below
/// those by a further one. Some models are refused on the smallest plan. The card loads without a
/// finding.
public struct LargeCard {
  /// The card, as one file.
  public private(set) var text = ""
  /// The card without its adjustments and guards.
  private(set) var prices = ""

  private let market: Market
  private var random: SplitMix
  /// How many rules are still to be written.
  private var left: Int
  /// How many prices have a date, for their names.
  private var datedCount = 0

  /// A card of `rules` cost rules, cells counted, and at least a hundred; equal seeds make equal
  /// cards.
  public init(rules: Int, seed: UInt64 = 1) { self.init(rules: rules, seed: seed, attributes: "") }

  /// The same with further lines among the attributes.
  init(rules: Int, seed: UInt64, attributes: String) {
    market = Market(models: max(12, rules / 100))
    random = SplitMix(seed: seed)
    left = max(100, rules)
    text = market.header(attributes)
    writeCosts()
    prices = text
    text += Market.adjustments
  }

  // MARK: Prices

  /// A price in thousandths, of a credit or of a dollar per million tokens.
  private struct Price {
    var thousandths: Int
    let isPerToken: Bool

    var amount: String {
      let fraction = String(thousandths % 1000 + 1000).dropFirst()
      return "\(thousandths / 1000).\(fraction)"
    }

    var words: String {
      isPerToken ? "rates: {input_tokens: \(amount) USD per 1M}" : "credits: \(amount)"
    }
  }

  /// A price that is `percent` of another and differs from it.
  private mutating func scaled(_ price: Price, _ percent: ClosedRange<Int>) -> Price {
    let percent = Int.random(in: percent, using: &random)
    return Price(
      thousandths: price.thousandths * percent / 100 + 1 + random.below(40),
      isPerToken: price.isPerToken)
  }

  // MARK: Rules

  /// The requests of a rule, as conditions in the order in which a person adds them.
  private struct Scope {
    var conditions: [(attribute: String, matcher: String)]
    var isLeaf = false

    func with(_ attribute: String, _ matcher: String, isLeaf: Bool = false) -> Scope {
      var copy = self
      copy.conditions.append((attribute, matcher))
      copy.isLeaf = isLeaf
      return copy
    }

    func asks(_ attribute: String) -> Bool { conditions.contains { $0.attribute == attribute } }

    var when: String {
      "{" + conditions.map { "\($0.attribute): \($0.matcher)" }.joined(separator: ", ") + "}"
    }
  }

  private mutating func writeCosts() {
    text += """

      costs:
        - {name: everything else, rates: {input_tokens: 90 USD per 1M, output_tokens: 200 USD per 1M}, minimum: 50}
        - {name: tab completions, when: {request_type: tab_completion}, credits: 0}
        - {name: embeddings, when: {request_type: embedding}, credits: 2}
        - {name: small reviews, when: {request_type: review, model: "*-mini-*"}, credits: 30.5}

      """
    left -= 4
    var cells: [(scope: Scope, price: Price)] = []
    for (place, family) in market.families.enumerated() {
      let isPerToken = place % 2 == 1
      let price = Price(thousandths: 30_000 + 500 * place, isPerToken: isPerToken)
      let types = "[chat, composer, agent, search]"
      text += "  - {name: \(family), when: {model: \(family)-*, request_type: \(types)}, "
      text += "\(price.words)}\n"
      left -= 1
      cells += writeTable(of: family, isPerToken)
      writeRefusals(of: family)
    }
    for (place, cell) in cells.enumerated() {
      // What is left is shared out evenly, so that the last cell takes the rest.
      let quota = left / (cells.count - place)
      if random.oneIn(20) {
        writeCrossing(cell.scope, cell.price, quota)
      } else {
        divide(cell.scope, cell.price, quota)
      }
    }
    if left > 0 { writeEmbeddings() }
  }

  /// What is not sold on the smallest plan: refusals, which win over prices that they cross.
  private mutating func writeRefusals(of family: String) {
    for model in market.models(of: family).filter({ _ in random.oneIn(3) }) {
      text += "  - {when: {model: \(model), plan: hobby}, deny: \(model) is not part of Hobby.}\n"
      left -= 1
    }
  }

  /// A table with the rules that are left.
  private mutating func writeEmbeddings() {
    text += """
        - name: embeddings by model
          table: [model, plan, region]
          when: {request_type: embedding}
          cells:

      """
    for model in market.families.flatMap(market.models) where left > 0 {
      text += "      \(model):\n"
      for plan in Market.plans.dropFirst() where left > 0 {
        text += "        \(plan):\n"
        for region in Market.regions where left > 0 {
          let price = Price(thousandths: 126 + random.below(900), isPerToken: false)
          text += "          \(region): \(price.amount)\n"
          left -= 1
        }
      }
    }
  }

  /// The table of a family, with a price for each of its models and request types.
  private mutating func writeTable(
    of family: String, _ isPerToken: Bool
  ) -> [(scope: Scope, price: Price)] {
    text += "  - name: \(family) models\n    table: [request_type, model]\n"
    if isPerToken { text += "    per: input_tokens\n" }
    text += "    cells:\n"
    var cells: [(Scope, Price)] = []
    for (place, type) in Market.requestTypes.enumerated() {
      text += "      \(type):\n"
      for model in market.models(of: family) {
        let base = Price(
          thousandths: 500 * (place + 1) + random.below(2000), isPerToken: isPerToken)
        text += "        \(model): \(base.amount)\(isPerToken ? " USD per 1M" : "")\n"
        left -= 1
        cells.append((Scope(conditions: [("request_type", type), ("model", model)]), base))
      }
    }
    return cells
  }

  /// Writes up to `quota` rules below one, each within it: it is divided by one attribute, and the
  /// parts again by others.
  private mutating func divide(_ scope: Scope, _ price: Price, _ quota: Int) {
    guard quota > 0, !scope.isLeaf else { return }
    let ways = ["plan", "region", "input_tokens", "batch", "at"].filter { !scope.asks($0) }
    let parts = different(parts(of: scope, by: ways[random.below(ways.count)], price)).prefix(quota)
    for part in parts { write(part.scope, part.price, part.dates) }
    var rest = quota - parts.count
    for (place, part) in parts.enumerated() {
      let share = rest / (parts.count - place)
      let before = left
      divide(part.scope, part.price, share)
      rest -= before - left
    }
  }

  /// The parts with no two prices alike, or they could be one rule.
  private func different(_ parts: [Part]) -> [Part] {
    var seen: Set<Int> = []
    return parts.map { part in
      var part = part
      while !seen.insert(part.price.thousandths).inserted { part.price.thousandths += 1 }
      return part
    }
  }

  private typealias Part = (scope: Scope, price: Price, dates: String)

  /// Rules within one of which none overlaps another, but for those that lie within each other.
  private mutating func parts(of scope: Scope, by way: String, _ price: Price) -> [Part] {
    switch way {
    case "plan":
      return Market.plans.dropFirst(1 + random.below(2)).map {
        (scope.with("plan", $0), scaled(price, 80...150), "")
      }
    case "region":
      // Never all of them, or the price for any region would never hold.
      let areas = Market.areas.dropFirst(1 + random.below(2))
      var parts: [Part] = areas.map { (scope.with("region", $0), scaled(price, 90...160), "") }
      if random.oneIn(3), areas.contains("eu-*") {
        // A literal within the glob.
        for place in parts.indices { parts[place].scope.isLeaf = true }
        parts.append(
          (scope.with("region", "eu-central-1", isLeaf: true), scaled(price, 161...180), ""))
      }
      return parts
    case "input_tokens":
      // Longer prompts cost more, whatever else is asked: so nothing divides these rules further.
      let bound = Market.thresholds[random.below(Market.thresholds.count - 4)]
      let further = Market.thresholds[Market.thresholds.count - 1 - random.below(4)]
      if random.oneIn(2) {
        return [
          (scope.with(way, "{above: \(further)}", isLeaf: true), scaled(price, 210...250), ""),
          (
            scope.with(way, "{above: \(bound), at_most: \(further)}", isLeaf: true),
            scaled(price, 170...200), ""
          ),
        ]
      }
      return [
        (scope.with(way, "{above: \(bound)}", isLeaf: true), scaled(price, 170...200), ""),
        (scope.with(way, "{at_least: \(further)}", isLeaf: true), scaled(price, 210...250), ""),
      ]
    case "batch":
      return [(scope.with("batch", "true"), scaled(price, 50...70), "")]
    default:
      var leaf = scope
      leaf.isLeaf = true
      let first = random.below(12)
      return [first, first + 1 + random.below(12)].map { month in
        (leaf, scaled(price, 90...120), "from: \(Market.date(month))")
      }
    }
  }

  /// Plans and long prompts that cross, of which one overrides the other.
  private mutating func writeCrossing(_ scope: Scope, _ price: Price, _ quota: Int) {
    guard quota > Market.plans.count else { return divide(scope, price, quota) }
    let name = scope.conditions.map(\.matcher).reversed().joined(separator: " ")
    text += "  - name: \(name) by plan\n    table: plan\n    when: \(scope.when)\n    cells:\n"
    for plan in Market.plans.dropFirst() {
      let price = scaled(price, 80...150)
      text +=
        price.isPerToken
        ? "      \(plan): {\(price.words)}\n" : "      \(plan): \(price.amount)\n"
    }
    let long = scaled(price, 200...250)
    text += """
        - name: \(name) with long prompts
          when: \(scope.with("input_tokens", "{above: 200K}").when)
          overrides: \(name) by plan
          \(long.words)

      """
    left -= Market.plans.count
  }

  private mutating func write(_ scope: Scope, _ price: Price, _ dates: String) {
    left -= 1
    var name = ""
    if !dates.isEmpty {
      datedCount += 1
      name = "\(scope.conditions[1].matcher) price \(datedCount)"
    }
    if random.oneIn(3) {
      text += name.isEmpty ? "  - when:\n" : "  - name: \(name)\n    when:\n"
      for condition in scope.conditions {
        text += "      \(condition.attribute): \(condition.matcher)\n"
      }
      if !dates.isEmpty { text += "    \(dates)\n" }
      text += "    \(price.words)\n"
    } else {
      text += "  - {" + (name.isEmpty ? "" : "name: \(name), ")
      text += "when: \(scope.when), " + (dates.isEmpty ? "" : "\(dates), ")
      text += "\(price.words)}\n"
    }
  }
}
