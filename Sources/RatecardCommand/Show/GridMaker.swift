internal import Ratecard
internal import RatecardModel
internal import RatecardValues

/// Makes grids of prices by request type and model, by asking the card.
struct GridMaker {
  let card: RateCard
  let at: Instant?

  /// The most cells of a grid; a card with more is shown by its rules alone.
  private static let cellLimit = 50_000

  /// A grid for each tier that the costs tell apart, or one.
  func grids() -> [PriceGrid] {
    let types = axis(.requestType)
    let models = axis(.model)
    guard types.values.count + models.values.count > 2,
      types.values.count * models.values.count <= Self.cellLimit
    else { return [] }
    // The longer axis goes down the page.
    let (rows, columns) =
      models.values.count > types.values.count ? (models, types) : (types, models)
    guard looksAtTier else { return [grid(rows, columns, tier: nil)] }
    return card.model.tierNames.map { grid(rows, columns, tier: $0) }
  }

  private var looksAtTier: Bool {
    let scopes = card.model.costs.map(\.scope) + card.model.adjustments.map(\.scope)
    return scopes.contains { scope in
      scope.alternatives.joined().contains { $0.attribute == .tier }
    }
  }

  private func grid(_ rows: PriceGrid.Axis, _ columns: PriceGrid.Axis, tier: ExactText?)
    -> PriceGrid
  {
    let cells = rows.values.map { row in
      columns.values.map { column in
        var request: [String: RequestValue] = [:]
        if let example = row.example { request[rows.attribute] = .text(example) }
        if let example = column.example { request[columns.attribute] = .text(example) }
        if let tier { request["tier"] = .text(tier.string) }
        return cell(request)
      }
    }
    return PriceGrid(
      caption: tier.map { "tier: \($0)" }, rows: rows, columns: columns, cells: cells)
  }

  private func cell(_ request: [String: RequestValue]) -> PriceGrid.Cell {
    do throws(RequestError) {
      let quote = try card.price(request, at: at)
      switch quote.outcome {
      case .denied: return PriceGrid.Cell(price: "refused", rule: quote.rule, short: "refused")
      case .priced(let credits):
        let rule = card.model.costs.first { ExactText($0.name) == ExactText(quote.rule) }
        if case .price(let price) = rule?.outcome, !price.rates.isEmpty {
          return PriceGrid.Cell(
            price: Wording(card.model).price(price), rule: quote.rule, short: quote.rule)
        }
        return PriceGrid.Cell(
          price: credits.description, rule: quote.rule, short: credits.description)
      }
    } catch {
      let words = error.code == .unpriced ? "no price" : "–"
      return PriceGrid.Cell(price: words, rule: "", short: words)
    }
  }

  // MARK: Axes

  /// The values of an attribute that the costs or the card name, and one for all others.
  private func axis(_ id: AttributeID) -> PriceGrid.Axis {
    let attribute = card.model[id]
    if case .choice(let values) = attribute.kind {
      return PriceGrid.Axis(
        attribute: attribute.name, values: values.map { ($0.string, $0.string) })
    }
    var literals: Set<ExactText> = id == .model ? Set(card.model.models.models.map(\.name)) : []
    var globs: Set<Glob> = []
    for rule in card.model.costs {
      for condition in rule.scope.alternatives.joined() where condition.attribute == id {
        collect(condition.matcher, &literals, &globs)
      }
    }
    var values: [(label: String, example: String?)] = literals.sorted()
      .map { ($0.string, $0.string) }
    for glob in globs.sorted(by: { precedes($0.description, $1.description) }) {
      let example = glob.segments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "0")
      guard !literals.contains(ExactText(example)), !example.isEmpty else { continue }
      values.append((glob.description, example))
    }
    values.append((values.isEmpty ? "any" : "any other", other(than: literals, globs)))
    return PriceGrid.Axis(attribute: attribute.name, values: values)
  }

  private func collect(
    _ matcher: Matcher, _ literals: inout Set<ExactText>, _ globs: inout Set<Glob>
  ) {
    switch matcher {
    case .not(let inner): collect(inner, &literals, &globs)
    case .oneOf(let patterns):
      for pattern in patterns {
        switch pattern {
        case .value(.text(let text)): literals.insert(text)
        case .glob(let glob): globs.insert(glob)
        case .value: break
        }
      }
    case .any, .present, .absent, .range: break
    }
  }

  /// A text that no literal names and no glob takes; nil where none is found, and the attribute is
  /// then left out.
  private func other(than literals: Set<ExactText>, _ globs: Set<Glob>) -> String? {
    let names = (0..<100).lazy.map { "other-\($0)" }
    return names.first { name in
      !literals.contains(ExactText(name)) && !globs.contains { $0.matches(name) }
    }
  }
}

/// Whether a text sorts before another by its bytes.
func precedes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
