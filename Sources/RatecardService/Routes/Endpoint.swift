/// What the service answers.
enum Endpoint: UInt8, CaseIterable, Sendable {
  case decide, price, usage, customer, outbox, outboxEvent, retry, ratecard, reload
  case reservations, reservation, settlement
  case webhook, checkout
  case health, ready, metrics, description, unknown

  /// The path, as metrics and the description name it.
  var path: String {
    switch self {
    case .decide: "/v1/decide"
    case .price: "/v1/price"
    case .usage: "/v1/usage"
    case .customer: "/v1/customers/{id}"
    case .outbox: "/v1/outbox"
    case .outboxEvent: "/v1/outbox/{event_id}"
    case .retry: "/v1/outbox/{event_id}/retry"
    case .ratecard: "/v1/ratecard"
    case .reload: "/-/reload"
    case .reservations: "/v1/reservations"
    case .reservation: "/v1/reservations/{id}"
    case .settlement: "/v1/reservations/{id}/settle"
    case .webhook: "/webhooks/dodo"
    case .checkout: "/v1/checkout"
    case .health: "/healthz"
    case .ready: "/readyz"
    case .metrics: "/metrics"
    case .description: "/openapi.json"
    case .unknown: "other"
    }
  }
}
