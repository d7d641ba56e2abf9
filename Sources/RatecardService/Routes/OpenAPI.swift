internal import RatecardJSON

/// The service's description of itself: OpenAPI 3.1.
enum OpenAPI {
  /// The document.
  static let document: [UInt8] = Array(value.text(pretty: true).utf8)

  private static var value: JSONValue {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "Ratecard",
        "version": "1",
        "description": "What AI requests cost, where they go, and what was used.",
      ],
      "paths": .object(paths.map { JSONValue.Member($0.path, $0.operations) }),
      "webhooks": OpenAPIWebhooks.all,
      "components": [
        "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
        "schemas": OpenAPISchemas.all,
      ],
    ]
  }

  private static var paths: [(path: String, operations: JSONValue)] {
    [
      (
        "/v1/decide",
        [
          "post": operation(
            "decide", "Decides a request: its tier, where it goes and what it costs.",
            body: "Request", answers: [(200, "Decision")] + refusals)
        ]
      ),
      (
        "/v1/price",
        [
          "post": operation(
            "price", "Prices a request.", body: "Request",
            answers: [(200, "Quote")] + refusals)
        ]
      ),
      (
        "/v1/usage",
        [
          "post": operation(
            "recordUsage", "Records what was used; answers once it is durable.",
            body: "UsageReports", lines: true,
            answers: [(200, "UsageAnswers"), (409, "Error")] + refusals)
        ]
      ),
      (
        "/v1/customers/{id}",
        [
          "parameters": [parameter("id", in: "path", "A customer's id.", customerID)],
          "get": operation(
            "getCustomer", "What is known of a customer.",
            answers: [(200, "Customer"), (400, "Error"), (404, "Error")]),
          "put": operation(
            "setCustomer", "Sets what is known of a customer; what is left out stays.",
            body: "CustomerChange", answers: [(200, "Customer"), (400, "Error")]),
        ]
      ),
      (
        "/v1/checkout",
        [
          "post": operation(
            "checkout", "Makes a session at the billing provider in which someone buys a plan.",
            body: "Checkout",
            answers: [(200, "CheckoutSession"), (502, "Error")] + refusals)
        ]
      ),
      (
        "/v1/outbox",
        [
          "get": operation(
            "listOutbox", "What waits to be shipped or posted, and what will not be, in short.",
            parameters: [
              parameter(
                "after", in: "query", "Where the page begins: `next` of the page before.",
                ["type": "string", "pattern": "^(event|letter|notice)?[0-9]{1,18}$"]),
              parameter(
                "limit", in: "query", "The most entries.",
                ["type": "integer", "minimum": 0, "maximum": 1000]),
              parameter(
                "state", in: "query", "Only what is tried by itself, or only what is not.",
                ["enum": ["waiting", "dead"]]),
              parameter(
                "reason", in: "query", "Only entries with that `code`.",
                ["enum": .array(OutboxDesk.codes.map { .string($0) })]),
              parameter(
                "customer", in: "query", "Only one customer's entries.", customerID),
            ], answers: [(200, "Outbox"), (400, "Error")])
        ]
      ),
      (
        "/v1/outbox/{event_id}",
        [
          "parameters": [parameter("event_id", in: "path", "The event's id.", customerID)],
          "get": operation(
            "getEvent", "All that is known of an event, a dead letter or a posted notice.",
            answers: [(200, "OutboxEntry"), (400, "Error"), (404, "Error")]),
          "delete": operation(
            "dropEvent", "Gives an event up.",
            answers: [(200, "Done"), (400, "Error"), (404, "Error"), (409, "Error")]),
        ]
      ),
      (
        "/v1/outbox/{event_id}/retry",
        [
          "parameters": [parameter("event_id", in: "path", "The event's id.", customerID)],
          "post": operation(
            "retryEvent",
            "Ships or posts it again, or prices a dead letter again, corrected by the body.",
            body: "Corrections", isBodyOptional: true,
            answers: [(200, "Done"), (404, "Error"), (409, "Error")] + refusals),
        ]
      ),
      (
        "/v1/reservations",
        [
          "post": operation(
            "reserve", "Decides a request and holds the dearest price that it may come to.",
            body: "ReservationRequest",
            answers: [(200, "HeldDecision"), (402, "Error"), (409, "Error")] + refusals)
        ]
      ),
      (
        "/v1/reservations/{id}",
        [
          "parameters": [parameter("id", in: "path", "The reservation's id.", customerID)],
          "get": operation(
            "getReservation", "What a reservation holds.",
            answers: [(200, "Reservation"), (400, "Error"), (404, "Error")]),
          "delete": operation(
            "releaseReservation", "Lets go of what is held.",
            answers: [(200, "Released"), (400, "Error"), (404, "Error"), (409, "Error")]),
        ]
      ),
      (
        "/v1/reservations/{id}/settle",
        [
          "parameters": [parameter("id", in: "path", "The reservation's id.", customerID)],
          "post": operation(
            "settleReservation",
            "Records what was used, and lets go of what was held for it; as usage is recorded.",
            body: "Request",
            answers: [(200, "Settlement"), (404, "Error"), (409, "Error")] + refusals),
        ]
      ),
      (
        "/v1/ratecard",
        ["get": operation("getRatecard", "Which card answers.", answers: [(200, "Ratecard")])]
      ),
      (
        "/-/reload",
        [
          "post": operation(
            "reload", "Reads the card's folder now.",
            answers: [(200, "Loaded"), (422, "Error")])
        ]
      ),
      (
        "/webhooks/dodo",
        [
          "post": [
            "operationId": "webhook",
            "summary": "Takes a webhook of the billing provider, signed the Standard Webhooks way.",
            "requestBody": [
              "required": true, "content": ["application/json": ["schema": ["type": "object"]]],
            ],
            "responses": [
              "200": [
                "description": "It is durable, or about nothing that matters here.",
                "content": ["application/json": ["schema": ["type": "object"]]],
              ],
              "401": [
                "description": "It is not from the provider, or old.",
                "content": ["application/json": ["schema": ["type": "object"]]],
              ],
              "413": answer("Error"), "503": answer("Error"),
            ],
          ]
        ]
      ),
      (
        "/healthz",
        ["get": open("health", "Whether the process lives.", "Status")]
      ),
      (
        "/readyz",
        [
          "get": [
            "operationId": "ready", "summary": "Whether requests can be answered.",
            "responses": ["200": answer("Status"), "503": answer("Error")],
          ]
        ]
      ),
      (
        "/metrics",
        [
          "get": [
            "operationId": "metrics", "summary": "Prometheus' text format.",
            "responses": [
              "200": [
                "description": "Samples.",
                "content": ["text/plain": ["schema": ["type": "string"]]],
              ],
              "503": answer("Error"),
            ],
          ]
        ]
      ),
      (
        "/openapi.json",
        [
          "get": [
            "operationId": "description", "summary": "This description.",
            "responses": [
              "200": [
                "description": "OpenAPI 3.1.",
                "content": ["application/json": ["schema": ["type": "object"]]],
              ]
            ],
          ]
        ]
      ),
    ]
  }

  /// A customer's or event's id in a path.
  private static let customerID = OpenAPISchemas.name("At most 200 bytes in UTF-8.")

  private static let refusals = [(400, "Error"), (422, "Error")]

  private static func operation(
    _ id: String, _ summary: String, body: String? = nil, isBodyOptional: Bool = false,
    lines: Bool = false,
    parameters: [JSONValue] = [], answers: [(Int, String)]
  ) -> JSONValue {
    var members = [
      JSONValue.Member("operationId", .string(id)),
      JSONValue.Member("summary", .string(summary)),
      JSONValue.Member("security", [["token": []]]),
    ]
    if !parameters.isEmpty { members.append(JSONValue.Member("parameters", .array(parameters))) }
    var answers = answers + [(401, "Error"), (503, "Error")]
    if let body {
      let schema: JSONValue = ["schema": reference(body)]
      var content = [JSONValue.Member("application/json", schema)]
      if lines {
        content.append(
          JSONValue.Member("application/x-ndjson", ["schema": ["type": "string"]]))
      }
      members.append(
        JSONValue.Member(
          "requestBody", ["required": .bool(!isBodyOptional), "content": .object(content)]))
      answers += [(413, "Error"), (415, "Error")]
    }
    answers.sort { $0.0 < $1.0 }
    members.append(
      JSONValue.Member(
        "responses",
        .object(answers.map { JSONValue.Member(String($0.0), answer($0.1, lines: lines)) })))
    return .object(members)
  }

  private static func open(_ id: String, _ summary: String, _ schema: String) -> JSONValue {
    [
      "operationId": .string(id), "summary": .string(summary),
      "responses": ["200": answer(schema)],
    ]
  }

  private static func answer(_ schema: String, lines: Bool = false) -> JSONValue {
    var content = [JSONValue.Member("application/json", ["schema": reference(schema)])]
    if lines, schema != "Error" {
      content.append(JSONValue.Member("application/x-ndjson", ["schema": ["type": "string"]]))
    }
    return ["description": .string(schema), "content": .object(content)]
  }

  private static func parameter(
    _ name: String, in place: String, _ description: String, _ schema: JSONValue
  ) -> JSONValue {
    [
      "name": .string(name), "in": .string(place), "required": .bool(place == "path"),
      "description": .string(description), "schema": schema,
    ]
  }

  private static func reference(_ schema: String) -> JSONValue {
    ["$ref": .string("#/components/schemas/\(schema)")]
  }
}
