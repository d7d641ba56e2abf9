import RatecardStore
import RatecardValues

/// What a store means, in memory: plain lists, looked through from the first to the last.
struct StoreTwin {
  struct Waiting: Equatable {
    var id: String
    var due: Instant?
    var owner: String?
    var attempts = 0
    var isFateUnknown = false
    var failure: String?
    var code: DeliveryCode?
    var way = OutboxEvent.Way.meter
  }

  private static let limit = Number(1_000_000_000_000_000_000)

  var usage: [UsageEvent] = []
  var letters: [DeadLetter] = []
  var customers: [Customer] = []
  var tierChanges: [TierChange] = []
  var notices: [Notice] = []
  var outbox: [Waiting] = []
  var webhooks: [String] = []
  var reservations: [Reservation] = []
  var ended: [Reservation.Ended] = []
  var shipped: [(customer: String, credits: Number, at: Instant)] = []
  var accounts: [String: Account] = [:]

  /// What the provider had accepted by its latest balance, and what has been taken from pending.
  struct Account: Equatable {
    var accepted = Number.zero
    var taken = Number.zero
    var ahead = Number.zero
    var statedAt: Instant?
  }

  var cards: [CardSource] = []

  mutating func apply(_ change: Change) -> Outcome {
    switch change {
    case .usage(let event): return record(event)
    case .deadLetter(let letter):
      if let stored = usage.first(where: { $0.id == letter.id }) {
        return stored.fingerprint == letter.fingerprint ? .repeated(stored) : .conflict
      }
      if let place = letters.firstIndex(where: { $0.id == letter.id }) {
        if letters[place].at <= letter.at { letters[place] = letter }
      } else {
        letters.append(letter)
      }
      return .done
    case .customer(let change): return apply(change)
    case .tier(let change):
      return .customer(
        edit(change.customer) { customer in
          guard customer.tier == change.from, change.from != change.to else { return false }
          customer.tier = change.to
          customer.updatedAt = max(customer.updatedAt, change.at)
          return true
        } then: {
          $0.tierChanges.append(change)
        })
    case .trail: preconditionFailure("the random changes leave no trails")
    case .identify: preconditionFailure("the random changes give no ids")
    case .notice(let notice):
      if notices.contains(where: { $0.customer == notice.customer && $0.cause == notice.cause }) {
        return .seenBefore
      }
      notices.append(notice)
      return .done
    case .card(let card):
      if case .done = apply(.cardUsed(version: card.version, at: card.usedAt)) { return .done }
      cards.append(card)
      return .done
    case .cardUsed(let version, let at):
      guard let place = cards.firstIndex(where: { $0.version == version }) else { return .missing }
      cards[place].usedAt = max(cards[place].usedAt, at)
      return .done
    case .shipment: preconditionFailure("shipments are made by `settle`")
    case .posting, .correct, .reassign:
      preconditionFailure("the random changes post no notices and correct nothing")
    case .retry(let id, let at):
      guard let place = outbox.firstIndex(where: { $0.id == id }) else { return .missing }
      outbox[place].due = at
      // Whoever held it may have sent it.
      if outbox[place].owner != nil { outbox[place].isFateUnknown = true }
      outbox[place].owner = nil
      return .done
    case .drop(let id, let at):
      if let place = outbox.firstIndex(where: { $0.id == id }),
        let event = usage.first(where: { $0.id == id })
      {
        let pending = customers.first { $0.id == event.customer }?.pending ?? .zero
        if pending.minus(event.credits) > Self.limit { return .refused(.overflow) }
        outbox.remove(at: place)
        _ = edit(event.customer) { customer in
          let rest = customer.pending.minus(event.credits)
          customer.pending = event.credits.isNegative ? rest : max(.zero, rest)
          customer.updatedAt = max(customer.updatedAt, at)
          return true
        }
        return .done
      }
      let before = letters.count
      letters.removeAll { $0.id == id }
      return letters.count < before ? .done : .missing
    case .webhook(let id, _, let changes):
      if webhooks.contains(id) { return .seenBefore }
      webhooks.append(id)
      return .first(changes.map { apply($0) })
    case .reserve(let reservation, let requirement, let move):
      let outcome = reserve(reservation, requirement)
      switch outcome {
      case .reserved(reservation), .insufficient:
        if let move { _ = apply(.tier(move)) }
      default: break
      }
      return outcome
    case .settle(let id, let event):
      let (stored, isRepeated): (UsageEvent, Bool)
      switch record(event) {
      case .recorded(let event): (stored, isRepeated) = (event, false)
      case .repeated(let event): (stored, isRepeated) = (event, true)
      case let outcome: return outcome
      }
      return .settled(
        .init(event: stored, isRepeated: isRepeated, ended: end(id, .settled, event.recordedAt)))
    case .release(let id, let at): return end(id, .released, at).map { .ended($0) } ?? .missing
    case .expire(let customer, let at):
      expire(customer, at)
      return .customer(edit(customer) { _ in true })
    }
  }

