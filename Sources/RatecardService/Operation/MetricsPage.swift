internal import Glibc
internal import Ratecard
internal import RatecardBilling
internal import RatecardStore
internal import RatecardValues
internal import Synchronization

/// `GET /metrics`.
struct MetricsPage: Sendable {
  let metrics: Metrics
  let live: LiveRateCard
  let status: CardStatus
  let store: Store
  let webhooks: WebhookCounts
  let shipping: ShippingStatus
  let server = ServerBox()

  /// The server, which begins after the page is made.
  final class ServerBox: Sendable {
    private let server = Mutex<HTTPServer?>(nil)
    func withLock<T>(_ body: (inout HTTPServer?) -> T) -> T where T: Sendable {
      server.withLock { server in body(&server) }
    }
  }

  func reply() -> Reply {
    let counts = metrics.sum()
    var text = MetricsText()
    requests(counts, &text)
    usage(counts, &text)
    card(counts, &text)
    billing(counts, &text)
    outbox(&text)
    reservations(counts, &text)
    failures(&text)
    process(&text)
    return Reply(200, text.bytes, .metrics)
  }

  private func requests(_ counts: [UInt64], _ text: inout MetricsText) {
    text.family(
      "ratecard_http_requests_total", "counter", "Requests answered, by endpoint and status.")
    for endpoint in Endpoint.allCases {
      for (place, status) in Metrics.statuses.enumerated() {
        let count = counts[MetricsShard.place(endpoint, status: place)]
        guard count > 0 else { continue }
        text.sample(
          "ratecard_http_requests_total",
          [("endpoint", endpoint.path), ("status", status == 0 ? "other" : String(status))],
          String(count))
      }
    }
    for (histogram, name, help) in [
      (
        Metrics.Histogram.request, "ratecard_http_request_seconds",
        "From a request's head to its end."
      ),
      (.decision, "ratecard_decision_seconds", "Making a decision, its JSON included."),
      (.commit, "ratecard_commit_seconds", "Writing a group of changes to the store."),
    ] {
      let first = MetricsShard.place(histogram)
      text.histogram(name, help, counts[first..<(first + Metrics.bounds.count + 2)])
    }
    let open = server.withLock { ($0?.connectionCount ?? 0, $0?.activeCount ?? 0) }
    text.metric("ratecard_http_connections", "gauge", "Open connections.", String(open.0))
    text.metric(
      "ratecard_http_active_requests", "gauge", "Requests being answered.", String(open.1))
  }

  private func usage(_ counts: [UInt64], _ text: inout MetricsText) {
    text.family("ratecard_usage_total", "counter", "Reports of usage, by what came of them.")
    for (counter, result) in [
      (Metrics.Counter.usageRecorded, "recorded"), (.usageRepeated, "repeated"),
      (.usageConflicts, "conflict"), (.usageUnpriced, "unpriced"),
    ] {
      text.sample(
        "ratecard_usage_total", [("result", result)], String(counts[MetricsShard.place(counter)]))
    }
    text.metric(
      "ratecard_tier_changes_total", "counter", "Customers moved to another tier.",
      String(counts[MetricsShard.place(.tierChanges)]))
  }

  private func billing(_ counts: [UInt64], _ text: inout MetricsText) {
    text.family(
      "ratecard_shipments_total", "counter", "Events shipped, to be tried again, or given up.")
    for (counter, result) in [
      (Metrics.Counter.shipped, "shipped"), (.shipmentsPostponed, "postponed"),
      (.shipmentsDead, "dead"),
    ] {
      text.sample(
        "ratecard_shipments_total", [("result", result)],
        String(counts[MetricsShard.place(counter)]))
    }
    text.family(
      "ratecard_balance_reads_total", "counter",
      "Balances read from the provider, by what came of it.")
    for (counter, result) in [
      (Metrics.Counter.balancesRead, "read"), (.balancesUnknown, "unknown"),
      (.balancesFailed, "failed"),
    ] {
      text.sample(
        "ratecard_balance_reads_total", [("result", result)],
        String(counts[MetricsShard.place(counter)]))
    }
    let trouble = shipping.trouble
    text.metric(
      "ratecard_shipping_failing", "gauge", "1 while the billing provider takes nothing.",
      trouble == nil ? "0" : "1")
    text.metric(
      "ratecard_shipping_blocked", "gauge",
      "1 while it will take nothing before somebody does what the log says.",
      trouble?.failure.remedy == nil ? "0" : "1")
    text.family("ratecard_webhooks_total", "counter", "Webhooks, by what came of them.")
    for (type, result, count) in webhooks.all {
      text.sample(
        "ratecard_webhooks_total", [("result", result.rawValue), ("type", type)], String(count))
    }
    text.family(
      "ratecard_notices_total", "counter", "Notices posted, to be tried again, or given up.")
    for (counter, result) in [
      (Metrics.Counter.noticesPosted, "posted"), (.noticesPostponed, "postponed"),
      (.noticesDead, "dead"),
    ] {
      text.sample(
        "ratecard_notices_total", [("result", result)],
        String(counts[MetricsShard.place(counter)]))
    }
  }

