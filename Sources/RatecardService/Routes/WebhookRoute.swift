internal import Ratecard
internal import RatecardBilling
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// `POST /webhooks/dodo`: what the billing provider tells.
struct WebhookRoute: Sendable {
  /// The headers of Standard Webhooks.
  static let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"]

  let receiver: WebhookReceiver
  let live: LiveRateCard
  let workers: WorkerPool
  let counts: WebhookCounts
  let log: ServiceLog

  func answer(_ exchange: Exchange) -> Answering {
    let headers = exchange.head.extra
    guard let id = headers[Self.headers[0]], !id.isEmpty, id.utf8.count <= 1_000,
      let timestamp = headers[Self.headers[1]], let signature = headers[Self.headers[2]]
    else {
      return .now(refuse())
    }
    let webhook = Webhook(
      id: id, timestamp: timestamp, signature: signature, body: exchange.body)
    return workers.answering { completion throws(StoreFailure) in
      let receipt = try receiver.receive(webhook, card: live.current, now: .present)
      completion(reply(to: receipt, webhook))
    }
  }

  private func reply(to receipt: WebhookReceiver.Receipt, _ webhook: Webhook) -> Reply {
    switch receipt {
    case .forged: return refuse()
    case .applied(let type, let problem):
      counts.count(.applied, type: type)
      log(problem == nil ? .debug : .warning, "webhook") { json in
        json.member("id", webhook.id)
        json.member("type", type)
        if let problem { json.member("problem", problem) }
      }
    case .repeated(let type): counts.count(.repeated, type: type)
    case .ignored(let type): counts.count(.ignored, type: type)
    case .kept(let reason):
      counts.count(.kept)
      log(.warning, "webhook_kept") { json in
        json.member("id", webhook.id)
        json.member("message", reason)
      }
    }
    return Reply(200, Array(#"{"received":true}"#.utf8))
  }

  private func refuse() -> Reply {
    counts.count(.forged)
    return Reply(401, Array(#"{"error":"Invalid signature"}"#.utf8))
  }
}