  /// What came of an attempt, by the event's id.
  mutating func settle(_ id: String, _ shipment: Shipment) -> Outcome {
    guard let place = outbox.firstIndex(where: { $0.id == id }) else { return .missing }
    if case .shipped(let at) = shipment.result {
      outbox.remove(at: place)
      if let event = usage.first(where: { $0.id == id }) {
        shipped.append((event.customer, event.credits, at))
      }
      return .done
    }
    guard outbox[place].owner == shipment.owner else { return .missing }
    outbox[place].owner = nil
    outbox[place].way = shipment.way
    outbox[place].code = shipment.code
    switch shipment.result {
    case .shipped: break
    case .failed(let reason, let at):
      (outbox[place].failure, outbox[place].due) = (reason, at)
    case .fateUnknown(let reason, let at):
      (outbox[place].failure, outbox[place].due) = (reason, at)
      outbox[place].isFateUnknown = true
    case .dead(let reason): (outbox[place].failure, outbox[place].due) = (reason, nil)
    }
    return .done
  }

  /// Leases everything that is due, and answers the ids.
  mutating func claimAll(owner: String, now: Instant, until: Instant) -> [String] {
    var ids: [String] = []
    for place in outbox.indices {
      guard let due = outbox[place].due, due <= now else { continue }
      outbox[place].due = until
      if outbox[place].owner != nil { outbox[place].isFateUnknown = true }
      outbox[place].owner = owner
      outbox[place].attempts += 1
      ids.append(outbox[place].id)
    }
    return ids
  }

  private mutating func record(_ event: UsageEvent) -> Outcome {
    if let stored = usage.first(where: { $0.id == event.id }) {
      return stored.fingerprint == event.fingerprint ? .repeated(stored) : .conflict
    }
    let pending = customers.first { $0.id == event.customer }?.pending ?? .zero
    let sum = pending.plus(event.credits)
    if event.credits > Self.limit || sum > Self.limit { return .refused(.overflow) }
    usage.append(event)
    _ = edit(event.customer) { customer in
      customer.pending = sum
      customer.updatedAt = max(customer.updatedAt, event.recordedAt)
      return true
    }
    if event.ships || !event.credits.isZero {
      outbox.append(Waiting(id: event.id, due: event.recordedAt))
    }
    letters.removeAll { $0.id == event.id }
    return .recorded(event)
  }

  private mutating func apply(_ change: CustomerChange) -> Outcome {
    var pending = edit(change.id) { _ in true }.pending
    guard let account = settle(change, &pending) else { return .refused(.overflow) }
    accounts[change.id] = account
    var history: TierChange?
    let customer = edit(change.id) { customer in
      let before = customer
      if let plan = change.plan, Self.isNewer(plan, customer.plan) { customer.plan = plan }
      if let balance = change.balance, Self.isNewer(balance, customer.balance) {
        customer.balance = balance
      }
      customer.pending = pending
      if let tier = change.tier { customer.tier = tier }
      if customer.tier != before.tier {
        history = TierChange(
          customer: change.id, from: before.tier, to: customer.tier, cause: change.cause,
          at: change.at)
      }
      if customer != before { customer.updatedAt = max(customer.updatedAt, change.at) }
      return true
    } then: {
      if let history { $0.tierChanges.append(history) }
    }
    return .customer(customer)
  }

  /// What is left pending, and the account after it; nil: an amount is too large.
  private mutating func settle(_ change: CustomerChange, _ pending: inout Number) -> Account? {
    var account = accounts[change.id] ?? Account()
    let at = change.balance?.at ?? change.at
    let isEarlier = account.statedAt.map { at <= $0 } ?? false
    if var deducted = change.deducted {
      if isEarlier {
        let known = min(account.ahead, deducted)
        account.ahead = account.ahead.minus(known)
        deducted = deducted.minus(known)
      }
      let taken = pending > .zero ? min(pending, deducted) : .zero
      pending = pending.minus(taken)
      account.taken = account.taken.plus(taken)
      if account.taken.minus(account.accepted) > Self.limit { return nil }
    }
    if let bound = change.settledBefore, change.balance?.value != nil, !isEarlier {
      account.statedAt = at
      var accepted = account.accepted
      for event in shipped where event.customer == change.id && event.at < bound {
        accepted = accepted.plus(event.credits)
      }
      shipped.removeAll { $0.customer == change.id && $0.at < bound }
      if accepted.minus(account.taken) <= Self.limit { account.accepted = accepted }
      let taken = min(account.accepted.minus(account.taken), pending)
      if taken > .zero {
        pending = pending.minus(taken)
        account.taken = account.taken.plus(taken)
        account.ahead = account.ahead.plus(taken)
        if account.ahead > Self.limit { return nil }
      }
    }
    return account
  }

