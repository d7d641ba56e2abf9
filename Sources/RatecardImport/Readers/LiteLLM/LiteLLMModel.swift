internal import RatecardValues

/// The prices of one entry of LiteLLM, as the library's cost functions read them.
///
/// An amount for a level of service, or above a number of input tokens, stands before the general
/// one; where it is missing the general one holds. Batches have amounts of their own. A whole prompt
/// is charged by its length, and off-peak amounts replace whatever else would hold.
struct LiteLLMModel {
  /// A situation in the terms of the list.
  private struct Situation {
    var isBatch = false
    var level: String?
    var size: String?
    /// Which of `bounds` the input exceeds; 0: none.
    var bound = 0
    var isOffPeak = false
    var hasCharacters = false
    var hasNoTokens = false
  }

  private let entry: LiteLLMEntry
  /// The units that an entry of this mode charges for by seconds.
  private let seconds: [String: UsageUnit]
  private let bounds: [Number]
  private let levels: [(name: String, texts: [String])]
  private let sizes: [String]
  private let hasBatches: Bool
  /// What is charged instead of tokens, when a request has none.
  private let alternatives: Set<UsageUnit>
  private let billsCharacters: Bool

  init(_ entry: LiteLLMEntry) {
    self.entry = entry
    seconds = Self.seconds(of: entry)
    let keys = entry.amounts.keys.compactMap(LiteLLMKey.init)
    bounds =
      entry.tiers.isEmpty
      ? Set(keys.compactMap(\.bound)).sorted() : entry.tiers.dropFirst().map(\.above)
    levels = LiteLLMKey.levels.filter { level in keys.contains { $0.suffix == level.0 } }
      .map { (name: $0.0, texts: $0.1) }
    hasBatches = keys.contains { $0.suffix == "batches" }
    sizes = Set(entry.sized.map(\.size)).sorted(by: precedes)
    let pricesTokens =
      entry.tiers.contains { !$0.amounts.isEmpty }
      || entry.amounts.contains { key, amount in
        key.contains("_cost_per_token") && !amount.isZero
      }
    let units = Set(
      entry.amounts.keys.compactMap { key in
        Self.unit(of: LiteLLMKey(key)?.kind ?? "", in: entry, seconds: Self.seconds(of: entry))
      })
    alternatives =
      pricesTokens
      ? units.intersection([.outputImages, .audioSeconds, .responseSeconds]) : []
    billsCharacters = pricesTokens && units.contains(.inputCharacters)
  }

  /// What the entry's keys about seconds are for, by what the model does.
  private static func seconds(of entry: LiteLLMEntry) -> [String: UsageUnit] {
    let keys = ["cost_per_second", "input_cost_per_second", "output_cost_per_second"]
    let unit: UsageUnit
    var order = keys
    switch entry.mode {
    case "video_generation":
      unit = .outputVideoSeconds
      order = ["output_cost_per_second"]
    case "audio_transcription":
      unit = .audioSeconds
      order = ["output_cost_per_second", "input_cost_per_second"]
    case "audio_speech", "realtime": unit = .audioSeconds
    default: unit = .responseSeconds
    }
    // One of them is charged: the first, where it is not nothing.
    let priced = order.filter { entry.amounts[$0] != nil }
    guard let first = priced.first(where: { entry.amounts[$0]?.isZero == false }) ?? priced.first
    else { return [:] }
    return [first: unit]
  }

  /// The unit that a kind of amount is for in an entry; nil: none.
  private static func unit(
    of kind: String, in entry: LiteLLMEntry, seconds: [String: UsageUnit]
  ) -> UsageUnit? {
    if kind.hasSuffix("cost_per_second") { return seconds[kind] }
    switch (kind, entry.mode) {
    case ("input_cost_per_query", "rerank"): return .rerankSearches
    case ("input_cost_per_image", "image_generation")
    where entry.amounts["output_cost_per_image"] == nil:
      return .outputImages
    case ("input_cost_per_pixel", _), ("output_cost_per_pixel", _):
      // An image's own price stands before the price of its pixels.
      let images = ["input_cost_per_image", "output_cost_per_image"]
      if images.contains(where: { entry.amounts[$0] != nil }) { return nil }
    default: break
    }
    return LiteLLMKey.kinds[kind]?.unit
  }

  /// The amounts that are charged in no situation, since another one stands before them: those with
  /// which no price changes.
  func unchargedAmounts(_ grid: PriceGrid) -> [String] {
    entry.places.filter { LiteLLMModel(entry.changing($0.place)).grid() == grid }.map(\.title)
  }

  // MARK: - The grid

