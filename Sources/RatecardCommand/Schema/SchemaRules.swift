internal import RatecardJSON

/// The sections that hold rules, and what their rules share.
enum SchemaRules {
  static let sections: Kit.Members = [
    (
      "costs",
      Kit.list("What requests cost. The most specific rule wins; order means nothing.", of: cost)
    ),
    (
      "adjustments",
      Kit.list(
        "Discounts, surcharges and bounds. Every one whose conditions hold applies.", of: adjustment
      )
    ),
    ("tiers", Kit.list("Which tier a customer is in. The most specific rule wins.", of: tier)),
    ("routes", Kit.list("Which model serves a request. The most specific rule wins.", of: route)),
    ("events", Kit.list("What the billing provider's webhooks do to a customer.", of: event)),
  ]

  static let definitions: Kit.Members = [
    ("matcher", matcher), ("conditions", conditions), ("when", when), ("rates", rates),
    ("rateDetails", rateDetails), ("bands", bands), ("cell", cell), ("price", price),
  ]

  // MARK: Conditions

  private static func bound(_ description: String) -> JSONValue {
    Kit.any(
      description,
      [Kit.object([("type", "number")]), Kit.object([("type", "string"), ("minLength", 1)])])
  }

  private static let matcher = Kit.any(
    "What the attribute must be: a value, a glob, a list of them, bounds, not, any, present or "
      + "absent.",
    [
      Kit.shared("scalar"), Kit.list(of: Kit.shared("scalar")),
      Kit.map(
        "Bounds on a number or an instant; two of them make a range.",
        [
          ("above", bound("More than this, or later.")),
          ("at_least", bound("This or more, then or later.")),
          ("below", bound("Less than this, or earlier.")),
          ("at_most", bound("This or less, then or earlier.")),
        ],
        rules: [
          ("minProperties", 1),
          (
            "allOf",
            .array([
              Kit.when("above", excludes: ["at_least"]), Kit.when("below", excludes: ["at_most"]),
            ])
          ),
        ]),
      Kit.map(
        "The exact complement; an absent value satisfies it.",
        [("not", Kit.shared("matcher", "What must not hold."))], required: ["not"]),
    ])

  private static let conditions = Kit.names(
    "Attributes and what each must be; all must hold.", to: Kit.shared("matcher"),
    known: [
      ("customer", Kit.shared("matcher", "The customer's id.")),
      ("request_type", Kit.shared("matcher", "What kind of request it is.")),
      ("model", Kit.shared("matcher", "The model; in costs the one that serves.")),
      ("requested_model", Kit.shared("matcher", "The model asked for.")),
      ("model_class", Kit.shared("matcher", "The model's class in the `models` section.")),
      ("plan", Kit.shared("matcher", "The customer's plan.")),
      ("tier", Kit.shared("matcher", "The tier that the decision found; in routes and costs.")),
      ("current_tier", Kit.shared("matcher", "The tier the customer was last in.")),
      ("balance", Kit.shared("matcher", "Credits left; may be negative.")),
      ("granted", Kit.shared("matcher", "Credits of the current grant.")),
      ("balance_percent", Kit.shared("matcher", "The balance as a percentage of the grant.")),
      ("at", Kit.shared("matcher", "When the request was admitted.")),
      ("window", Kit.shared("matcher", "A named window that holds then.")),
    ])

  private static let when = Kit.any(
    "Which requests: a map of attributes, or a list of such maps of which one must hold.",
    [Kit.shared("conditions"), Kit.list(of: Kit.shared("conditions"))])

  /// What every rule may have.
  private static let head: Kit.Members = [
    ("name", Kit.shared("text", "The rule's name, unique in its section.")),
    ("when", Kit.shared("when")),
    ("from", Kit.shared("instant", "The rule holds from this instant on.")),
    ("until", Kit.shared("instant", "The rule holds until just before this instant.")),
    (
      "overrides",
      Kit.oneOrMore("Rules or tables of this section that it beats.", Kit.shared("text"))
    ),
    (
      "replaces",
      Kit.shared("text", "The rule or table that this one takes the place of, `from` an instant.")
    ),
    ("accept", Kit.shared("accept")),
  ]
  private static let replacing: JSONValue = Kit.object([("replaces", Kit.texts(["from"]))])

  // MARK: Costs

  private static let ownPrice: Kit.Members = [
    ("credits", Kit.shared("amount", "The flat part of the price.")),
    ("rates", Kit.shared("rates")),
    ("minimum", Kit.shared("amount", "The price is at least this.")),
    ("maximum", Kit.shared("amount", "The price is at most this.")),
    ("adjust", Kit.flag("`false`: no adjustment touches the price.")),
    ("deny", Kit.shared("text", "Refuses the request, with this text for the caller.")),
  ]

  private static let price = Kit.map(
    "A whole price, or a refusal.", ownPrice,
    rules: [
      Kit.atLeastOne(["credits", "rates", "deny"]),
      (
        "allOf",
        .array([
          Kit.when("deny", excludes: ["credits", "rates", "minimum", "maximum", "adjust"])
        ])
      ),
    ])

