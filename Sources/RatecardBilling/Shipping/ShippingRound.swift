internal import RatecardStore
internal import RatecardValues

/// What one round of a shipper does with the events that it has leased.
///
/// It makes no call that could end after the lease. What it does not get to is tried again.
final class ShippingRound {
  /// What came of an event, but for when it is tried again.
  enum Result {
    case shipped
    /// Tried again at a time; nil: as soon as the provider is.
    case failed(String, DeliveryCode?, OutboxEvent.Way, at: Instant?)
    case fateUnknown(String, OutboxEvent.Way)
    case dead(String, DeliveryCode, OutboxEvent.Way)

    func shipment(_ sequence: Int64, owner: String, retryAt: Instant, now: Instant) -> Shipment {
      switch self {
      case .shipped: Shipment(sequence: sequence, owner: owner, result: .shipped(at: now))
      case .failed(let reason, let code, let way, let at):
        Shipment(
          sequence: sequence, owner: owner,
          result: .failed(reason: reason, retryAt: at ?? retryAt), code: code, way: way)
      case .fateUnknown(let reason, let way):
        Shipment(
          sequence: sequence, owner: owner, result: .fateUnknown(reason: reason, retryAt: retryAt),
          way: way)
      case .dead(let reason, let code, let way):
        Shipment(
          sequence: sequence, owner: owner, result: .dead(reason: reason), code: code, way: way)
      }
    }
  }

  /// An event as it is to be sent.
  private struct Parcel {
    let sequence: Int64
    let usage: UsageEvent
    /// Whether it is sent with the time at which it is sent.
    let isRestamped: Bool
    let way: OutboxEvent.Way
  }

  /// What came of each event, by its place in the outbox.
  private(set) var results: [Int64: Result] = [:]
  /// Why the provider does nothing at present.
  private(set) var failure: ProviderFailure?
  private let provider: any BillingProvider
  private let options: Shipper.Options
  private let world: Shipper.World
  private let meter: MeterTerms
  private let leaseEnd: Instant
  /// Why no more calls are made in this round; nil: they are.
  private var stop: String?

  init(
    provider: any BillingProvider, options: Shipper.Options, world: Shipper.World,
    meter: MeterTerms, leaseEnd: Instant
  ) {
    self.provider = provider
    self.options = options
    self.world = world
    self.meter = meter
    self.leaseEnd = leaseEnd
  }

  /// Ships events, and leaves a result for each.
  ///
  /// What goes with others in one call comes first: whatever takes a call of its own may take all
  /// the time there is. Of that as much is done in every round as there is time for.
  func ship(_ events: [OutboxEvent]) {
    var (batch, others): ([OutboxEvent], [OutboxEvent]) = ([], [])
    for event in events {
      if takesCall(event) { others.append(event) } else { batch.append(event) }
    }
    send(parcels(batch[...]))
    for start in stride(from: 0, to: others.count, by: Self.groupLimit) {
      send(parcels(others[start..<min(start + Self.groupLimit, others.count)]))
    }
  }

  /// How many events that took a call each are sent together at most.
  private static let groupLimit = 50

  private func parcels(_ events: ArraySlice<OutboxEvent>) -> ArraySlice<Parcel> {
    events.compactMap { prepare($0) }[...]
  }

  /// Whether an event is looked up, or may be debited.
  private func takesCall(_ event: OutboxEvent) -> Bool {
    event.isFateUnknown || event.way == .ledger || (options.late == .ledger && isLate(event))
  }

  /// Whether an event is too old for the meter, or soon will be.
  private func isLate(_ event: OutboxEvent) -> Bool {
    let limit = options.ageLimitMilliseconds - options.marginMilliseconds
    return world.now() >= event.event.occurredAt.adding(milliseconds: limit)
  }

