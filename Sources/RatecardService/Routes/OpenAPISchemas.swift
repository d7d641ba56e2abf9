internal import RatecardJSON

/// The shapes of what the service takes and answers.
enum OpenAPISchemas {
  /// All of them, by name.
  static var all: JSONValue {
    .object((requests + answers).map { JSONValue.Member($0.name, $0.schema) })
  }

  private typealias Named = (name: String, schema: JSONValue)

  private static var requests: [Named] {
    [
      ("Value", ["type": ["string", "number", "boolean", "null"]]),
      (
        "Request",
        [
          "type": "object",
          "description": "Attributes of the rate card, each with its value; numbers may be texts.",
          "additionalProperties": reference("Value"),
          "properties": [
            "customer": optionalText("Who asks."), "at": optionalText("When, in ISO 8601."),
          ],
        ]
      ),
      (
        "UsageReport",
        [
          "type": "object", "required": ["id", "customer"],
          "description": "What was used: the names below, and attributes of the rate card.",
          "additionalProperties": reference("Value"),
          "properties": [
            "id": name("The idempotency key."), "customer": name("Who used it."),
            "decision": optionalText("The decision that admitted it."),
            "version": optionalText("The card's version that prices it."),
            "at": optionalText("When it was admitted, in ISO 8601."),
          ],
        ]
      ),
      (
        "UsageReports",
        [
          "oneOf": [
            reference("UsageReport"),
            [
              "type": "array", "items": reference("UsageReport"), "minItems": 1,
              "maxItems": 10_000,
            ],
          ]
        ]
      ),
      (
        "ReservationRequest",
        [
          "type": "object", "required": ["id", "customer"],
          "description": "What is to be decided: the names below, and attributes of the rate card.",
          "additionalProperties": reference("Value"),
          "properties": [
            "id": name("The idempotency key, of the usage that follows too."),
            "customer": name("Who asks."),
            "expires_in": [
              "type": ["integer", "null"], "minimum": 1,
              "maximum": .number(String(ReservationRequest.longestSeconds)),
              "description": "After how many seconds it lets go by itself; 600 unless given.",
            ],
          ],
        ]
      ),
      (
        "Corrections",
        [
          "type": "object",
          "description": "Fields of the report as they should be; null takes one away.",
          "additionalProperties": reference("Value"),
        ]
      ),
      (
        "Checkout",
        [
          "type": "object", "required": ["plan"], "additionalProperties": false,
          "properties": [
            "plan": text("A plan of the card."),
            "email": optionalText("Who buys; not needed for a customer whom the provider knows."),
            "name": optionalText("The buyer's name."),
            "customer": optionalText("The id by which usage names the buyer."),
            "return_url": optionalText("Where the buyer's browser goes afterwards."),
            "seats": ["type": ["integer", "null"], "minimum": 1, "maximum": 10_000],
          ],
        ]
      ),
      (
        "CustomerChange",
        [
          "type": "object", "additionalProperties": false,
          "properties": [
            "plan": ["type": ["string", "null"]], "tier": ["type": ["string", "null"]],
            "balance": ["type": ["string", "number", "null"]],
            "at": text("Since when this is known, in ISO 8601."),
          ],
        ]
      ),
    ]
  }

  private static var answers: [Named] {
    [
      (
        "CheckoutSession",
        object(
          ["session_id", "checkout_url"],
          [
            ("session_id", text("The provider's id of the session.")),
            ("checkout_url", optionalText("The page to open; null: the provider gives none.")),
          ])
      ),
      (
        "Error",
        object(
          ["error"],
          [
            (
              "error",
              object(
                ["code", "message"],
                [
                  ("code", text("What kind of error it is.")),
                  ("message", text("What is wrong and what to do.")),
                  ("attribute", text("The attribute it is about.")),
                  ("diagnostics", ["type": "array", "items": ["type": "object"]]),
                ])
            ), ("rule", text("The rule that refuses.")),
            ("needed", text("The credits to be held.")),
            ("available", text("The credits that are available.")),
            ("ratecard", text("The card's name.")), ("version", text("Its version.")),
          ])
      ),
      ("Decision", decision), ("Quote", quote), ("UsageAnswer", usageAnswer),
      ("HeldDecision", heldDecision), ("Reservation", reservation),
      (
        "Released",
        object(
          ["reservation", "state"],
          [
            ("reservation", text("Its id.")), ("state", ["enum": ["released", "expired"]]),
          ])
      ),
      (
        "Settlement",
        object(
          ["event_id", "credits", "recorded", "reservation"],
          usageMembers + [("reservation", ["enum": ["settled", "released", "expired"]])])
      ),
      (
        "UsageAnswers",
        [
          "oneOf": [
            reference("UsageAnswer"),
            [
              "type": "array",
              "items": ["oneOf": [reference("UsageAnswer"), reference("UsageError")]],
            ],
          ]
        ]
      ),
      (
        "UsageError",
        object(
          ["status", "error"],
          [("status", ["type": "integer"]), ("error", ["type": "object"])])
      ),
      ("Customer", customer),
      ("OutboxEntry", outboxEntry), ("Outbox", outbox),
      (
        "Done",
        object(
          ["event_id", "done"], [("event_id", text("The event.")), ("done", ["type": "boolean"])])
      ),
      (
        "Ratecard",
        object(
          ["name", "version", "loaded_at", "files"],
          [
            ("name", text("The card's name.")), ("version", text("Its version.")),
            ("loaded_at", text("Since when it answers.")),
            ("files", ["type": "array", "items": ["type": "string"]]),
            ("failed_reload", ["type": "object"]),
          ])
      ),
      (
        "Loaded",
        object(
          ["name", "version"],
          [("name", text("The card's name.")), ("version", text("Its version."))])
      ),
      ("Status", object(["status"], [("status", text("In a word."))])),
    ]
  }