  private static let cost = Kit.map(
    "A price or a refusal, or a table of them.",
    head + ownPrice + [
      (
        "table",
        Kit.oneOrMore("A table: the attributes that its levels are keyed by.", Kit.shared("text"))
      ),
      (
        "cells",
        Kit.names(
          "The table's cells, a level an attribute.", to: Kit.shared("cell"),
          rules: [("minProperties", 1)])
      ),
      (
        "per",
        Kit.any(
          "Makes each amount of the table a rate on this attribute.",
          [
            Kit.shared("text"),
            Kit.names(
              "The attribute and how its quantity is shaped.",
              to: Kit.map("How the quantity is shaped.", quantity),
              rules: [("minProperties", 1), ("maxProperties", 1)]),
          ])
      ),
    ],
    rules: [
      (
        "dependentRequired",
        Kit.object([
          ("replaces", Kit.texts(["from"])), ("table", Kit.texts(["cells"])),
          ("cells", Kit.texts(["table"])), ("per", Kit.texts(["table"])),
        ])
      ),
      (
        "allOf",
        .array([
          Kit.when("table", excludes: ["credits", "rates", "deny"]),
          Kit.when("deny", excludes: ["credits", "rates", "minimum", "maximum", "adjust"]),
        ])
      ),
      Kit.atLeastOne(["credits", "rates", "deny", "table"]),
    ])

  private static let cell = Kit.any(
    "An amount, a whole price, or the next level of the table.",
    [
      Kit.shared("rate"), Kit.shared("price"),
      Kit.names(
        "The next level of the table.", to: Kit.shared("cell"), rules: [("minProperties", 1)]),
    ])

  private static let rates = Kit.names(
    "An amount for each attribute: 3 USD per 1M, or a map with bounds or bands.",
    to: Kit.any([Kit.shared("rate"), Kit.shared("rateDetails")]), rules: [("minProperties", 1)])

  private static let quantity: Kit.Members = [
    ("round", SchemaScalars.rounding),
    ("at_least", Kit.shared("number", "The quantity is at least this, after rounding.")),
    ("at_most", Kit.shared("number", "The quantity is at most this, after rounding.")),
  ]

  private static let rateDetails = Kit.map(
    "A rate with what shapes its quantity, or with bands.",
    [
      ("rate", Kit.shared("rate", "The linear rate.")),
      ("graduated", Kit.shared("bands", "Each part of the quantity at its band's rate.")),
      ("volume", Kit.shared("bands", "The whole quantity at the rate of the band it falls in.")),
      (
        "after",
        Kit.shared("text", "Bands are entered at this attribute's value; with `graduated` only.")
      ),
    ] + quantity,
    rules: [
      Kit.exactlyOne(["rate", "graduated", "volume"]),
      ("dependentRequired", Kit.object([("after", Kit.texts(["graduated"]))])),
    ])

  private static let bands = Kit.list(
    of: Kit.map(
      "A band: up to a bound, or below it; the last may have none.",
      [
        ("up_to", Kit.shared("number", "The band's upper bound, which it holds.")),
        ("below", Kit.shared("number", "The band's upper bound, which it does not hold.")),
        ("rate", Kit.shared("rate", "The band's rate.")),
      ], required: ["rate"],
      rules: [("allOf", .array([Kit.when("up_to", excludes: ["below"])]))]))

  // MARK: Adjustments, tiers, routes, events

  private static let adjustment = Kit.map(
    "An adjustment: exactly one of multiply, add, minimum and maximum.",
    head + [
      ("group", Kit.shared("text", "Of a group's adjustments only the winner applies.")),
      ("multiply", Kit.shared("factor", "Multiplies the price, or with `of` parts of it.")),
      (
        "of",
        Kit.oneOrMore(
          "The parts of a price that `multiply` multiplies: rated attributes, or credits.",
          Kit.shared("text"))
      ),
      (
        "add",
        Kit.any(
          "Adds an amount, or what a map of rates comes to.",
          [
            Kit.shared("amount"), Kit.shared("rates"),
          ])
      ),
      ("minimum", Kit.shared("amount", "The price is at least this.")),
      ("maximum", Kit.shared("amount", "The price is at most this.")),
    ],
    rules: [
      Kit.exactlyOne(["multiply", "add", "minimum", "maximum"]),
      (
        "dependentRequired",
        Kit.object([("of", Kit.texts(["multiply"])), ("replaces", Kit.texts(["from"]))])
      ),
    ])

  private static let tier = Kit.map(
    "A rule for a tier.",
    head + [("tier", Kit.shared("text", "The tier that the customer is in."))],
    required: ["tier"], rules: [("dependentRequired", replacing)])

  private static let event = Kit.map(
    "What an event of the billing provider does.",
    head + [
      ("on", Kit.shared("matcher", "The event's type, such as credit.balance_low.")),
      ("tier", Kit.shared("text", "The tier that becomes the customer's.")),
      ("notify", Kit.shared("text", "A notice for the customer.")),
    ], required: ["on"],
    rules: [("dependentRequired", replacing)])

  private static let route = Kit.map(
    "Where a request goes, or why not.",
    head + [
      ("model", Kit.shared("text", "The model that serves; without it the one asked for.")),
      ("queue", Kit.shared("text", "The queue that the request waits in.")),
      (
        "fallbacks",
        Kit.oneOrMore("The models to try next, in this order.", Kit.shared("text"))
      ),
      (
        "params",
        Kit.names("Scalars that are handed through to the caller.", to: Kit.shared("scalar"))
      ),
      (
        "split",
        Kit.names(
          "Weights of models; the same key always lands on the same one.",
          to: Kit.integer("The model's weight.", from: 0),
          known: [("by", Kit.shared("text", "The attribute whose value decides."))],
          rules: [("required", Kit.texts(["by"])), ("minProperties", 2)])
      ),
      ("deny", Kit.shared("text", "Refuses the request, with this text for the caller.")),
    ],
    rules: [
      ("dependentRequired", replacing),
      (
        "allOf",
        .array([
          Kit.when("deny", excludes: ["model", "queue", "fallbacks", "params", "split"]),
          Kit.when("split", excludes: ["model"]),
        ])
      ),
    ])
}
