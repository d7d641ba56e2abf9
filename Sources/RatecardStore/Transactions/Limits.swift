internal import Glibc
internal import RatecardValues

/// What a change may hold, so that every engine can store it and give it back as it was.
enum Limits {
  /// How many bytes ids and other short texts have: each has to fit into an entry of an index.
  static let shortText = 1024

  static func refusal(of change: Change, isNested: Bool = false) -> Refusal? {
    var check = Check()
    switch change {
    case .usage(let event): check.usage(event)
    case .deadLetter(let letter):
      check.short(letter.id, letter.customer, letter.code)
      check.long(letter.body)
      check.long(letter.message)
      check.time(letter.at)
    case .customer(let change):
      check.short(change.id)
      check.short(change.plan?.value, change.plan?.source, change.tier ?? nil)
      check.short(change.balance?.source)
      check.long(change.cause)
      check.number(change.balance?.value ?? nil)
      check.number(change.deducted)
      check.time(change.at)
      if let at = change.plan?.at { check.time(at) }
      if let at = change.balance?.at { check.time(at) }
      if let at = change.settledBefore { check.time(at) }
    case .tier(let change): check.tier(change)
    case .trail(let change):
      check.short(change.customer)
      check.short(change.plan?.value, change.plan?.source, change.tier?.from, change.tier?.to)
      check.long(change.after)
      if let cause = change.tier?.cause { check.long(cause) }
      if let at = change.tier?.at { check.time(at) }
      if let at = change.plan?.at { check.time(at) }
    case .identify(let customer, let id): check.short(customer, id)
    case .notice(let notice):
      check.short(notice.customer, notice.cause, notice.postedAs)
      check.long(notice.text)
      check.time(notice.at)
    case .card(let card):
      check.short(card.version, card.name)
      for file in card.files { check.short(file.path) }
      check.time(card.usedAt)
    case .cardUsed(let version, let at):
      check.short(version)
      check.time(at)
    case .shipment(let shipment), .posting(let shipment):
      check.short(shipment.owner)
      switch shipment.result {
      case .shipped(let at): check.time(at)
      case .failed(let reason, let at), .fateUnknown(let reason, let at):
        check.long(reason)
        check.time(at)
      case .dead(let reason): check.long(reason)
      }
    case .retry(let id, let at), .drop(let id, let at), .release(let id, let at),
      .expire(let id, let at):
      check.short(id)
      check.time(at)
    case .correct(let event, let correction):
      check.usage(event)
      check.correction(correction)
    case .reassign(let customer, let correction):
      check.short(customer)
      check.correction(correction)
    case .webhook(let id, let at, _):
      check.short(id)
      check.time(at)
      if isNested { return .malformed }
    case .reserve(let reservation, _, let move):
      check.short(reservation.id, reservation.customer)
      check.long(reservation.detail)
      check.number(reservation.amount)
      check.time(reservation.at)
      check.time(reservation.expiresAt)
      if let move { check.tier(move) }
      if reservation.amount.isNegative { return .malformed }
    case .settle(let reservation, let event):
      check.short(reservation)
      check.usage(event)
    }
    return check.refusal
  }

  /// Whether an amount can be stored: within ±10¹⁸, and with 18 decimals at most, so that the sum
  /// of two never has more digits than a number can have.
  static func holds(_ number: Number) -> Bool {
    number.decimals <= 18 && number <= largest && smallest <= number
  }

  private static let largest = Number(1_000_000_000_000_000_000)
  private static let smallest = Number(-1_000_000_000_000_000_000)
}

/// Collects the first thing that is wrong with a change.
private struct Check {
  private(set) var refusal: Refusal?

  mutating func usage(_ event: UsageEvent) {
    short(event.id, event.customer, event.version)
    // A rule without a name is called by its conditions, and a decision holds its request.
    for text in [event.rule, event.ratecard, event.decision, event.adjustments] {
      if let text { long(text) }
    }
    long(event.attributes)
    number(event.credits)
    time(event.occurredAt)
    time(event.recordedAt)
  }

  mutating func tier(_ change: TierChange) {
    short(change.customer, change.from, change.to)
    long(change.cause)
    time(change.at)
  }

  mutating func correction(_ correction: Correction) {
    short(correction.id, correction.source)
    long(correction.from)
    long(correction.to)
    time(correction.at)
  }

  mutating func short(_ texts: String?...) {
    for case let text? in texts {
      if text.utf8.count > Limits.shortText {
        refusal = refusal ?? .tooLong(limit: Limits.shortText)
      }
      long(text)
    }
  }

  mutating func long(_ text: String) {
    let holdsNul =
      text.utf8.withContiguousStorageIfAvailable { bytes in
        bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
      } ?? text.utf8.contains(0)
    if holdsNul { refusal = refusal ?? .nulCharacter }
  }

  mutating func number(_ number: Number?) {
    if let number, !Limits.holds(number) { refusal = refusal ?? .overflow }
  }

  mutating func time(_ instant: Instant) {
    if instant.nanoseconds > Int64.max { refusal = refusal ?? .tooLate }
  }
}