  /// The prices in every situation.
  func grid() -> PriceGrid {
    var dimensions: [Dimension] = []
    var read: [(inout Situation, Int) -> Void] = []
    func add(
      _ attribute: String, _ cells: [Dimension.Cell],
      _ set: @escaping (inout Situation, Int) -> Void
    ) {
      guard !cells.isEmpty else { return }
      dimensions.append(Dimension(attribute: attribute, cells: cells))
      read.append(set)
    }
    add("processing", hasBatches ? [Dimension.Cell(matcher: .texts(["batch"]))] : []) {
      $0.isBatch = $1 > 0
    }
    add("service_tier", levels.map { Dimension.Cell(matcher: .texts($0.texts)) }) {
      $0.level = $1 > 0 ? levels[$1 - 1].name : nil
    }
    let sizeAttribute =
      entry.sized.contains { $0.key == "output_cost_per_image" } ? "image_size" : "resolution"
    add(sizeAttribute, sizes.map { Dimension.Cell(matcher: .texts([$0])) }) {
      $0.size = $1 > 0 ? sizes[$1 - 1] : nil
    }
    let windows = entry.offPeakWindows
    add("window", windows.isEmpty ? [] : [Dimension.Cell(matcher: .windows(windows))]) {
      $0.isOffPeak = $1 > 0
    }
    add(
      UsageUnit.inputCharacters.rawValue,
      billsCharacters ? [Dimension.Cell(matcher: .present)] : []
    ) { $0.hasCharacters = $1 > 0 }
    addBounds(add)
    return PriceGrid(dimensions: dimensions) { coordinates, _ in
      var situation = Situation()
      for (set, coordinate) in zip(read, coordinates) { set(&situation, coordinate) }
      return price(situation)
    }
  }

  /// Adds what is asked of the input tokens: that there are none, or more than a bound.
  private func addBounds(
    _ add: (String, [Dimension.Cell], @escaping (inout Situation, Int) -> Void) -> Void
  ) {
    let absent = alternatives.isEmpty ? 0 : 1
    var cells = absent == 1 ? [Dimension.Cell(matcher: .absent)] : []
    for (index, bound) in bounds.enumerated() {
      let matcher: Matcher =
        entry.provider == "xai" && entry.tiers.isEmpty
        ? .atLeast(bound) : .above(bound)
      cells.append(Dimension.Cell(matcher: matcher, parent: index == 0 ? 0 : index + absent))
    }
    add(entry.tierAttribute, cells) {
      $0.hasNoTokens = absent == 1 && $1 == 1
      $0.bound = max(0, $1 - absent)
    }
  }

  private func price(_ situation: Situation) -> Price? {
    var price = Price()
    for (key, amount) in entry.amounts {
      guard let parts = LiteLLMKey(key), parts.bound == nil, parts.suffix == nil else { continue }
      if parts.kind == "input_cost_per_request" {
        price.flat = amount
        continue
      }
      guard let unit = Self.unit(of: parts.kind, in: entry, seconds: seconds), !unit.isToken else {
        continue
      }
      set(unit, parts.kind, amount, in: &price)
    }
    for sized in entry.sized where sized.size == situation.size {
      let unit: UsageUnit =
        sized.key == "output_cost_per_image" ? .outputImages : .outputVideoSeconds
      price.rates[unit] = Rate(amount: sized.amount)
    }
    addSearches(to: &price)
    for kind in ["ocr_cost_per_page", "annotation_cost_per_page"] where situation.isBatch {
      guard let amount = entry.amounts[kind + "_batches"] ?? entry.amounts[kind],
        let unit = LiteLLMKey.kinds[kind]?.unit
      else { continue }
      set(unit, kind, amount, in: &price)
    }
    if situation.hasNoTokens { return price.isEmpty ? nil : price }
    for unit in alternatives { price.rates[unit] = nil }
    let hasBatchTokens = entry.amounts["input_cost_per_token_batches"] != nil
    let tokens =
      situation.isBatch && hasBatchTokens
      ? batchAmounts(above: situation.bound) : amounts(situation)
    for (kind, amount) in tokens {
      guard let unit = LiteLLMKey.kinds[kind]?.unit else { continue }
      set(unit, kind, amount, in: &price)
    }
    if billsCharacters {
      let other: (UsageUnit) -> Bool = { $0 == .inputTokens || $0.whole == .inputTokens }
      price.rates = price.rates.filter {
        situation.hasCharacters ? !other($0.key) : $0.key != .inputCharacters
      }
    }
    return price.isEmpty ? nil : price
  }

  private func set(_ unit: UsageUnit, _ kind: String, _ amount: Number, in price: inout Price) {
    let power = LiteLLMKey.kinds[kind]?.power ?? 0
    var per = 1
    for _ in 0..<power { per *= 10 }
    guard let scaled = amount.scaled(by: power) else { return }
    price.rates[unit] = Rate(amount: scaled, per: per)
  }

