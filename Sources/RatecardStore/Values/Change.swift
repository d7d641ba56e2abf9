public import RatecardValues

/// One thing to be done to a store; see `Outcome` for what is answered.
///
/// A value is one word, for most carry much and go from hand to hand.
public indirect enum Change: Hashable, Sendable {
  /// Records usage: adds it to the ledger, to the customer's pending credits and to the outbox.
  ///
  /// Answers `recorded`, `repeated` or `conflict`.
  case usage(UsageEvent)
  /// Keeps usage that has no price, unless usage of that id is recorded; the newest reason wins.
  ///
  /// Answers `done`, `repeated` or `conflict`.
  case deadLetter(DeadLetter)
  /// Changes what is known of a customer; answers `customer`.
  case customer(CustomerChange)
  /// Moves a customer if the tier still is what it is moved from; answers `customer`.
  case tier(TierChange)
  /// Replaces what is remembered of a provider's messages, and makes what follows from it.
  ///
  /// Answers `customer`, or `conflict` where it is not what it was before, and nothing is changed.
  case trail(TrailChange)
  /// Notes by which id the provider knows a customer; the first one holds.
  ///
  /// Answers `done`, or `conflict` where the customer has another id or the id another customer.
  case identify(customer: String, providerID: String)
  /// Keeps a notice; answers `done`, or `seenBefore` for a cause the customer was told of.
  case notice(Notice)
  /// Keeps a card's files, or only when it was used last if they are there; answers `done`.
  case card(CardSource)
  /// Notes that a card was used; answers `done` or `missing`.
  case cardUsed(version: String, at: Instant)
  /// Notes what came of an attempt to ship; answers `done`, or `missing` where the event is not
  /// there or another shipper holds it.
  case shipment(Shipment)
  /// Notes what came of an attempt to post a notice; answers as `shipment`.
  case posting(Shipment)
  /// Tries a waiting or dead event or notice again at a time; answers `done` or `missing`.
  case retry(id: String, at: Instant)
  /// Gives up shipping an event, whose credits are pending no longer, or posting a notice, and
  /// forgets a dead letter of that id; answers `done` or `missing`.
  case drop(id: String, at: Instant)
  /// Records usage that had no price as someone corrected it, and keeps the correction where it is
  /// recorded; answers as `usage`.
  case correct(UsageEvent, Correction)
  /// Ships a dead event again, for another customer, and keeps the correction.
  ///
  /// Answers `done`, `missing`, or `conflict` where the event is not dead or the provider may have
  /// it.
  case reassign(customer: String, Correction)
  /// Makes changes once for the id of a webhook, and none when it comes again.
  ///
  /// Answers `first` with what came of the changes, or `seenBefore`.
  case webhook(id: String, at: Instant, changes: [Change])
  /// Holds credits; answers `reserved`, `changed`, `insufficient`, `ended` where the same reservation
  /// was made before and has ended, or `conflict` where one of that id has another content.
  ///
  /// The customer moves to another tier unless it is `changed`: the decision behind it was made.
  case reserve(Reservation, requires: Reservation.Requirement, moving: TierChange? = nil)
  /// Records usage and lets go of the credits held for it, if they still are; answers `settled`, or
  /// as `usage` where nothing could be recorded, and the credits stay held.
  case settle(reservation: String, UsageEvent)
  /// Lets go of held credits; answers how they are `ended`, now or earlier, or `missing`.
  case release(reservation: String, at: Instant)
  /// Lets go of whatever a customer's reservations held for too long; answers `customer`.
  case expire(customer: String, at: Instant)
}

/// What came of a change.
public indirect enum Outcome: Hashable, Sendable {
  /// The usage is recorded.
  case recorded(UsageEvent)
  /// The same usage was recorded before, as given here.
  case repeated(UsageEvent)
  /// The id is taken by something else.
  case conflict
  /// The customer as it is now.
  case customer(Customer)
  /// It is done.
  case done
  /// What it is about is not there.
  case missing
  /// A webhook that was not seen before, and what came of its changes.
  case first([Outcome])
  /// It was done before.
  case seenBefore
  /// The credits are held, since now or since the reservation was first made.
  case reserved(Reservation)
  /// Nothing is held: so many credits are available, other than the reservation was worked out with.
  case changed(available: Number?)
  /// The usage is recorded, and the reservation holds nothing.
  case settled(Reservation.Settlement)
  /// The reservation holds nothing any more.
  case ended(Reservation.Ended)
  /// There are not enough credits: so many are available, or the balance is not known.
  case insufficient(available: Number?)
  /// It cannot be stored, and nothing of it was.
  case refused(Refusal)
}

/// Why a change, and it alone, cannot be stored.
public enum Refusal: Hashable, Sendable, CustomStringConvertible {
  /// An amount, or the customer's sum with it, is beyond 10¹⁸ or has more than 18 decimals.
  case overflow
  /// A time lies after the year 2261.
  case tooLate
  /// An id or another short text has more bytes than the limit.
  case tooLong(limit: Int)
  /// A text holds a NUL character.
  case nulCharacter
  /// A webhook is among the changes of a webhook, or a reserved amount is below zero.
  case malformed

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .overflow:
      "an amount, or the customer's sum with it, is beyond 10¹⁸ or finer than 18 decimals"
    case .tooLate: "a time lies after the year 2261"
    case .tooLong(let limit): "a text has more than \(limit) bytes"
    case .nulCharacter: "a text holds a NUL character"
    case .malformed: "the change is malformed"
    }
  }
}
