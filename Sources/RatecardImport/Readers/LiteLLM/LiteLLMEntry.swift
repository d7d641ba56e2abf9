internal import RatecardJSON
internal import RatecardValues

/// The amounts of one entry of LiteLLM, by key, exactly as they stand there.
struct LiteLLMEntry {
  /// Rates for some number of input tokens: an item of `tiered_pricing`.
  struct Tier {
    /// The input tokens, or results asked for, above which it holds.
    let above: Number
    /// Its amounts by key.
    var amounts: [String: Number]
  }

  /// What the model does.
  let mode: String
  /// Who sells it.
  let provider: String
  /// The amounts by key.
  var amounts: [String: Number] = [:]
  /// Amounts for a size of what is made, by key and size.
  var sized: [(key: String, size: String, amount: Number)] = []
  /// The items of `tiered_pricing`, the lowest first.
  var tiers: [Tier] = []
  /// The attribute that `tiered_pricing` asks about.
  private(set) var tierAttribute = UsageUnit.inputTokens.rawValue
  /// The amounts of `off_peak_pricing` by key.
  var offPeak: [String: Number] = [:]
  /// When they hold.
  private(set) var offPeakWindows: [TimeWindow] = []
  /// A web search's amount by size of context.
  var searches: [String: Number] = [:]
  /// Whether searches are charged once a request, however many there are.
  let chargesSearchesOnce: Bool
  /// What could not be taken, with why.
  private(set) var skipped: [(SkipReason, Int)] = []
  /// The same in words.
  private(set) var notes: [String] = []

  /// Reads an entry.
  init(_ members: [JSONValue.Member]) throws(SkippedModel) {
    let fields = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    mode = fields["mode"]?.string ?? ""
    provider = fields["litellm_provider"]?.string ?? ""
    let isGoogle = provider == "gemini" || provider.hasPrefix("vertex_ai-language")
    chargesSearchesOnce = isGoogle && fields["web_search_billing_unit"]?.string != "per_query"
    for member in members where Self.isPrice(member.name) && member.value != .null {
      try take(member)
    }
    assumeHalfForReads()
  }

  /// What Fireworks reads from its cache costs half the input where the list has no amount for it: the
  /// library knows that.
  private mutating func assumeHalfForReads() {
    let key = "cache_read_input_token_cost"
    guard provider == "fireworks_ai", amounts[key] == nil,
      let input = amounts["input_cost_per_token"], !input.isZero
    else { return }
    amounts[key] = input.halved
    notes.append(
      "cached input is half price, as LiteLLM's program has it; the list does not say so")
  }

  /// Whether a key of an entry is about an amount.
  static func isPrice(_ key: String) -> Bool {
    key.contains("cost_per_") || key.contains("token_cost") || key.hasSuffix("_pricing")
      || key.hasSuffix("uplift_multiplier") || key.contains("uplift_multiplier_")
  }

  private mutating func take(_ member: JSONValue.Member) throws(SkippedModel) {
    let key = member.name
    switch key {
    case "tiered_pricing": try takeTiers(member.value)
    case "off_peak_pricing": try takeOffPeak(member.value)
    case "search_context_cost_per_query": try takeSearches(member)
    case _ where key.contains("_dbu_cost_"): leaveOut(key, 1, .otherCurrency)
    case "input_cost_per_token_cache_hit", "explicit_cache_read_input_token_cost":
      leaveOut(key, 1, .neverCharged)
    case _ where key.contains("uplift_multiplier"): leaveOut(key, 1, .unknownCondition)
    case _ where key.contains("_interval"): leaveOut(key, 1, .unknownCondition)
    case _ where LiteLLMKey(key) != nil: amounts[key] = try member.value.amount(of: key)
    case _ where key.hasPrefix("output_cost_per_second_"):
      try takeSized(key, "output_cost_per_second", member.value)
    case _ where key.hasPrefix("output_cost_per_image_"):
      try takeSized(key, "output_cost_per_image", member.value)
    default: leaveOut(key, max(1, member.value.priceCount), .unknownPrice)
    }
  }

  private mutating func takeSearches(_ member: JSONValue.Member) throws(SkippedModel) {
    guard let sizes = member.value.members else {
      return leaveOut(member.name, max(1, member.value.priceCount), .unknownPrice)
    }
    for size in sizes where size.value != .null {
      let name = String(size.name.dropFirst("search_context_size_".count))
      guard size.name == "search_context_size_\(name)", ["low", "medium", "high"].contains(name)
      else {
        leaveOut(size.name, size.value.priceCount, .unknownPrice)
        continue
      }
      searches[name] = try size.value.amount(of: size.name)
    }
  }

  private mutating func takeSized(
    _ key: String, _ kind: String, _ value: JSONValue
  ) throws(SkippedModel) {
    sized.append((kind, String(key.dropFirst(kind.count + 1)), try value.amount(of: key)))
  }

  mutating func leaveOut(_ key: String, _ count: Int, _ reason: SkipReason) {
    skipped.append((reason, count))
    notes.append("left out: `\(key)`, \(reason.meaning)")
  }

  // MARK: - Tiers