  private static func isNewer(_ plan: Known<String?>, _ old: Known<String?>?) -> Bool {
    guard let old else { return true }
    return (plan.at, plan.value ?? "", plan.source) > (old.at, old.value ?? "", old.source)
  }

  private static func isNewer(_ balance: Known<Number?>, _ old: Known<Number?>?) -> Bool {
    guard let old else { return true }
    // An amount beats none, and the lower of two the higher.
    let far = Number(2_000_000_000_000_000_000)
    return (balance.at, old.value ?? far, balance.source)
      > (old.at, balance.value ?? far, old.source)
  }

  private mutating func reserve(
    _ reservation: Reservation, _ requirement: Reservation.Requirement
  ) -> Outcome {
    expire(reservation.customer, reservation.at)
    let customer = edit(reservation.customer) { _ in true }
    func isSame(_ other: Reservation) -> Bool {
      other.customer == reservation.customer && other.fingerprint == reservation.fingerprint
    }
    if let stored = reservations.first(where: { $0.id == reservation.id }) {
      return isSame(stored) ? .reserved(stored) : .conflict
    }
    if let known = ended.first(where: { $0.reservation.id == reservation.id }) {
      return isSame(known.reservation) ? .ended(known) : .conflict
    }
    let available = customer.balance?.value.map {
      $0.minus(customer.pending).minus(customer.held)
    }
    if case .available(let seen) = requirement.basis, seen != available {
      return .changed(available: available)
    }
    if reservation.amount > .zero {
      if let available, let floor = requirement.floor,
        available.minus(reservation.amount) < floor
      {
        return .insufficient(available: available)
      }
      if available == nil, requirement.needsBalance { return .insufficient(available: nil) }
    }
    reservations.append(reservation)
    _ = edit(reservation.customer) { customer in
      customer.held = customer.held.plus(reservation.amount)
      return true
    }
    return .reserved(reservation)
  }

  private mutating func expire(_ customer: String, _ at: Instant) {
    for old in reservations where old.customer == customer && old.expiresAt <= at {
      _ = end(old.id, .expired, at)
    }
  }

  private mutating func end(
    _ id: String, _ ending: Reservation.Ending, _ at: Instant
  ) -> Reservation.Ended? {
    guard let place = reservations.firstIndex(where: { $0.id == id }) else {
      return ended.first { $0.reservation.id == id }
    }
    let reservation = reservations.remove(at: place)
    let last = Reservation.Ended(
      reservation: reservation, ending: reservation.expiresAt <= at ? .expired : ending, at: at)
    ended.append(last)
    _ = edit(reservation.customer) { customer in
      customer.held = customer.held.minus(reservation.amount)
      customer.updatedAt = max(customer.updatedAt, at)
      return true
    }
    return last
  }

  /// Changes a customer, who is added where not known; a body that answers false changes nothing.
  private mutating func edit(
    _ id: String, _ body: (inout Customer) -> Bool, then: (inout StoreTwin) -> Void = { _ in }
  ) -> Customer {
    let place: Int
    if let known = customers.firstIndex(where: { $0.id == id }) {
      place = known
    } else {
      place = customers.count
      customers.append(Customer(id: id))
    }
    var customer = customers[place]
    if body(&customer) {
      customers[place] = customer
      then(&self)
    }
    return customers[place]
  }
}

/// Second arithmetic: in units of 10⁻¹⁸, as wide as it takes.
extension Number {
  fileprivate func plus(_ other: Number) -> Number { sum(other, 1) }
  fileprivate func minus(_ other: Number) -> Number { sum(other, -1) }

  private func sum(_ other: Number, _ sign: Int128) -> Number {
    guard let sum = Number(significand: units + sign * other.units, exponent: -18) else {
      preconditionFailure("the tests' amounts are small")
    }
    return sum
  }

  private var units: Int128 {
    (0..<(exponent + 18)).reduce(significand) { units, _ in units * 10 }
  }
}
