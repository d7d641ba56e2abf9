internal import RatecardJSON

/// What the service itself posts, as the description tells of it.
enum OpenAPIWebhooks {
  /// All of it, by name.
  static var all: JSONValue {
    [
      "notice": [
        "post": [
          "operationId": "notice",
          "summary": "A notice that an `events` rule left, posted to `--notify-url`.",
          "description": .string(
            "Signed the Standard Webhooks way with RATECARD_NOTIFY_KEY. Until it is answered with "
              + "2xx it comes again, for three days, under the same `webhook-id`, which the "
              + "receiver has to remember: an answer may get lost."),
          "parameters": [
            header("webhook-id", "The same at every attempt."),
            header("webhook-timestamp", "When this attempt was made, in seconds since 1970."),
            header("webhook-signature", "`v1,` and base64; several with spaces between them."),
          ],
          "requestBody": [
            "required": true, "content": ["application/json": ["schema": notice]],
          ],
          "responses": [
            "2XX": ["description": "It was taken."],
            "default": ["description": "It comes again. No redirect is followed."],
          ],
        ]
      ]
    ]
  }

  private static var notice: JSONValue {
    [
      "type": "object", "required": ["type", "timestamp", "data"],
      "properties": [
        "type": ["const": "customer.notice"],
        "timestamp": text("When the notice was left."),
        "data": [
          "type": "object", "required": ["customer", "text", "event", "cause"],
          "properties": [
            "customer": text("Whom it is for."), "text": text("What the rule says."),
            "event": text("The provider's event, such as `credit.balance_low`."),
            "cause": text("The event and what tells it from others: one notice for each."),
          ],
        ],
      ],
    ]
  }

  private static func header(_ name: String, _ description: String) -> JSONValue {
    [
      "name": .string(name), "in": "header", "required": true,
      "description": .string(description), "schema": ["type": "string"],
    ]
  }

  private static func text(_ description: String) -> JSONValue {
    ["type": "string", "description": .string(description)]
  }
}