  private mutating func takeTiers(_ value: JSONValue) throws(SkippedModel) {
    guard let items = value.items else {
      throw SkippedModel(reason: .unknownCondition, detail: "`tiered_pricing` is no list of tiers")
    }
    for item in items {
      var amounts: [String: Number] = [:]
      var above: Number?
      for member in item.members ?? [] where member.value != .null {
        switch member.name {
        case "range":
          above = try member.value.items?.first?.amount(of: "range")
        case "max_results_range":
          tierAttribute = "max_results"
          // Ranges of whole numbers: [26, 100] is more than 25.
          let first = try member.value.items?.first?.amount(of: "max_results_range")
          above = first.flatMap { $0.isZero ? $0 : $0.plusOne(-1) }
        default:
          guard LiteLLMKey(member.name) != nil else {
            leaveOut("tiered_pricing.\(member.name)", member.value.priceCount, .unknownPrice)
            continue
          }
          amounts[member.name] = try member.value.amount(of: member.name)
        }
      }
      guard let above else {
        throw SkippedModel(reason: .unknownCondition, detail: "a tier has no `range`")
      }
      tiers.append(Tier(above: above, amounts: amounts))
    }
    tiers.sort { $0.above < $1.above }
  }

  // MARK: - Off-peak hours

  private mutating func takeOffPeak(_ value: JSONValue) throws(SkippedModel) {
    guard let members = value.members else {
      return leaveOut("off_peak_pricing", max(1, value.priceCount), .unknownCondition)
    }
    for member in members where member.value != .null {
      switch member.name {
      case "weekday_timezone", "windows", "hours_utc": break
      default:
        guard LiteLLMKey(member.name) != nil else {
          leaveOut("off_peak_pricing.\(member.name)", member.value.priceCount, .unknownPrice)
          continue
        }
        offPeak[member.name] = try member.value.amount(of: member.name)
      }
    }
    let zone = value["weekday_timezone"]?.string ?? "UTC"
    if let hours = value["hours_utc"] { try takeWindow(hours, days: nil, zone: zone) }
    for window in value["windows"]?.items ?? [] {
      try takeWindow(window["hours_utc"] ?? .null, days: window["weekdays"], zone: zone)
    }
    if offPeakWindows.isEmpty, !offPeak.isEmpty {
      leaveOut("off_peak_pricing", offPeak.count, .unknownCondition)
      offPeak = [:]
    }
  }

  /// Zones whose clocks never change, by the minutes that they are ahead of UTC.
  private static let steadyZones = [
    "UTC": 0, "Etc/UTC": 0, "Asia/Shanghai": 480, "Asia/Singapore": 480, "Asia/Hong_Kong": 480,
    "Asia/Taipei": 480, "Asia/Tokyo": 540, "Asia/Seoul": 540, "Asia/Kolkata": 330,
  ]

  private mutating func takeWindow(
    _ hours: JSONValue, days: JSONValue?, zone: String
  ) throws(SkippedModel) {
    let texts = hours.items?.compactMap(\.string) ?? [hours.string].compactMap(\.self)
    var spans: [DaySpan] = []
    for text in texts {
      guard let span = Self.spans(text) else {
        throw SkippedModel(reason: .unknownCondition, detail: "`\(text)` are no hours")
      }
      spans += span
    }
    guard !spans.isEmpty else { return }
    guard let days, days != .null else {
      offPeakWindows.append(TimeWindow(hours: DaySpan.joined(spans), title: "off-peak"))
      return
    }
    let weekdays = days.items?.compactMap(Self.weekday) ?? []
    guard let ahead = Self.steadyZones[zone], !weekdays.isEmpty else {
      throw SkippedModel(
        reason: .unknownCondition, detail: "its hours are of days in `\(zone)`")
    }
    // A card's window belongs to the day it starts on, LiteLLM's to the day of each instant: they are
    // the same where a window ends when the zone's day does.
    let midnight = (1440 - ahead) % 1440
    let cut = DaySpan.joined(spans).flatMap { span in
      span.start < midnight && midnight < span.end
        ? [
          DaySpan(start: span.start, end: midnight), DaySpan(start: midnight, end: span.end),
        ] : [span]
    }
    let isWholeDay = cut == [DaySpan(start: 0, end: 1440)]
    offPeakWindows.append(
      TimeWindow(
        hours: isWholeDay ? [] : cut,
        days: Array(Set(weekdays)).sorted { $0.rawValue < $1.rawValue },
        daysZone: ahead == 0 ? nil : zone, title: "off-peak"))
  }

  private static func spans(_ text: String) -> [DaySpan]? {
    let ends = text.split(separator: "-").map { end -> Int? in
      let parts = end.split(separator: ":").map { Int($0.filter { $0 != " " }) }
      guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0..<24).contains(hour),
        (0..<60).contains(minute)
      else { return nil }
      return hour * 60 + minute
    }
    guard ends.count == 2, let start = ends[0], let end = ends[1] else { return nil }
    return start == end ? [DaySpan(start: 0, end: 1440)] : DaySpan.spans(from: start, to: end)
  }

  private static func weekday(_ value: JSONValue) -> Weekday? {
    switch value {
    case .number(let text): Int(text).flatMap { Weekday(rawValue: $0 - 1) }
    case .string(let text): Weekday(yaml: String(text.lowercased().prefix(3)))
    default: nil
    }
  }
}

extension Number {
  /// The number and one integer more; nil where that does not fit.
  func plusOne(_ integer: Int) -> Number? { try? self + Number(integer) }
}
