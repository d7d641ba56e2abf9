internal import RatecardModel
internal import RatecardValues

/// The attributes of requests that a card's costs look at, as columns of the query.
struct SQLAttributes {
  let card: Card
  let dialect: SQLDialect
  /// The columns in which attributes come, where they are called otherwise.
  let renamed: [String: String]
  /// Those that matter, ascending.
  let used: [AttributeID]
  private let names: [AttributeID: String]

  /// Decimals of a quantity that are looked at.
  static let quantityDecimals = 6
  /// A count is below this.
  static let countLimit: Int128 = 1_000_000_000_000
  /// A quantity is below this.
  static let quantityLimit: Int128 = 1_000_000_000

  init(_ card: Card, _ dialect: SQLDialect, renamed: [String: String]) {
    self.card = card
    self.dialect = dialect
    self.renamed = renamed
    used = Self.used(card)
    var taken: Set<String> = []
    var names: [AttributeID: String] = [:]
    for attribute in card.attributes {
      var name = String(attribute.name.map { $0 == "-" ? "_" : $0 })
      if !taken.insert(name.lowercased()).inserted { name += "_\(attribute.id.index)" }
      names[attribute.id] = name
    }
    self.names = names
  }

  private static func used(_ card: Card) -> [AttributeID] {
    var used: Set<AttributeID> = []
    func look(_ scope: RuleScope) {
      for condition in scope.alternatives.joined() { used.insert(condition.attribute) }
      let edges = [scope.from, scope.until, scope.begins, scope.ends]
      if edges.contains(where: { $0 != nil }) { used.insert(.at) }
    }
    func look(_ rates: [Rate]) {
      for rate in rates {
        used.insert(rate.attribute)
        if case .graduated(_, let after?) = rate.schedule { used.insert(after) }
      }
    }
    for rule in card.costs {
      look(rule.scope)
      if case .price(let price) = rule.outcome { look(price.rates) }
    }
    for rule in card.adjustments {
      look(rule.scope)
      if case .addRates(let rates) = rule.outcome.action { look(rates) }
    }
    let sources: [AttributeID: [AttributeID]] = [
      .modelClass: [.model], .requestedModel: [.model], .window: [.at],
      .balancePercent: [.balance, .granted], .granted: [.plan],
    ]
    var left = Array(used)
    while let id = left.popLast() {
      // A part and its whole are checked together.
      let parts = card.attributes.filter { $0.partOf == id }.map(\.id)
      for other in (sources[id] ?? []) + parts + [card[id].partOf].compactMap(\.self)
      where used.insert(other).inserted {
        left.append(other)
      }
    }
    return used.sorted()
  }

  // MARK: Columns

  /// The column with the value of an attribute; null: absent.
  func column(_ id: AttributeID) -> String { dialect.name("a_" + (names[id] ?? "")) }

  /// The column that says whether a window holds.
  func window(_ index: Int) -> String { "w_\(index)" }

  /// The column of the attribute in the table.
  private func source(_ id: AttributeID) -> String {
    "given_row." + dialect.name(renamed[card[id].name] ?? card[id].name)
  }

  /// How many decimals the whole numbers have that stand for an attribute's values.
  func decimals(_ id: AttributeID) -> Int {
    card[id].kind == .quantity ? Self.quantityDecimals : 0
  }

  /// The value of a count or quantity as a whole number; 0 where it is absent.
  func quantity(_ id: AttributeID) -> SQLInteger {
    SQLInteger(
      dialect.name("q_" + (names[id] ?? "")),
      most: card[id].kind == .quantity
        ? Self.quantityLimit * 1_000_000 - 1 : Self.countLimit - 1)
  }

  private func isQuantity(_ id: AttributeID) -> Bool {
    card[id].kind == .count || card[id].kind == .quantity
  }

