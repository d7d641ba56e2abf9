internal import RatecardJSON
internal import RatecardValues

/// The prices of one model of genai-prices, as the package reads them.
///
/// Of several `prices` the last one whose constraint holds applies, else the first. Of the
/// `price_variants` that the context and their own constraint admit, the first that names a unit sets
/// that unit's price. An amount with tiers is the one of the highest tier whose start is below all
/// input tokens.
struct GenAIModel {
  /// When a price holds.
  private enum Constraint {
    case always
    case since(CivilDate)
    case daily([DaySpan])
  }

  /// An amount that may depend on the length of the input.
  private struct Tiered {
    var base: Number
    var tiers: [(start: Number, price: Number)] = []

    /// The amount for more input tokens than `bound`, and no more than the next bound.
    func amount(above bound: Number?) -> Number {
      guard let bound else { return base }
      return tiers.last { $0.start <= bound }?.price ?? base
    }
  }

  private struct Entry {
    let constraint: Constraint
    let context: [String: String]
    let prices: [String: Tiered]
  }

  private let provider: String
  private let id: String
  private var standard: [Entry] = []
  private var variants: [Entry] = []
  private var notes: [String] = []
  /// Prices that are left out although the model is not, by reason, in a stable order.
  private(set) var skipped: [(SkipReason, Int)] = []

  init(provider: String, id: String) {
    self.provider = provider
    self.id = id
  }

  // MARK: - Reading

  /// Takes in a model's `prices` and `price_variants`.
  mutating func read(_ entry: JSONValue) throws(SkippedModel) {
    switch entry["prices"] {
    case .object(let members)?:
      standard = [Entry(constraint: .always, context: [:], prices: try prices(members))]
    case .array(let items)?:
      for item in items {
        standard.append(
          Entry(
            constraint: try constraint(item["constraint"]), context: [:],
            prices: try prices(of: item)))
      }
    case nil, .null?: break
    default: throw SkippedModel(reason: .notAnAmount, detail: "`prices` is no map")
    }
    let variants = entry["price_variants"] ?? .null
    guard variants == .null || variants.items != nil else {
      throw SkippedModel(reason: .unknownCondition, detail: "`price_variants` is no list")
    }
    for item in variants.items ?? [] {
      var context: [String: String] = [:]
      for member in item["when"]?.members ?? [] {
        guard let text = member.value.string, Self.isAttribute(member.name) else {
          throw SkippedModel(
            reason: .unknownCondition, detail: "a variant asks for `\(member.name)`")
        }
        context[member.name] = text
      }
      guard !context.isEmpty else {
        throw SkippedModel(reason: .unknownCondition, detail: "a variant has no condition")
      }
      self.variants.append(
        Entry(
          constraint: try constraint(item["constraint"]), context: context,
          prices: try prices(of: item)))
    }
  }

  private mutating func prices(of item: JSONValue) throws(SkippedModel) -> [String: Tiered] {
    let value = item["prices"] ?? .null
    guard value == .null || value.members != nil else {
      throw SkippedModel(reason: .notAnAmount, detail: "`prices` is no map")
    }
    return try prices(value.members ?? [])
  }

