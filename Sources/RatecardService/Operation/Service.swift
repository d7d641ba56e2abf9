internal import CMalloc
internal import Glibc
package import Ratecard
internal import RatecardBilling
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues
internal import Synchronization

/// The running service: a card that follows its folder, a store, and an HTTP server over both.
package final class Service: Sendable {
  private let live: LiveRateCard
  private let store: Store
  private let log: ServiceLog
  private let status: CardStatus
  private let committer: Committer
  private let committing: ServiceThread
  private let workers: WorkerPool
  private let calls: ProviderCalls
  private let endpoints: Endpoints
  private let server: HTTPServer
  private let housekeeping: Housekeeping
  private let shipping: Shipping
  private let balances: BalanceReading?
  private let reloading: Reloading
  private let posting: Posting?
  /// Where it listens.
  package let address: ListenAddress

  /// Why the service does not start.
  package enum StartFailure: Error {
    /// The card's folder cannot be read, or its card has errors.
    case card(LiveRateCard.StartFailure)
    /// The store, or the network.
    case world(String)
  }

  /// Opens the store, loads the card and begins to answer.
  package init(_ options: ServiceOptions, log: ServiceLog) throws(StartFailure) {
    self.log = log
    // Large bodies go back to the system when they are done with, not to a heap that grows; what each
    // group of usage takes stays, rather than being given back and asked for again.
    mallopt(M_MMAP_THRESHOLD, 128 << 10)
    mallopt(M_TRIM_THRESHOLD, 1 << 20)
    let store: Store
    do {
      store = try Store.open(
        options.store, serving: true, watch: { Self.tell($0, $1, log) })
    } catch {
      throw .world(error.description)
    }
    self.store = store
    let metrics = Metrics()
    let archive = CardArchive(store: store)
    let watch = CardWatch(archive: archive, log: log, shard: metrics.makeShard())
    do {
      live = try LiveRateCard(
        folder: options.folder, admission: watch.admission, lintsAfterwards: true,
        onChange: { watch.changed($0) }, working: ShortTurns.take)
    } catch {
      throw .card(error)
    }
    status = watch.status
    let key: [UInt8]
    do throws(StoreFailure) {
      key = Secrets.key(try store.secret(named: "decisions"))
    } catch {
      throw .world(error.description)
    }
    let lock: LockBook
    do throws(LockFailure) { lock = try options.lockBook() } catch { throw .world(error.message) }
    let billing = options.billing.debiting(lock.current?.entitlement)
    let webhooks = DodoWebhooks(
      try Self.keys(options.webhookSecrets, "DODO_PAYMENTS_WEBHOOK_KEY"),
      entitlement: billing.entitlement)
    let accounts = ProviderAccounts(
      billing: billing, webhooks: webhooks, store: store, lock: lock)
    let noticeKeys = try Self.keys(options.notices?.secrets, "RATECARD_NOTIFY_KEY")
    balances =
      billing.knowsBalances && options.balanceAgeSeconds > 0
      ? BalanceReading(ageLimitSeconds: options.balanceAgeSeconds) : nil
    let book = CustomerBook(store: store, balances: balances)
    let commits = metrics.makeShard()
    let committer = Committer(store: store, metrics: commits) { changes, commit in
      commits.count(changes, commit.outcomes)
      commits.count(.tierChanges, commit.tierChanges)
      for customer in commit.customers { book.update(customer) }
    }
    self.committer = committer
    committing = ServiceThread { committer.run() }
    workers = WorkerPool(threads: 4)
    reloading = Reloading(live, reply: CardRoute.reply)
    calls = ProviderCalls(threads: 4, abandoned: CheckoutRoute.abandoned)
    let shippingStatus = ShippingStatus()
    let threads =
      options.threads > 0 ? options.threads : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    endpoints = Endpoints(
      router: Router(token: options.token), live: live, archive: archive, status: status,
      store: store, book: book, committer: committer, workers: workers, calls: calls,
      reloading: reloading, metrics: metrics, log: log, key: key, accounts: accounts,
      receiver: WebhookReceiver(
        reader: webhooks, store: store, lock: { lock.current },
        postsNotices: options.notices != nil
      ) { changes throws(StoreFailure) in try committer.commitWaiting(changes) },
      shipping: shippingStatus, unknownBalance: options.unknownBalance)
    do throws(ServiceFailure) {
      let socket = try ListeningSocket(options.listen)
      guard options.token != nil || socket.isLoopback else {
        throw ServiceFailure.unprotected(socket.address)
      }
      address = socket.address
      let limits = options.limits.raisingFileLimit()
      server = try HTTPServer(on: socket, threads: threads, limits: limits, handler: endpoints)
    } catch {
      committer.close()
      committing.join()
      throw .world(error.description)
    }
    endpoints.watch(server)
    housekeeping = Housekeeping(
      server: server, store: store, archive: archive, book: book, live: live,
      committer: committer,
      keptCardDays: options.keptCardDays)
    shipping = Shipping(
      accounts: accounts, late: options.late, live: live, log: log, shard: metrics.makeShard(),
      status: shippingStatus)
    balances?.start(accounts, committer: committer, log: log, shard: metrics.makeShard())
    posting = options.notices.flatMap { notices in
      noticeKeys.map { keys in
        Posting(
          store: store, url: notices.url, keys: keys, log: log, shard: metrics.makeShard())
      }
    }
    let (address, card) = (address, live.current)
    log(.info, "started") { json in
      json.member("address", address.description)
      json.member("store", store.name)
      json.member("ratecard", card.name)
      json.member("version", card.version)
    }
  }

  /// Reads the card's folder soon.
  package func reload() { reloading.ask() }

  /// The keys that a variable of the environment holds.
  private static func keys(
    _ secrets: String?, _ variable: String
  ) throws(StartFailure) -> WebhookKeys? {
    guard let secrets else { return nil }
    guard let keys = WebhookKeys(secrets) else {
      throw .world("\(variable) is no key: write `whsec_…`, two with a comma")
    }
    return keys
  }

  /// How the service ended.
  package struct Ending: Sendable {
    /// Whether every request that had begun was answered.
    package let isClean: Bool
    /// Whether nothing of it runs any more: a card that is being loaded, or a provider that does not
    /// answer, is left behind.
    package let isWhole: Bool
  }

  /// Answers what has begun, writes what waits, and ends, less than a second after its patience.
  package func stop(withinMilliseconds patience: Int64 = 4_000) -> Ending {
    log(.info, "stopping")
    reloading.giveUp()
    let isClean = server.stop(withinMilliseconds: patience) { [calls] in calls.giveUp() }
    // What holds up a request, such as a store that does not answer, may hold up the others too.
    let isWhole = isClean && endsThreads(withinMilliseconds: 700)
    log(.info, "stopped") { $0.member("clean", isClean) }
    return Ending(isClean: isClean, isWhole: isWhole)
  }

  /// Ends what runs beside the server, of which nothing is to be lost once every request is answered;
  /// false: something did not end in time.
  private func endsThreads(withinMilliseconds patience: Int64) -> Bool {
    let hasEnded = Signal(false)
    _ = ServiceThread { [self] in
      committer.close()
      committing.join()
      workers.close()
      posting?.stop(withinMilliseconds: 0)
      let hasShipped = shipping.stop(withinMilliseconds: patience - 200)
      let hasRead = balances?.stop(withinMilliseconds: 100) ?? true
      housekeeping.stop()
      live.stop()
      reloading.join()
      // Last: a provider that does not answer may hold this up.
      calls.close()
      hasEnded.change { $0 = hasShipped && hasRead }
    }
    return hasEnded.wait(milliseconds: patience) { $0 ? true : nil } ?? false
  }

  /// Tells of a store that fails, or works again.
  private static func tell(_ use: StoreUse, _ failure: StoreFailure?, _ log: ServiceLog) {
    log(failure == nil ? .info : .error, failure == nil ? "store_recovered" : "store_failed") {
      $0.member("use", use.rawValue)
      if let failure { $0.member("message", failure.description) }
    }
  }
}

