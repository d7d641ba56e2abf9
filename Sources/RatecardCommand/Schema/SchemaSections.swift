internal import RatecardJSON

/// The sections that hold no rules.
enum SchemaSections {
  static let all: Kit.Members = [
    ("ratecard", Kit.object([("description", "The language's version."), ("const", 1)])),
    ("name", Kit.shared("text", "The card's name.")),
    ("credit", credit), ("attributes", attributes), ("models", models), ("windows", windows),
    ("plans", plans), ("meter", meter),
    ("tests", Kit.list("Questions to the card and the answers that are expected.", of: test)),
    ("guards", Kit.list("Promises about every request.", of: promise)),
    ("accept", Kit.shared("accept")),
  ]

  /// How a grant behaves, for the card and for a plan.
  private static let grant: Kit.Members = [
    (
      "expires_after_days",
      Kit.integer("Days after which granted credits expire.", from: 1)
    ),
    (
      "rollover",
      Kit.map(
        "What happens to unused credits.",
        [
          ("percent", Kit.shared("percent", "The percentage that rolls over.")),
          (
            "for",
            Kit.pattern(
              "^[1-9][0-9]{0,2} (day|week|month|year)s?$",
              "How long credits last once they rolled over: `1 month`.")
          ),
          ("times", Kit.integer("How often a credit rolls over at the most.", from: 1, to: 1000)),
        ],
        required: ["percent"])
    ),
    (
      "overage",
      Kit.map(
        "Use beyond the grant.",
        [
          ("rate", Kit.shared("money", "What a credit of overage costs.")),
          ("limit", Kit.shared("number", "The most credits of overage.")),
          (
            "settle",
            Kit.words(
              "How overage is settled.",
              [
                "invoice_at_billing", "forgive_at_reset", "carry_deficit",
                "carry_deficit_auto_repay",
              ])
          ),
        ])
    ),
  ]

  private static let credit = Kit.map(
    "What a credit is.",
    [
      ("unit", Kit.shared("text", "What customers call a credit: premium request.")),
      (
        "decimals",
        Kit.integer("Decimals of the smallest chargeable part; 0 unless given.", from: 0, to: 10)
      ),
      (
        "rounding",
        Kit.words(
          "How a price is rounded, once; half_up unless given.",
          ["half_up", "half_even", "up", "down"])
      ),
      (
        "worth",
        Kit.shared("money", "What a credit is worth; lets amounts be written in that currency.")
      ),
    ] + grant)

  private static let type = Kit.any(
    "The type: text, flag, count, quantity, number, instant, or a list of the texts it may be.",
    [
      Kit.object([
        ("enum", Kit.texts(["text", "flag", "count", "quantity", "number", "instant"]))
      ]),
      Kit.list("A closed set of texts.", of: Kit.shared("text")),
    ])

  private static let attributes = Kit.names(
    "What a request carries, besides what is built in.",
    to: Kit.any([
      type,
      Kit.map(
        "An attribute with more than its type.",
        [
          ("type", type),
          ("default", Kit.shared("scalar", "Its value in a request that does not carry it.")),
          ("part_of", Kit.shared("text", "The attribute that this one is included in.")),
          ("accept", Kit.shared("accept")),
        ], required: ["type"]),
    ]))

  private static let models = Kit.names(
    "The models that the card knows. With this section a model in a rule must be one of them.",
    to: Kit.map(
      "A model.",
      [
        (
          "aliases",
          Kit.oneOrMore("Other texts that requests may name it by; globs too.", Kit.shared("text"))
        ),
        ("class", Kit.shared("text", "Its class, which rules see as model_class.")),
        ("accept", Kit.shared("accept")),
      ]))

  private static let hours = Kit.pattern(
    "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
    "Half-open hours of the day, such as 09:00-17:30; may wrap midnight.")

