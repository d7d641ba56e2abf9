internal import Ratecard
internal import RatecardBilling
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// `POST /webhooks/dodo`: what the billing provider tells.
struct WebhookRoute: Sendable {
  /// The headers of Standard Webhooks.
  static let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"]

  private let receiver: WebhookReceiver?
  private let live: LiveRateCard
  private let workers: WorkerPool
  private let threads: ThreadStates
  private let log: ServiceLog

  /// Takes webhooks that `reader` knows; nil: there is no key to know them by.
  init(
    reader: (any WebhookReader)?, store: Store, committer: Committer, live: LiveRateCard,
    workers: WorkerPool, lock: LockBook, threads: ThreadStates, log: ServiceLog
  ) {
    receiver = reader.map { reader in
      WebhookReceiver(
        reader: reader, store: store, lock: { lock.current }
      ) { changes throws(StoreFailure) in
        guard let result = committer.commitNow(changes) else {
          throw StoreFailure(store: store.name, reason: .busy)
        }
        return try result.get()
      }
    }
    self.live = live
    self.workers = workers
    self.threads = threads
    self.log = log
  }

  func answer(_ exchange: Exchange) -> Answering {
    let headers = exchange.head.extra
    guard let receiver, let id = headers[Self.headers[0]], !id.isEmpty, id.utf8.count <= 1_000,
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
    let shard = threads.mine.shard
    switch receipt {
    case .forged: return refuse()
    case .applied(let type, let problem):
      shard.count(.webhooksApplied)
      log(problem == nil ? .debug : .warning, "webhook") { json in
        json.member("id", webhook.id)
        json.member("type", type)
        if let problem { json.member("problem", problem) }
      }
    case .repeated: shard.count(.webhooksRepeated)
    case .ignored: shard.count(.webhooksIgnored)
    case .kept(let reason):
      shard.count(.webhooksKept)
      log(.warning, "webhook_kept") { json in
        json.member("id", webhook.id)
        json.member("message", reason)
      }
    }
    return Reply(200, Array(#"{"received":true}"#.utf8))
  }

  private func refuse() -> Reply {
    threads.mine.shard.count(.webhooksForged)
    return Reply(401, Array(#"{"error":"Invalid signature"}"#.utf8))
  }
}