/// What is done from time to time.
private final class Housekeeping: Sendable {
  private let isStopped = Signal(false)
  private let thread: ServiceThread

  init(
    server: HTTPServer, store: Store, archive: CardArchive, book: CustomerBook,
    live: LiveRateCard, committer: Committer, keptCardDays: Int
  ) {
    let isStopped = isStopped
    thread = ServiceThread {
      var turn = 0
      var forgetting = Forgetting(store: store, keptCardDays: keptCardDays)
      while isStopped.wait(milliseconds: 250, { $0 ? true : nil }) == nil {
        server.endLateConnections()
        turn += 1
        do throws(StoreFailure) {
          // Such as `ratecard outbox`, which works on the store beside the service.
          if try store.wasWrittenElsewhere() { book.forgetAll() }
          try store.checkpoint()
          if turn % 4 == 0 { try Self.expireReservations(store, committer) }
          if turn % 20 == 0 { try archive.keepRest() }
          let isTime = turn % 2_400 == 40
          if isTime { try archive.keep(live.current, at: .present) }
          if isTime || forgetting.isUnderWay { try forgetting.step(now: .present) }
        } catch {
          // The store has told of it, once.
        }
      }
    }
  }

  /// Lets go of what was held for too long, through the committer, which tells who it was.
  private static func expireReservations(
    _ store: Store, _ committer: Committer
  ) throws(StoreFailure) {
    let now = Instant.present
    let customers = try store.expiredReservations(at: now, limit: 1_000).map { ExactText($0) }
    if customers.isEmpty { return }
    let changes = Set(customers).sorted().map { Change.expire(customer: $0.string, at: now) }
    if case .failure(let failure)? = committer.commitNow(changes) { throw failure }
  }

  func stop() {
    isStopped.change { $0 = true }
    thread.join()
  }
}

extension HTTPLimits {
  /// These limits, as far as the system lets the process have so many connections.
  fileprivate func raisingFileLimit() -> HTTPLimits {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    if limit.rlim_cur < limit.rlim_max {
      limit.rlim_cur = limit.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    // The store, the card's files and the watch want some too.
    var limits = self
    limits.connections = min(connections, max(16, Int(clamping: limit.rlim_cur) - 64))
    return limits
  }
}