  /// The attributes that come in the table, with what their columns hold.
  var sources: [(column: String, attribute: Attribute)] {
    used.filter { card[$0].origin != .derived }.map {
      (renamed[card[$0].name] ?? card[$0].name, card[$0])
    }
  }

  // MARK: Stages

  /// The attributes as they come, with defaults and aliases.
  func given() throws(SQLRefusal) -> [(column: String, text: String)] {
    var columns: [(String, String)] = []
    for id in used where card[id].origin != .derived {
      columns.append((column(id), try value(id)))
    }
    return columns
  }

  private func value(_ id: AttributeID) throws(SQLRefusal) -> String {
    var text = source(id)
    if id == .model || id == .requestedModel { text = try named(text) }
    if id == .currentTier, case .choice(let tiers) = card[id].kind {
      text = "CASE WHEN \(try among(text, tiers)) THEN \(text) END"
    }
    if let value = card[id].defaultValue { text = "COALESCE(\(text), \(try literal(value)))" }
    if id == .granted, let planned = try grantedByPlan() { text = "COALESCE(\(text), \(planned))" }
    if id == .requestedModel { text = "COALESCE(\(text), \(try value(.model)))" }
    if id == .at { text = "COALESCE(\(text), CURRENT_TIMESTAMP)" }
    return text
  }

  /// What the plan grants; nil: no plan does.
  private func grantedByPlan() throws(SQLRefusal) -> String? {
    var cases: [String] = []
    for plan in card.plans {
      guard let credits = plan.credits else { continue }
      cases.append("WHEN \(try dialect.text(plan.name.string)) THEN \(try literal(credits))")
    }
    return cases.isEmpty ? nil : "CASE \(try value(.plan)) \(cases.joined(separator: " ")) END"
  }

  /// The name of the model that a text means.
  private func named(_ text: String) throws(SQLRefusal) -> String {
    var cases: [String] = []
    let models = card.models.models
    if models.contains(where: { !$0.aliases.isEmpty }) {
      cases.append("WHEN \(try among(text, models.map(\.name))) THEN \(text)")
    }
    var globs: [(glob: Glob, model: ExactText)] = []
    for model in models {
      var literals: [ExactText] = []
      for alias in model.aliases {
        switch alias {
        case .value(.text(let name)): literals.append(name)
        case .glob(let glob): globs.append((glob, model.name))
        case .value: break
        }
      }
      if literals.isEmpty { continue }
      cases.append(
        "WHEN \(try among(text, literals)) THEN \(try dialect.text(model.name.string))")
    }
    for entry in globs.sorted(by: { $0.glob.literalCharacters > $1.glob.literalCharacters }) {
      cases.append(
        "WHEN \(text) LIKE \(try dialect.pattern(entry.glob)) ESCAPE '!'"
          + " THEN \(try dialect.text(entry.model.string))")
    }
    return cases.isEmpty ? text : "CASE \(cases.joined(separator: " ")) ELSE \(text) END"
  }

  func among(_ text: String, _ values: [ExactText]) throws(SQLRefusal) -> String {
    if values.isEmpty { return "FALSE" }
    var literals: [String] = []
    for value in values { literals.append(try dialect.text(value.string)) }
    if literals.count == 1 { return "\(text) = \(literals[0])" }
    return "\(text) IN (\(literals.joined(separator: ", ")))"
  }

  func literal(_ value: Value) throws(SQLRefusal) -> String {
    switch value {
    case .text(let text): try dialect.text(text.string)
    case .flag(let flag): flag ? "TRUE" : "FALSE"
    case .number(let number): try literal(number)
    case .instant(let instant): try dialect.instant(instant)
    }
  }

  func literal(_ number: Number) throws(SQLRefusal) -> String {
    let text = number.description
    guard text.utf8.count(where: { (48...57).contains($0) }) <= 38 else {
      throw SQLRefusal("\(text) has more than 38 digits")
    }
    return text
  }