  private func addSearches(to price: inout Price) {
    if let maps = price.rates[.mapSearches], entry.chargesSearchesOnce {
      price.rates[.mapSearches] = Rate(amount: maps.amount, per: maps.per, atMost: 1)
    }
    guard let usual = entry.searches["medium"] ?? entry.searches["low"] ?? entry.searches["high"],
      let amount = usual.scaled(by: 3)
    else { return }
    price.rates[.webSearches] = Rate(
      amount: amount, per: 1000, atMost: entry.chargesSearchesOnce ? 1 : nil)
    for (size, unit) in [("low", UsageUnit.webSearchesLow), ("high", .webSearchesHigh)] {
      guard let other = entry.searches[size], other != usual, let amount = other.scaled(by: 3)
      else { continue }
      price.rates[unit] = Rate(amount: amount, per: 1000)
    }
  }

  // MARK: - Tokens

  private typealias Amounts = [String: Number]

  /// The kinds whose amounts depend on the length of the input.
  private static let bounded = [
    "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost",
    "cache_creation_input_token_cost", "cache_creation_input_token_cost_above_1hr",
  ]
  /// The kinds that have one amount for every length.
  private static let unbounded = [
    "cache_read_input_audio_token_cost", "cache_read_input_image_token_cost",
    "cache_creation_input_audio_token_cost", "input_cost_per_audio_token",
    "input_cost_per_image_token", "input_cost_per_video_token", "output_cost_per_audio_token",
    "output_cost_per_image_token", "output_cost_per_video_token", "citation_cost_per_token",
  ]

  private func amounts(_ situation: Situation) -> Amounts {
    var amounts =
      entry.tiers.isEmpty
      ? untieredAmounts(situation) : tierAmounts(situation.bound)
    if situation.isOffPeak {
      for (key, amount) in entry.offPeak { amounts[key] = amount }
    }
    return amounts
  }

  private func untieredAmounts(_ situation: Situation) -> Amounts {
    var amounts: Amounts = [:]
    func find(_ key: String) -> Number? {
      situation.level.flatMap { entry.amounts["\(key)_\($0)"] } ?? entry.amounts[key]
    }
    for kind in Self.bounded {
      amounts[kind] = find(kind)
      for bound in bounds.prefix(situation.bound) {
        guard applies(bound, to: situation.level) else { continue }
        for spelling in Self.spellings(of: bound) {
          if let amount = find("\(kind)_above_\(spelling)_tokens") { amounts[kind] = amount }
        }
      }
    }
    for kind in Self.unbounded { amounts[kind] = find(kind) }
    // All output of a model that makes images is images, where text has no price.
    if amounts["output_cost_per_token"] == nil {
      amounts["output_cost_per_token"] = amounts["output_cost_per_image_token"]
    }
    let reasoning = "output_cost_per_reasoning_token"
    if let level = situation.level, entry.amounts["\(reasoning)_\(level)"] == nil,
      entry.amounts["output_cost_per_token_\(level)"] != nil
    {
      amounts[reasoning] = nil
    } else {
      amounts[reasoning] = find(reasoning)
    }
    return amounts
  }

  /// Whether the amounts above a bound hold for a level of service: some key says so.
  private func applies(_ bound: Number, to level: String?) -> Bool {
    entry.amounts.keys.contains { key in
      guard let parts = LiteLLMKey(key), parts.bound == bound else { return false }
      return parts.suffix == nil || parts.suffix == level
    }
  }

  private static func spellings(of bound: Number) -> [String] {
    [bound.scaled(by: -3)?.description, Optional(bound.description)].enumerated().compactMap {
      index, text in text.map { index == 0 ? $0 + "k" : $0 }
    }
  }

  private func tierAmounts(_ bound: Int) -> Amounts {
    var amounts = entry.tiers[min(bound, entry.tiers.count - 1)].amounts
    let reasoning = "output_cost_per_reasoning_token"
    if amounts["output_cost_per_token"] == nil {
      amounts["output_cost_per_token"] = entry.amounts["output_cost_per_token"]
      amounts[reasoning] = amounts[reasoning] ?? entry.amounts[reasoning]
    }
    return amounts
  }

  /// Batches: amounts of their own, and half the output's where the list has none for it.
  private func batchAmounts(above bound: Int) -> Amounts {
    var amounts: Amounts = [:]
    for kind in Self.bounded.dropLast() {
      amounts[kind] = entry.amounts[kind + "_batches"]
      for bound in bounds.prefix(bound) {
        for spelling in Self.spellings(of: bound) {
          if let amount = entry.amounts["\(kind)_above_\(spelling)_tokens_batches"] {
            amounts[kind] = amount
          }
        }
      }
    }
    for kind in [
      "input_cost_per_audio_token", "input_cost_per_image_token", "input_cost_per_video_token",
    ] {
      amounts[kind] = entry.amounts[kind + "_batches"]
    }
    for kind in ["output_cost_per_token", "output_cost_per_image_token"] {
      amounts[kind] =
        amounts[kind] ?? entry.amounts[kind + "_batches"]
        ?? entry.amounts[kind]?.halved
    }
    return amounts
  }
}