  /// Decides how an event goes; nil: it does not go with the batch, and has its result.
  private func prepare(_ event: OutboxEvent) -> Parcel? {
    let now = world.now()
    let usage = event.event
    let earliest = usage.occurredAt.adding(milliseconds: -options.aheadLimitMilliseconds)
    if earliest > now {
      results[event.sequence] = .failed("its time has not come", nil, event.way, at: earliest)
      return nil
    }
    let isDebit = event.way == .ledger
    guard isLate(event) || isDebit else {
      return Parcel(sequence: event.sequence, usage: usage, isRestamped: false, way: event.way)
    }
    let policy: LatePolicy =
      switch event.way {
      case .meter: options.late
      case .ledger: .ledger
      case .held: .restamp
      }
    if event.isFateUnknown {
      // An attempt that is still on its way may arrive until the provider finds it too old. Sending
      // it once more does no harm then, since it has the same id, but everything else would.
      let settled = usage.occurredAt.adding(
        milliseconds: options.ageLimitMilliseconds + options.marginMilliseconds)
      if policy != .restamp, !isDebit, now < settled {
        results[event.sequence] = .failed(
          event.lastFailure ?? "its fate is unknown", event.code, event.way, at: settled)
        return nil
      }
      let found = call { () throws(ProviderFailure) in try provider.has(event: usage.id) }
      switch found {
      case .done(true):
        results[event.sequence] = .shipped
        return nil
      case .done(false): break
      case .failed(let failure):
        results[event.sequence] =
          failure.kind == .refused
          ? .dead(failure.reason, .refused, event.way)
          : .failed("look-up: \(failure.reason)", nil, event.way, at: nil)
        return nil
      case .notMade(let reason):
        results[event.sequence] = .failed(
          event.lastFailure ?? reason, event.code, event.way, at: nil)
        return nil
      }
    }
    switch policy {
    case .restamp:
      return Parcel(sequence: event.sequence, usage: usage, isRestamped: true, way: event.way)
    case .ledger: debit(event)
    case .hold:
      results[event.sequence] = .dead(
        "it is from \(usage.occurredAt), which is too long ago for the provider", .held, .held)
    }
    return nil
  }

  private func debit(_ event: OutboxEvent) {
    let usage = event.event
    guard let parcel = try? meter.event(for: usage) else {
      results[event.sequence] = .dead(Self.overflow, .overflow, event.way)
      return
    }
    let answer = call { () throws(ProviderFailure) in
      try provider.debit(parcel, credits: usage.credits)
    }
    switch answer {
    case .done: results[event.sequence] = .shipped
    case .failed(let failure):
      // From here on the meter must never get it as well.
      results[event.sequence] = Self.result(failure, .ledger)
    case .notMade(let reason):
      results[event.sequence] = .failed(event.lastFailure ?? reason, event.code, event.way, at: nil)
    }
  }

  /// Sends events in one batch; a batch that is refused is halved until the culprits stand alone.
  private func send(_ parcels: ArraySlice<Parcel>) {
    if parcels.isEmpty { return }
    var sendable: [Parcel] = []
    var events: [MeterEvent] = []
    for parcel in parcels {
      let at = parcel.isRestamped ? world.now() : nil
      guard let event = try? meter.event(for: parcel.usage, at: at) else {
        results[parcel.sequence] = .dead(Self.overflow, .overflow, parcel.way)
        continue
      }
      sendable.append(parcel)
      events.append(event)
    }
    if events.isEmpty { return }
    let answer = call { () throws(ProviderFailure) in try provider.send(events) }
    switch answer {
    case .done:
      for parcel in sendable { results[parcel.sequence] = .shipped }
    case .failed(let failure) where failure.kind == .refused && sendable.count > 1:
      let middle = sendable.count / 2
      send(sendable[..<middle])
      send(sendable[middle...])
    case .failed(let failure):
      for parcel in sendable {
        results[parcel.sequence] = Self.result(failure, parcel.way)
      }
    case .notMade(let reason):
      for parcel in sendable {
        results[parcel.sequence] = .failed(reason, nil, parcel.way, at: nil)
      }
    }
  }

  private static let overflow = "its cost has more digits than a number can have"

  private static func result(_ failure: ProviderFailure, _ way: OutboxEvent.Way) -> Result {
    switch failure.kind {
    case .refused: .dead(failure.reason, .refused, way)
    case .notTaken: .failed(failure.reason, nil, way, at: nil)
    case .fateUnknown: .fateUnknown(failure.reason, way)
    }
  }

  private enum Call<Answer> {
    case done(Answer)
    case failed(ProviderFailure)
    /// It was not made: the provider does nothing at present, or the lease would end.
    case notMade(String)
  }

  /// Makes a call if there is time for it, when the provider's limits allow it.
  private func call<Answer>(
    _ body: () throws(ProviderFailure) -> Answer
  ) -> Call<Answer> {
    if stop == nil {
      let ready = provider.readyAt(world.now())
      let last = leaseEnd.adding(milliseconds: -options.callMilliseconds)
      if ready > last || (ready > world.now() && !world.wait(ready)) || world.now() > last {
        stop = "there was no time for it"
      }
    }
    if let stop { return .notMade(stop) }
    do throws(ProviderFailure) {
      return .done(try body())
    } catch {
      if error.kind != .refused {
        // Whatever else is tried now would fail as well.
        stop = error.reason
        failure = error
      }
      return .failed(error)
    }
  }
}
