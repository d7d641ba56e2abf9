internal import RatecardValues

/// How the store's values lie in the columns of its tables; the order is that of `Statement`.
extension Cells {
  mutating func event(_ event: UsageEvent) {
    text(event.id)
    text(event.customer)
    instant(event.occurredAt)
    instant(event.recordedAt)
    number(event.credits)
    text(event.rule)
    text(event.adjustments)
    text(event.ratecard)
    text(event.version)
    text(event.decision)
    text(event.attributes)
    blob(event.fingerprint)
    flag(event.ships)
  }

  mutating func deadLetter(_ letter: DeadLetter) {
    text(letter.id)
    text(letter.customer)
    text(letter.body)
    blob(letter.fingerprint)
    text(letter.code)
    text(letter.message)
    instant(letter.at)
  }

  mutating func reservation(_ reservation: Reservation) {
    text(reservation.id)
    text(reservation.customer)
    number(reservation.amount)
    instant(reservation.at)
    instant(reservation.expiresAt)
    text(reservation.detail)
    blob(reservation.fingerprint)
  }
}

extension Row {
  mutating func event() throws(StoreFailure.Reason) -> UsageEvent {
    UsageEvent(
      id: try text(), customer: try text(), occurredAt: try instant(), recordedAt: try instant(),
      credits: try number(), rule: try text(), adjustments: try optionalText(),
      ratecard: try text(), version: try text(), decision: try optionalText(),
      attributes: try text(), fingerprint: try blob(), ships: try flag())
  }

  mutating func deadLetter() throws(StoreFailure.Reason) -> DeadLetter {
    DeadLetter(
      id: try text(), customer: try text(), body: try text(), fingerprint: try blob(),
      code: try text(), message: try text(), at: try instant())
  }

  mutating func customer() throws(StoreFailure.Reason) -> Customer {
    var customer = Customer(id: try text())
    let plan = try optionalText()
    if let at = try optionalInstant() {
      customer.plan = Known(plan, at: at, source: try text())
    } else {
      skip()
    }
    customer.tier = try optionalText()
    let balance = try optionalNumber()
    if let at = try optionalInstant() {
      customer.balance = Known(balance, at: at, source: try text())
    } else {
      skip()
    }
    customer.pending = try number()
    customer.held = try number()
    customer.updatedAt = try instant()
    return customer
  }

  mutating func tierChange() throws(StoreFailure.Reason) -> Entry<TierChange> {
    Entry(
      try integer(),
      TierChange(
        customer: try text(), from: try optionalText(), to: try optionalText(), cause: try text(),
        at: try instant()))
  }

  mutating func notice() throws(StoreFailure.Reason) -> Entry<Notice> {
    Entry(try integer(), try bareNotice())
  }

  private mutating func bareNotice() throws(StoreFailure.Reason) -> Notice {
    Notice(customer: try text(), text: try text(), cause: try text(), at: try instant())
  }

  mutating func posting() throws(StoreFailure.Reason) -> NoticePosting {
    let sequence = try integer()
    let id = try text()
    let since = try instant()
    let due = try optionalInstant()
    let owner = try optionalText()
    let attempts = Int(try integer())
    let failure = try optionalText()
    let code = try optionalText().flatMap { DeliveryCode(rawValue: $0) }
    return NoticePosting(
      sequence: sequence, id: id, notice: try bareNotice(), since: since,
      state: due.map { .waiting(until: $0) } ?? .dead(reason: failure ?? ""), owner: owner,
      attempts: attempts, lastFailure: failure, code: code)
  }

  mutating func correction() throws(StoreFailure.Reason) -> Correction {
    Correction(
      id: try text(), at: try instant(), source: try text(), from: try text(), to: try text())
  }

  mutating func outboxEvent() throws(StoreFailure.Reason) -> OutboxEvent {
    let sequence = try integer()
    let due = try optionalInstant()
    let owner = try optionalText()
    let attempts = Int(try integer())
    let isFateUnknown = try flag()
    let failure = try optionalText()
    let code = try optionalText().flatMap { DeliveryCode(rawValue: $0) }
    let way = try optionalText().flatMap { OutboxEvent.Way(rawValue: $0) } ?? .meter
    return OutboxEvent(
      sequence: sequence, event: try event(),
      state: due.map { .waiting(until: $0) } ?? .dead(reason: failure ?? ""), owner: owner,
      attempts: attempts, isFateUnknown: isFateUnknown, lastFailure: failure, code: code, way: way)
  }

  mutating func reservation() throws(StoreFailure.Reason) -> Reservation {
    Reservation(
      id: try text(), customer: try text(), amount: try number(), at: try instant(),
      expiresAt: try instant(), detail: try text(), fingerprint: try blob())
  }

  mutating func endedReservation() throws(StoreFailure.Reason) -> Reservation.Ended {
    let reservation = try reservation()
    let text = try text()
    guard let ending = Reservation.Ending(rawValue: text) else {
      throw .corrupt("a reservation has ended as `\(text)`")
    }
    return Reservation.Ended(reservation: reservation, ending: ending, at: try instant())
  }
}