  private static let price: [(String, JSONValue)] = [
    ("credits", text("The exact price, a decimal.")), ("denied", text("Why the card refuses.")),
    ("rule", text("The rule that says so.")),
    ("adjustments", ["type": "array", "items": ["type": "string"]]),
    ("ratecard", text("The card's name.")), ("version", text("The card's version.")),
  ]

  private static var quote: JSONValue { object(["rule", "ratecard", "version"], price) }

  private static var decision: JSONValue {
    object(["rule", "ratecard", "version", "at"], price + service)
  }

  private static var heldDecision: JSONValue {
    object(
      ["credits", "rule", "ratecard", "version", "at", "decision"] + held,
      price + service + [
        ("reservation", text("Its id.")), ("held", text("The credits that it holds.")),
        ("expires_at", text("When it lets go by itself.")),
      ])
  }

  private static var reservation: JSONValue {
    object(
      ["state", "customer", "at"] + held,
      [
        ("reservation", text("Its id.")),
        ("state", ["enum": ["held", "settled", "expired"]]),
        ("customer", text("Whose credits it holds.")),
        ("held", text("The credits that it holds now.")), ("at", text("When it was made.")),
        ("expires_at", text("When it lets go by itself.")),
      ])
  }

  private static let held = ["reservation", "held", "expires_at"]

  private static var service: [(String, JSONValue)] {
    [
      ("tier", text("The tier.")), ("tier_rule", text("The rule that chose the tier.")),
      ("model", text("The model that serves.")),
      ("requested_model", text("The model asked for.")), ("queue", text("The queue.")),
      ("fallbacks", ["type": "array", "items": ["type": "string"]]),
      ("params", ["type": "object"]), ("route", text("The rule that chose the route.")),
      ("at", text("When it was decided.")),
      ("decision", text("To be named by the usage that follows; not where `at` lies ahead.")),
    ]
  }

  private static var usageAnswer: JSONValue {
    object(["event_id", "credits", "recorded"], usageMembers)
  }

  private static var usageMembers: [(String, JSONValue)] {
    [
      ("event_id", text("The event's id.")), ("credits", text("What it costs, a decimal.")),
      ("recorded", ["const": true]),
    ]
  }

  private static var customer: JSONValue {
    object(
      ["customer", "plan", "tier", "balance", "pending", "held", "available"],
      [
        ("customer", text("The customer's id.")), ("plan", ["type": ["string", "null"]]),
        ("tier", ["type": ["string", "null"]]), ("balance", ["type": ["object", "null"]]),
        ("pending", text("Recorded and not yet deducted by the provider.")),
        ("held", text("Held by reservations.")),
        ("available", ["type": ["string", "null"]]),
        ("notices", ["type": "array", "items": ["type": "object"]]),
        ("tier_changes", ["type": "array", "items": ["type": "object"]]),
      ])
  }

  private static var outboxEntry: JSONValue {
    object(
      ["event_id", "customer", "state"],
      [
        ("event_id", text("The id of the event, the letter or the notice.")),
        ("customer", text("Whose it is; empty for a webhook that made no sense.")),
        ("state", ["enum": ["waiting", "dead", "shipped", "dropped"]]),
        ("code", text("Why it is there, as a code.")),
      ], isOpen: true)
  }

  private static var outbox: JSONValue {
    let entries: JSONValue = ["type": "array", "items": reference("OutboxEntry")]
    return object(
      [
        "depth", "oldest", "dead", "dead_letters", "waiting_notices", "dead_notices", "shipping",
        "events", "letters", "notices", "next",
      ],
      [
        ("depth", count), ("oldest", optionalText("When the oldest was recorded.")),
        ("dead", count), ("dead_letters", count), ("waiting_notices", count),
        ("dead_notices", count),
        (
          "shipping",
          object(
            ["failing"],
            [
              ("failing", ["type": "boolean"]), ("since", text("Since when it fails.")),
              ("message", text("Why.")),
              ("help", text("What to do; without it, it goes on by itself.")),
              ("next_attempt_at", text("When it is tried again.")),
            ])
        ),
        ("events", entries), ("letters", entries), ("notices", entries),
        ("next", optionalText("Where the next page begins; null: nowhere.")),
      ])
  }

  private static let count: JSONValue = ["type": "integer", "minimum": 0]

  private static func object(
    _ required: [String], _ properties: [(String, JSONValue)], isOpen: Bool = false
  ) -> JSONValue {
    [
      "type": "object", "required": .array(required.map { .string($0) }),
      "properties": .object(properties.map { JSONValue.Member($0.0, $0.1) }),
      "additionalProperties": .bool(isOpen),
    ]
  }

  private static func text(_ description: String) -> JSONValue {
    ["type": "string", "description": .string(description)]
  }

  private static func optionalText(_ description: String) -> JSONValue {
    ["type": ["string", "null"], "description": .string(description)]
  }

  /// A customer's or event's id: no control characters, and so many bytes, which no schema can say.
  static func name(_ description: String) -> JSONValue {
    [
      "type": "string", "minLength": 1, "maxLength": 200,
      "pattern": .string(#"^[^\u0000-\u001f\u007f]*$"#), "description": .string(description),
    ]
  }

  private static func reference(_ schema: String) -> JSONValue {
    ["$ref": .string("#/components/schemas/\(schema)")]
  }
}