  private static let windows = Kit.names(
    "Named stretches of time.",
    to: Kit.map(
      "When the window holds.",
      [
        ("hours", Kit.oneOrMore("Hours of the day; the whole day unless given.", hours)),
        ("zone", Kit.shared("text", "The IANA zone of the hours; UTC unless given.")),
        (
          "days",
          Kit.oneOrMore(
            "The days on which the window starts; every day unless given.",
            Kit.words(
              "A day of the week.", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
        ),
        ("days_zone", Kit.shared("text", "The zone of `days` and `except`; `zone` unless given.")),
        (
          "except",
          Kit.oneOrMore("Dates on which the window does not start.", Kit.shared("date"))
        ),
        ("accept", Kit.shared("accept")),
      ]))

  private static let plans = Kit.names(
    "What customers buy.",
    to: Kit.map(
      "A plan.",
      [
        ("product", Kit.shared("text", "Its product at the billing provider.")),
        ("price", SchemaScalars.planPrice),
        ("credits", Kit.shared("number", "Credits granted in each interval.")),
        ("accept", Kit.shared("accept")),
        (
          "low_balance_percent",
          Kit.shared(
            "percent", "The percentage of the grant below which the balance is reported low.")
        ),
      ] + grant))

  private static let meter = Kit.map(
    "How usage is metered at the billing provider.",
    [
      ("event", Kit.shared("text", "The event's name: ai.request.")),
      ("aggregation", Kit.words("How the provider adds events up.", ["sum"])),
      ("property", Kit.shared("text", "The property that carries the cost: credit_cost.")),
      ("units_per_credit", Kit.shared("number", "The property is credits times this.")),
      (
        "properties",
        Kit.oneOrMore("Attributes copied into the event.", Kit.shared("text"))
      ),
      ("zero_cost", Kit.words("Whether an event that costs 0 is sent.", ["skip", "send"])),
    ], required: ["event"])

  // MARK: Tests and guards

  private static let request = Kit.names("A request's attributes.", to: Kit.shared("scalar"))

  private static let expectedText = Kit.shared("text", "This text; absent or present.")

  private static let test = Kit.map(
    "A question and what must be answered.",
    [
      ("name", Kit.shared("text", "The test's name.")),
      ("request", Kit.names("A request: the whole decision.", to: Kit.shared("scalar"))),
      ("price", Kit.names("A request: the cost alone.", to: Kit.shared("scalar"))),
      (
        "event",
        Kit.names(
          "An event of the billing provider: its type as `on`, the customer, event.NAME.",
          to: Kit.shared("scalar"), rules: [("required", Kit.texts(["on"]))])
      ),
      (
        "expect",
        Kit.map(
          "The parts of the answer that matter.",
          [
            (
              "credits",
              Kit.any(
                "The price in credits.",
                [
                  Kit.shared("number"), Kit.words("Whether there is one.", ["absent", "present"]),
                ])
            ),
            ("rule", expectedText), ("tier", expectedText), ("tier_rule", expectedText),
            ("model", expectedText), ("requested_model", expectedText), ("queue", expectedText),
            ("route", expectedText), ("notify", expectedText),
            (
              "fallbacks",
              Kit.any(
                "The fallbacks, in order.",
                [
                  Kit.shared("text"),
                  Kit.object([("type", "array"), ("items", Kit.shared("text"))]),
                ])
            ),
            (
              "adjustments",
              Kit.any(
                "The names of the adjustments that apply.",
                [
                  Kit.shared("text"),
                  Kit.object([("type", "array"), ("items", Kit.shared("text"))]),
                ])
            ),
            (
              "params",
              Kit.any(
                "The route's params.",
                [
                  Kit.names("Names and scalars.", to: Kit.shared("scalar")),
                  Kit.words("Whether there are any.", ["absent", "present"]),
                ])
            ),
            ("denied", Kit.shared("scalar", "The refusal's text, or true for any.")),
            (
              "error",
              Kit.words("The error's code.", ["invalid_request", "unpriced", "overflow"])
            ),
          ], rules: [("minProperties", 1)])
      ),
    ], required: ["expect"], rules: [Kit.exactlyOne(["request", "price", "event"])])

  private static let promise = Kit.map(
    "A promise about every request that `when` takes.",
    [
      ("name", Kit.shared("text", "The guard's name.")), ("when", Kit.shared("when")),
      (
        "credits",
        Kit.shared("matcher", "What a priced request costs: a number, or bounds.")
      ),
      (
        "never_falls_in",
        Kit.oneOrMore("One unit more of these never costs less.", Kit.shared("text"))
      ),
      ("denied", Kit.object([("description", "Every request is refused."), ("const", true)])),
      ("never_denied", Kit.object([("description", "No request is refused."), ("const", true)])),
      ("priced", Kit.object([("description", "Every request has a price."), ("const", true)])),
      (
        "changes",
        Kit.map(
          "How far prices may move against the previous card.",
          [("at_most", SchemaScalars.multiple), ("at_least", SchemaScalars.multiple)],
          rules: [("minProperties", 1)])
      ),
    ],
    rules: [
      Kit.exactlyOne(["credits", "never_falls_in", "denied", "never_denied", "priced", "changes"])
    ])
}
