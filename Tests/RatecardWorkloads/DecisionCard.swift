import RatecardTestSupport

/// A card that decides as well as it prices: tiers and routes beside a large card's costs, with two
/// adjustments, and requests to ask it.
///
/// A request carries five texts (request type, model, plan, region, client) and two numbers (input
/// tokens and balance).
public struct DecisionCard: Sendable {
  /// What a request of the workload carries.
  public struct Request: Sendable {
    /// By the names in `DecisionCard.texts`.
    public let texts: [String]
    /// By the names in `DecisionCard.numbers`.
    public let numbers: [Int]

    /// Makes a request.
    public init(texts: [String], numbers: [Int]) {
      (self.texts, self.numbers) = (texts, numbers)
    }
  }

  /// The attributes that a request gives texts.
  public static let texts = ["request_type", "model", "plan", "region", "client"]
  /// The attributes that a request gives integers.
  public static let numbers = ["input_tokens", "balance"]

  /// The card, as one file.
  public let text: String
  private let models: [String]
  private let regions: [String]

  /// A card of `rules` cost rules; fewer than a hundred make ten.
  public init(rules: Int, seed: UInt64 = 1) {
    if rules < 100 {
      text = Self.small
      models = ["gpt-4o", "gpt-4o-mini", "claude-sonnet", "o1"]
      regions = ["us-east-1", "eu-west-1", "eu-central-1", "ap-south-1"]
      return
    }
    let large = LargeCard(rules: rules, seed: seed, attributes: "  client: text\n")
    text = large.prices + Self.decisions
    let market = Market(models: max(12, rules / 100))
    models = market.families.flatMap { market.models(of: $0) }
    regions = Market.regions
  }

  /// So many random requests, some for models that the card does not name; equal seeds make equal
  /// ones.
  public func requests(_ count: Int, seed: UInt64) -> [Request] {
    var random = SplitMix(seed: seed)
    let clients = ["web", "ide", "cli", "ios", "android", "partner-acme", "partner-initech", "bot"]
    return (0..<count).map { _ in
      let model = models[random.below(models.count)]
      return Request(
        texts: [
          Market.requestTypes[random.below(Market.requestTypes.count)],
          model, Market.plans[random.below(Market.plans.count)],
          regions[random.below(regions.count)], clients[random.below(clients.count)],
        ],
        numbers: [1 << random.below(21) + random.below(1_000), random.below(6_000) - 200])
    }
  }

  private static let decisions = """

    tiers:
      - {tier: standard}
      - {name: out of credits, tier: slow, when: {balance: {at_most: 0}}}
      - {name: large plans, tier: fast, when: {plan: [ultra, team, enterprise], balance: {above: 0}}}

    routes:
      - {name: by default, queue: standard}
      - {name: slow, when: {tier: slow}, queue: batch}
      - {name: fast, when: {tier: fast}, queue: priority}
      - {name: fast bots, when: {tier: fast, client: bot}, queue: standard}
      - {name: fast partners, when: {tier: fast, client: partner-*}, queue: partners}
      - {name: fast in Europe, when: {tier: fast, region: eu-*, client: [web, ide]}, queue: priority-eu}

    adjustments:
      - {name: enterprise markup, when: {plan: enterprise}, multiply: 1.05}
      - {name: partners, when: {client: partner-*}, multiply: 0.9}

    """

  private static let small = """
    ratecard: 1
    name: small
    credit: {unit: credit, decimals: 6}

    attributes:
      request_type: [chat, composer, agent, search, review]
      region: text
      client: text
      input_tokens: count

    models:
      gpt-4o: {}
      gpt-4o-mini: {}
      claude-sonnet: {}
      o1: {}

    plans:
      hobby: {}
      pro: {}
      pro_plus: {}
      ultra: {}
      team: {}
      enterprise: {}

    costs:
      - {name: everything else, credits: 2}
      - {name: gpt, when: {model: gpt-4o*}, credits: 1}
      - {name: gpt in summer, when: {model: gpt-4o*}, from: 2030-06-01, credits: 0.5}
      - {name: agents, when: {request_type: agent, model: [claude-sonnet, o1]}, credits: 10}
      - name: long agents
        when: {request_type: agent, model: [claude-sonnet, o1], input_tokens: {above: 200K}}
        credits: 25
      - name: agents in Europe
        when: {request_type: agent, model: [claude-sonnet, o1], input_tokens: {at_most: 200K}, region: eu-*}
        credits: 12.5

    tiers:
      - {tier: standard}
      - {name: out of credits, tier: slow, when: {balance: {at_most: 0}}}

    routes:
      - {name: by default, queue: standard}
      - {name: slow, when: {tier: slow}, queue: batch}

    adjustments:
      - {name: enterprise markup, when: {plan: enterprise}, multiply: 1.05}
      - {name: partners, when: {client: partner-*}, multiply: 0.9}

    """
}
