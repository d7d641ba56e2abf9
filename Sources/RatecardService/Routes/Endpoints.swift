internal import Ratecard
internal import RatecardBilling
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// Answers requests: hands each to the endpoint it is for.
final class Endpoints: RequestHandler {
  private let router: Router
  private let decisions: DecideRoute
  private let usage: UsageRoute
  private let customers: CustomerRoute
  private let outbox: OutboxRoute
  private let reservations: ReservationRoute
  private let webhooks: WebhookRoute
  private let checkouts: CheckoutRoute
  private let cards: CardRoute
  private let page: MetricsPage
  private let metrics: Metrics
  private let threads: ThreadStates
  private let log: ServiceLog
  private let store: Store
  private let warnings = WarningPace()
  private let workers: WorkerPool

  init(
    router: Router, live: LiveRateCard, archive: CardArchive, status: CardStatus, store: Store,
    book: CustomerBook,
    committer: Committer, workers: WorkerPool, calls: ProviderCalls, reloading: Reloading,
    metrics: Metrics, log: ServiceLog, key: [UInt8], accounts: ProviderAccounts,
    receiver: WebhookReceiver, shipping: ShippingStatus, unknownBalance: UnknownBalance
  ) {
    self.router = router
    self.metrics = metrics
    self.log = log
    self.store = store
    self.workers = workers
    threads = ThreadStates(metrics)
    let recorder = UsageRecorder(
      pricer: UsagePricer(
        current: { live.current }, archive: archive, customers: book, key: key))
    decisions = DecideRoute(
      live: live, customers: book, committer: committer, workers: workers, threads: threads,
      key: key, log: log)
    usage = UsageRoute(
      recorder: recorder, live: live, threads: threads, committer: committer, workers: workers)
    customers = CustomerRoute(
      store: store, live: live, committer: committer, workers: workers)
    reservations = ReservationRoute(
      decisions: decisions, recorder: recorder, store: store, unknownBalance: unknownBalance)
    let desk = OutboxDesk(
      store: store, recorder: recorder,
      webhooks: { letter throws(StoreFailure) in
        try receiver.receiveAgain(letter, card: live.current, now: .present)
      }, commit: { changes throws(StoreFailure) in try committer.commitWaiting(changes) })
    outbox = OutboxRoute(
      store: store, desk: desk, shipping: shipping, workers: workers, log: log)
    let webhookCounts = WebhookCounts()
    webhooks = WebhookRoute(
      receiver: receiver, live: live, workers: workers, counts: webhookCounts, log: log)
    checkouts = CheckoutRoute(live: live, accounts: accounts, calls: calls)
    cards = CardRoute(live: live, status: status, reloading: reloading)
    page = MetricsPage(
      metrics: metrics, live: live, status: status, store: store, webhooks: webhookCounts,
      shipping: shipping)
  }

  /// Lets the metrics tell of a server.
  func watch(_ server: HTTPServer) { page.server.withLock { $0 = server } }

  func target(of head: RequestHead, token: ArraySlice<UInt8>?) -> Targeting {
    router.target(of: head, token: token)
  }

  func answer(_ exchange: Exchange) -> Answering {
    switch exchange.target.endpoint {
    case .decide: decisions.decide(exchange)
    case .price: decisions.price(exchange)
    case .usage: usage.answer(exchange)
    case .customer: customers.answer(exchange)
    case .outbox, .outboxEvent, .retry: outbox.answer(exchange)
    case .reservations, .reservation, .settlement: reservations.answer(exchange)
    case .webhook: webhooks.answer(exchange)
    case .checkout: checkouts.answer(exchange)
    case .ratecard: .now(cards.show())
    case .reload: cards.reload()
    case .health: .now(Reply(200, Array(#"{"status":"alive"}"#.utf8)))
    case .ready: ready()
    case .metrics:
      workers.answering { [page] completion in completion(page.reply()) }
    case .description: .now(Reply(200, OpenAPI.document))
    case .unknown: .now(.failure(404, "not_found", "there is nothing here"))
    }
  }

  /// Ready is who can read the store.
  private func ready() -> Answering {
    workers.answering { [store] completion throws(StoreFailure) in
      _ = try store.usage("")
      completion(Reply(200, Array(#"{"status":"ready"}"#.utf8)))
    }
  }

  func ended(_ exchange: Exchange, wasSent: Bool) {
    let took = MonotonicClock.nanoseconds - exchange.began
    let shard = threads.mine.shard
    shard.count(exchange.target.endpoint, status: exchange.status)
    shard.measure(.request, nanoseconds: took)
    let level: ServiceLog.Level = exchange.status >= 500 ? .warning : .debug
    guard level >= log.level, level < .warning || warnings.mayWarn() else { return }
    log(level, "request") { json in
      json.member("method", exchange.head.method.rawValue)
      json.member("endpoint", exchange.target.endpoint.path)
      json.member("status", exchange.status)
      json.member("microseconds", Int(took / 1_000))
      json.member("request_id", exchange.head.requestID)
      if !wasSent { json.member("sent", false) }
    }
  }
}