  private func card(_ counts: [UInt64], _ text: inout MetricsText) {
    let card = live.current
    text.family("ratecard_reloads_total", "counter", "Cards that were loaded or refused.")
    for (counter, result) in [
      (Metrics.Counter.reloadsLoaded, "loaded"), (.reloadsRefused, "refused"),
      (.reloadsUnreadable, "unreadable"),
    ] {
      text.sample(
        "ratecard_reloads_total", [("result", result)],
        String(counts[MetricsShard.place(counter)]))
    }
    text.metric(
      "ratecard_last_reload_successful", "gauge",
      "1 when the folder's card is the one that answers.", status.hasFailed ? "0" : "1")
    text.metric(
      "ratecard_loaded_timestamp_seconds", "gauge", "When the card that answers was loaded.",
      String(status.loadedAt.seconds))
    text.family("ratecard_card_info", "gauge", "The card that answers.")
    text.sample(
      "ratecard_card_info", [("ratecard", card.name), ("version", card.version)], "1")
  }

  private func outbox(_ text: inout MetricsText) {
    guard let summary = try? store.outboxSummary() else {
      text.metric("ratecard_store_up", "gauge", "Whether the store can be read.", "0")
      return
    }
    text.metric("ratecard_store_up", "gauge", "Whether the store can be read.", "1")
    text.metric(
      "ratecard_outbox_events", "gauge", "Events that wait to be shipped.", String(summary.depth))
    let age = summary.oldest.map { max(0, Instant.present.seconds - $0.seconds) } ?? 0
    text.metric(
      "ratecard_outbox_oldest_age_seconds", "gauge", "How long the oldest of them has waited.",
      String(age))
    text.metric(
      "ratecard_outbox_dead_events", "gauge", "Events that the provider refused.",
      String(summary.dead))
    text.metric(
      "ratecard_dead_letters", "gauge",
      "Usage that no rule priced, and webhooks without sense.", String(summary.deadLetters))
    text.metric(
      "ratecard_waiting_notices", "gauge", "Notices that wait to be posted.",
      String(summary.notices))
    text.metric(
      "ratecard_dead_notices", "gauge", "Notices that were given up.",
      String(summary.deadNotices))
  }

  private func reservations(_ counts: [UInt64], _ text: inout MetricsText) {
    text.family("ratecard_reservations_total", "counter", "Reservations, by what came of them.")
    for (counter, result) in [
      (Metrics.Counter.reservationsHeld, "held"), (.reservationsRepeated, "repeated"),
      (.reservationsRefused, "insufficient"), (.reservationsDenied, "denied"),
      (.reservationsSettled, "settled"), (.reservationsSettledLate, "settled_late"),
      (.reservationsReleased, "released"),
    ] {
      text.sample(
        "ratecard_reservations_total", [("result", result)],
        String(counts[MetricsShard.place(counter)]))
    }
    guard let amounts = try? store.heldAmounts() else { return }
    text.metric(
      "ratecard_open_reservations", "gauge", "Reservations that hold credits.",
      String(amounts.count))
    var held: Number? = .zero
    for amount in amounts { held = held.flatMap { try? $0 + amount } }
    if let held {
      text.metric(
        "ratecard_held_credits", "gauge", "Credits that reservations hold.", held.description)
    }
  }

  private func failures(_ text: inout MetricsText) {
    text.family(
      "ratecard_store_failures_total", "counter", "Uses of the store that failed, by their kind.")
    for use in StoreUse.allCases {
      text.sample(
        "ratecard_store_failures_total", [("use", use.rawValue)], String(store.failures(use)))
    }
  }

  private func process(_ text: inout MetricsText) {
    let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = read(file, &bytes, bytes.count)
    let fields = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
    guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else {
      return
    }
    text.metric(
      "process_resident_memory_bytes", "gauge", "Memory that the process holds.",
      String(pages * Int(sysconf(Int32(_SC_PAGESIZE)))))
  }
}
