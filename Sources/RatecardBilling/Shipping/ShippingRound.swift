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
    case failed(String, at: Instant?)
    case fateUnknown(String)
    case dead(String)

    func result(retryAt: Instant, now: Instant) -> Shipment.Result {
      switch self {
      case .shipped: .shipped(at: now)
      case .failed(let reason, let at): .failed(reason: reason, retryAt: at ?? retryAt)
      case .fateUnknown(let reason): .fateUnknown(reason: reason, retryAt: retryAt)
      case .dead(let reason): .dead(reason: reason)
      }
    }
  }

  /// An event as it is to be sent.
  private struct Parcel {
    let sequence: Int64
    let usage: UsageEvent
    /// Whether it is sent with the time at which it is sent.
    let isRestamped: Bool
    /// How the reason of its failure begins.
    var mark = ""
  }

  /// How the reason of a ledger debit's failure begins: such an event is never sent to the meter.
  private static let debitMark = "ledger debit: "
  /// How the reason for holding an event begins: whoever tries it again wants it sent.
  private static let holdMark = "held: "

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
  func ship(_ events: [OutboxEvent]) {
    var parcels: [Parcel] = []
    for event in events {
      if let parcel = prepare(event) { parcels.append(parcel) }
    }
    send(parcels[...])
  }

  /// Decides how an event goes; nil: it does not go with the batch, and has its result.
  private func prepare(_ event: OutboxEvent) -> Parcel? {
    let now = world.now()
    let usage = event.event
    let earliest = usage.occurredAt.adding(milliseconds: -options.aheadLimitMilliseconds)
    if earliest > now {
      results[event.sequence] = .failed("its time has not come", at: earliest)
      return nil
    }
    let isDebit = event.lastFailure?.hasPrefix(Self.debitMark) ?? false
    let limit = usage.occurredAt.adding(milliseconds: options.ageLimitMilliseconds)
    let isLate = now >= limit.adding(milliseconds: -options.marginMilliseconds)
    guard isLate || isDebit else {
      return Parcel(sequence: event.sequence, usage: usage, isRestamped: false)
    }
    let isHeld = event.lastFailure?.hasPrefix(Self.holdMark) ?? false
    let policy = isDebit ? .ledger : isHeld ? .restamp : options.late
    if event.isFateUnknown {
      // An attempt that is still on its way may arrive until the provider finds it too old. Sending
      // it once more does no harm then, since it has the same id, but everything else would.
      let settled = limit.adding(milliseconds: options.marginMilliseconds)
      if policy != .restamp, !isDebit, now < settled {
        results[event.sequence] = .failed(event.lastFailure ?? "its fate is unknown", at: settled)
        return nil
      }
      let found = call { () throws(ProviderFailure) in try provider.has(event: usage.id) }
      switch found {
      case .done(true):
        results[event.sequence] = .shipped
        return nil
      case .done(false): break
      case .failed(let failure):
        // Not lost with it: on which way the event is.
        let mark = isDebit ? Self.debitMark : isHeld ? Self.holdMark : ""
        results[event.sequence] =
          failure.kind == .refused
          ? .dead(failure.reason) : .failed("\(mark)look-up: \(failure.reason)", at: nil)
        return nil
      case .notMade(let reason):
        results[event.sequence] = .failed(event.lastFailure ?? reason, at: nil)
        return nil
      }
    }
    switch policy {
    case .restamp:
      return Parcel(
        sequence: event.sequence, usage: usage, isRestamped: true,
        mark: isHeld ? Self.holdMark : "")
    case .ledger: debit(event)
    case .hold:
      results[event.sequence] = .dead(
        "\(Self.holdMark)it is from \(usage.occurredAt), which is too long ago for the provider")
    }
    return nil
  }

  private func debit(_ event: OutboxEvent) {
    let usage = event.event
    guard let parcel = try? meter.event(for: usage) else {
      results[event.sequence] = .dead(Self.overflow)
      return
    }
    let answer = call { () throws(ProviderFailure) in
      try provider.debit(parcel, credits: usage.credits)
    }
    switch answer {
    case .done: results[event.sequence] = .shipped
    case .failed(let failure):
      results[event.sequence] = Self.result(failure, mark: Self.debitMark)
    case .notMade(let reason):
      results[event.sequence] = .failed(event.lastFailure ?? reason, at: nil)
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
        results[parcel.sequence] = .dead(Self.overflow)
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
        results[parcel.sequence] = Self.result(failure, mark: parcel.mark)
      }
    case .notMade(let reason):
      for parcel in sendable {
        results[parcel.sequence] = .failed(parcel.mark + reason, at: nil)
      }
    }
  }

  private static let overflow = "its cost has more digits than a number can have"

  private static func result(_ failure: ProviderFailure, mark: String) -> Result {
    switch failure.kind {
    case .refused: .dead(mark + failure.reason)
    case .notTaken: .failed(mark + failure.reason, at: nil)
    case .fateUnknown: .fateUnknown(mark + failure.reason)
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
