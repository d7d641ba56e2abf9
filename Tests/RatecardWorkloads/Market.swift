/// What there is to be priced in a large card: models, plans, regions.
struct Market {
  /// The request types that models are priced for, by table.
  static let requestTypes = ["chat", "composer", "agent", "search", "review"]
  static let plans = ["hobby", "pro", "pro_plus", "ultra", "team", "enterprise"]
  /// Regions as rules name them; no two overlap.
  static let areas = [
    "us-*", "[ca-central-1, sa-east-1]", "af-south-1", "eu-*", "ap-*", "me-central-1",
  ]
  static let regions = [
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-central-1",
    "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
    "ca-central-1", "sa-east-1", "af-south-1", "me-central-1",
  ]
  static let thresholds = [
    "8K", "16K", "32K", "48K", "64K", "96K", "100K", "128K", "160K", "200K", "256K", "400K",
    "512K", "800K", "1M", "2M",
  ]

  let families = [
    "claude", "gpt", "gemini", "llama", "mistral", "grok", "qwen", "nova", "phi", "jamba",
  ]
  private static let series = ["mini", "small", "flash", "medium", "large", "max"]
  private let count: Int

  init(models count: Int) { self.count = count }

  /// The models of a family: of about equally many of each.
  func models(of family: String) -> [String] {
    let place = families.firstIndex(of: family) ?? 0
    return stride(from: place, to: count, by: families.count).map { number in
      let own = number / families.count
      return "\(family)-\(Self.series[own % Self.series.count])-\(own / Self.series.count + 1)"
    }
  }

  /// The first of a month, counted from 2026 on.
  static func date(_ month: Int) -> String {
    let number = month % 12 + 1
    return "\(2026 + month / 12)-\(number < 10 ? "0" : "")\(number)-01"
  }

  /// Everything that stands before the rules.
  ///
  /// `attributes` are further lines among the attributes.
  func header(_ attributes: String) -> String {
    var text = """
      ratecard: 1
      name: large
      credit: {unit: credit, decimals: 6, worth: 0.01 USD}

      attributes:
        request_type: [tab_completion, embedding, \(Self.requestTypes.joined(separator: ", "))]
        region:
          type: [\(Self.regions.joined(separator: ", "))]
          default: us-east-1
        input_tokens: count
        output_tokens: count
        batch: flag
      \(attributes)
      windows:
        peak: {hours: ["08:00-18:00"], days: [mon, tue, wed, thu, fri], zone: America/New_York}

      plans:

      """
    for (place, plan) in Self.plans.enumerated() {
      text += "  \(plan): {product: prod_\(plan), price: \(20 * place) USD per month, "
      text += "credits: \(1000 * (place + 1))}\n"
    }
    text += "\nmodels:\n"
    for family in families {
      for (place, model) in models(of: family).enumerated() {
        let alias = place % 3 == 0 ? "{aliases: [\(model)-2026-01-15]}" : "{}"
        text += "  \(model): \(alias)\n"
      }
    }
    return text
  }

  /// What stands after the costs.
  static let adjustments = """

    adjustments:
      - {name: enterprise markup, when: {plan: enterprise}, multiply: 1.05}
      - {name: peak hours, when: {window: peak, request_type: agent}, multiply: 1.1}
      - {name: europe, when: {region: eu-*}, multiply: 1.02}
      - {name: launch week, group: promotions, from: 2026-03-01, until: 2030-03-08, multiply: 0.9}
      - name: launch week for teams
        group: promotions
        when: {plan: team}
        from: 2026-03-01
        until: 2030-03-08
        multiply: 0.8

    guards:
      - {name: tabs stay free, when: {request_type: tab_completion}, credits: 0}
      - name: agents are never free
        when: {request_type: agent, input_tokens: {at_least: 1}}
        credits: {above: 0}
      - {name: a longer prompt never costs less, never_falls_in: [input_tokens]}

    """
}