  /// What follows from them: whole numbers for quantities, and what is derived.
  func derived() throws(SQLRefusal) -> [(column: String, text: String)] {
    var columns: [(String, String)] = []
    for id in used {
      switch id {
      case .modelClass:
        columns.append((column(id), try modelClass()))
      case _ where isQuantity(id):
        columns.append((quantity(id).text, "COALESCE(\(whole(id)), \(dialect.integer(0)))"))
      default: break
      }
    }
    return columns
  }

  private func modelClass() throws(SQLRefusal) -> String {
    var cases: [String] = []
    let classes = Set(card.models.models.compactMap(\.modelClass)).sorted()
    for name in classes {
      let members = card.models.models.filter { $0.modelClass == name }.map(\.name)
      cases.append(
        "WHEN \(try among(column(.model), members)) THEN \(try dialect.text(name.string))")
    }
    return cases.isEmpty
      ? "CAST(NULL AS \(dialect == .spark ? "STRING" : "TEXT"))"
      : "CASE \(cases.joined(separator: " ")) END"
  }

  private func isWithin(_ id: AttributeID) -> String {
    let limit = card[id].kind == .quantity ? Self.quantityLimit : Self.countLimit
    return "\(column(id)) >= 0 AND \(column(id)) < \(limit)"
  }

  private func exact(_ id: AttributeID) -> String {
    let decimals = decimals(id)
    return "CAST(\(column(id)) AS DECIMAL(\(15 + decimals), \(decimals)))"
  }

  private func whole(_ id: AttributeID) -> String {
    let exact = exact(id)
    let number = card[id].kind == .quantity ? "\(exact) * 1000000" : exact
    return "CASE WHEN \(isWithin(id)) THEN CAST(\(number) AS \(dialect.integerType)) END"
  }

  // MARK: Requests that are none

  /// When a row is no request.
  func invalid(needsTier: Bool) throws(SQLRefusal) -> String {
    var problems: [String] = []
    for id in used {
      let attribute = card[id]
      if attribute.origin == .derived || id == .currentTier { continue }
      switch attribute.kind {
      case .choice(let texts): problems.append("NOT (\(try among(column(id), texts)))")
      case .count:
        problems.append("\(column(id)) < 0")
        problems.append(
          "(\(isWithin(id)) AND CASE WHEN \(isWithin(id)) THEN \(exact(id)) END <> \(column(id)))")
      case .quantity: problems.append("\(column(id)) < 0")
      case .instant: problems.append("\(column(id)) < \(try dialect.instant(.earliest))")
      case .text, .flag, .number, .windows: break
      }
    }
    for whole in used {
      let parts = card.attributes.filter { $0.partOf == whole }
      if parts.isEmpty { continue }
      var sum: [String] = []
      for part in parts {
        sum.append(
          quantity(part.id).text + scale(from: decimals(part.id), like: parts + [card[whole]]))
      }
      let room = quantity(whole).text + scale(from: decimals(whole), like: parts + [card[whole]])
      problems.append("\(sum.joined(separator: " + ")) > \(room)")
    }
    if needsTier { problems.append("\(column(.tier)) IS NULL") }
    return problems.isEmpty ? "FALSE" : problems.joined(separator: " OR ")
  }

  private func scale(from decimals: Int, like others: [Attribute]) -> String {
    let most = others.map { self.decimals($0.id) }.max() ?? 0
    return most > decimals ? " * 1000000" : ""
  }

  /// When a row has a number that is too large, or too fine.
  func overflows() -> String {
    var problems: [String] = []
    for id in used where isQuantity(id) {
      problems.append("\(column(id)) IS NOT NULL AND NOT (\(isWithin(id)))")
      if card[id].kind == .quantity {
        problems.append(
          "CASE WHEN \(isWithin(id)) THEN \(exact(id)) END <> \(column(id))")
      }
    }
    return problems.isEmpty ? "FALSE" : problems.joined(separator: " OR ")
  }
}