  /// Whether requests can carry an attribute of this name, which means nothing else in a card.
  private static func isAttribute(_ name: String) -> Bool {
    let taken = [
      "customer", "request_type", "model", "requested_model", "model_class", "plan", "tier",
      "current_tier", "balance", "granted", "balance_percent", "at", "window",
    ]
    guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
      !taken.contains(name), UsageUnit(rawValue: name) == nil
    else { return false }
    return name.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  private func constraint(_ value: JSONValue?) throws(SkippedModel) -> Constraint {
    guard let value, value != .null else { return .always }
    if let date = value["start_date"]?.string, let date = try? CivilDate(parsing: date) {
      return .since(date)
    }
    if let start = value["start_time"]?.string, let end = value["end_time"]?.string,
      let start = Self.minute(start), let end = Self.minute(end)
    {
      // Equal ends hold at no time.
      return .daily(start == end ? [] : DaySpan.spans(from: start, to: end))
    }
    throw SkippedModel(
      reason: .unknownCondition, detail: "it holds under `\(value.text().prefix(80))`")
  }

  /// The minute of a time of day in UTC; nil when it has seconds or another zone.
  private static func minute(_ text: String) -> Int? {
    var clock = Substring(text)
    for zone in ["+00:00", "Z"] where clock.hasSuffix(zone) { clock = clock.dropLast(zone.count) }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count == 2 }),
      let hours = Int(parts[0]), let minutes = Int(parts[1]), (0..<24).contains(hours),
      (0..<60).contains(minutes), parts.count == 2 || parts[2] == "00"
    else { return nil }
    return hours * 60 + minutes
  }

  private mutating func prices(
    _ members: [JSONValue.Member]
  ) throws(SkippedModel) -> [String: Tiered] {
    var prices: [String: Tiered] = [:]
    for member in members where member.value != .null {
      guard GenAIUnit.all[member.name] != nil else {
        let numbers = max(1, member.value.priceCount)
        skipped.append((.unknownPrice, numbers))
        notes.append("left out: `\(member.name)`, a kind of price that the importer does not know")
        continue
      }
      prices[member.name] = try tiered(member.value, of: member.name)
    }
    return prices
  }

  private func tiered(_ value: JSONValue, of key: String) throws(SkippedModel) -> Tiered {
    guard let members = value.members else { return Tiered(base: try value.amount(of: key)) }
    guard let base = value["base"], let tiers = value["tiers"]?.items, members.count == 2 else {
      throw SkippedModel(reason: .notAnAmount, detail: "`\(key)` is no amount")
    }
    var result = Tiered(base: try base.amount(of: key))
    for tier in tiers {
      guard let start = tier["start"], let price = tier["price"], tier.members?.count == 2 else {
        throw SkippedModel(reason: .notAnAmount, detail: "a tier of `\(key)` is no amount")
      }
      result.tiers.append((try start.amount(of: key), try price.amount(of: key)))
    }
    result.tiers.sort { $0.start < $1.start }
    return result
  }

  // MARK: - Prices

  /// The model with its prices; nil when it has none.
  func priced() -> PricedModel? {
    guard (standard + variants).contains(where: { !$0.prices.isEmpty }) else { return nil }
    let bounds = self.bounds
    let windows = self.windows
    let contexts = self.contexts
    var dimensions = contexts
    if !windows.isEmpty {
      dimensions.append(
        Dimension(
          attribute: "window",
          cells: windows.map {
            Dimension.Cell(matcher: .windows([TimeWindow(hours: $0)]))
          }))
    }
    if !bounds.isEmpty {
      dimensions.append(
        Dimension(
          attribute: UsageUnit.inputTokens.rawValue,
          cells: bounds.enumerated().map { index, bound in
            Dimension.Cell(matcher: .above(bound), parent: index)
          }))
    }
    let starts = self.starts
    let grid = PriceGrid(dimensions: dimensions, starts: starts) { situation, period in
      var context: [String: String] = [:]
      for (dimension, coordinate) in zip(contexts, situation) where coordinate > 0 {
        if case .texts(let texts) = dimension.cells[coordinate - 1].matcher {
          context[dimension.attribute] = texts[0]
        }
      }
      var rest = situation.dropFirst(contexts.count)
      let window = windows.isEmpty ? 0 : rest.removeFirst()
      let bound = bounds.isEmpty ? 0 : rest.removeFirst()
      return price(
        date: period == 0 ? nil : starts[period - 1],
        minute: window == 0 ? nil : windows[window - 1][0].start, context: context,
        above: bound == 0 ? nil : bounds[bound - 1])
    }
    return PricedModel(provider: provider, name: "\(provider)/\(id)", notes: notes, grid: grid)
  }

  /// What is charged on a date, at a minute that stands for its window, nil: at any other time.
  private func price(
    date: CivilDate?, minute: Int?, context: [String: String], above bound: Number?
  ) -> Price? {
    func holds(_ constraint: Constraint) -> Bool {
      switch constraint {
      case .always: true
      case .since(let start): date.map { $0 >= start } ?? false
      case .daily(let spans):
        minute.map { minute in spans.contains { $0.start <= minute && minute < $0.end } } ?? false
      }
    }
    var prices = (standard.last { holds($0.constraint) } ?? standard.first)?.prices ?? [:]
    var named: Set<String> = []
    for variant in variants
    where holds(variant.constraint) && variant.context.allSatisfy({ context[$0] == $1 }) {
      for (key, price) in variant.prices where named.insert(key).inserted { prices[key] = price }
    }
    var price = Price()
    for (key, tiered) in prices {
      guard let unit = GenAIUnit.all[key] else { continue }
      let amount = tiered.amount(above: bound)
      if let usage = unit.usage {
        price.rates[usage] = Rate(amount: amount, per: unit.per)
      } else {
        price.flat = amount.scaled(by: -3)
      }
    }
    return price.isEmpty ? nil : billed(price)
  }

  /// Groq bills ten seconds of audio at the least: the package knows that by the models' names.
  private func billed(_ price: Price) -> Price {
    guard provider == "groq", ["whisper-large-v3", "whisper-large-v3-turbo"].contains(id),
      let rate = price.rates[.audioSeconds], rate == price.rates[.inputAudioSeconds]
    else { return price }
    var price = price
    price.rates[.inputAudioSeconds] = nil
    price.rates[.audioSeconds]?.atLeast = 10
    return price
  }

  private var entries: [Entry] { standard + variants }

  private var starts: [CivilDate] {
    let dates = entries.compactMap { entry in
      if case .since(let date) = entry.constraint { date } else { nil }
    }
    return Set(dates).sorted()
  }

  private var bounds: [Number] {
    let starts = entries.flatMap { $0.prices.values.flatMap { $0.tiers.map(\.start) } }
    return Set(starts).sorted()
  }

  /// The stretches of the day in which the same constraints hold, but those in which none does.
  private var windows: [[DaySpan]] {
    let daily = entries.compactMap { entry in
      if case .daily(let spans) = entry.constraint { spans } else { nil }
    }
    let ends = Set(daily.flatMap { $0.flatMap { [$0.start, $0.end] } } + [0, 1440]).sorted()
    var windows: [(holding: [Int], spans: [DaySpan])] = []
    for (start, end) in zip(ends, ends.dropFirst()) {
      let holding = daily.indices.filter { index in
        daily[index].contains { $0.start <= start && start < $0.end }
      }
      guard !holding.isEmpty else { continue }
      let span = DaySpan(start: start, end: end)
      if let index = windows.firstIndex(where: { $0.holding == holding }) {
        windows[index].spans.append(span)
      } else {
        windows.append((holding, [span]))
      }
    }
    return windows.map { DaySpan.joined($0.spans) }
  }

  private var contexts: [Dimension] {
    let attributes = Set(variants.flatMap(\.context.keys)).sorted(by: precedes)
    return attributes.map { attribute in
      let values = Set(variants.compactMap { $0.context[attribute] }).sorted(by: precedes)
      return Dimension(
        attribute: attribute, cells: values.map { Dimension.Cell(matcher: .texts([$0])) })
    }
  }
}
