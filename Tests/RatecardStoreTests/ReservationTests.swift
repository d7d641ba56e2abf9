import RatecardStore
import RatecardValues
import Testing

@testable import RatecardStore

struct ReservationTests {
  private func store(_ place: Place, balance: String?) throws -> Store {
    let store = try place.open()
    guard let balance else { return store }
    _ = try store.commit([
      .customer(
        CustomerChange(
          id: "c", balance: Known(number(balance), at: at(0), source: "read"), cause: "read",
          at: at(0)))
    ])
    return store
  }

  private func reservation(
    _ id: String, _ amount: String, at second: Int = 1, content: UInt8 = 1
  ) -> Reservation {
    Reservation(
      id: id, customer: "c", amount: number(amount), at: at(second), expiresAt: at(second + 10),
      detail: #"{"model":"o1"}"#, fingerprint: [content])
  }

  private func ended(
    _ reservation: Reservation, _ ending: Reservation.Ending, at second: Int
  ) -> Reservation.Ended {
    .init(reservation: reservation, ending: ending, at: at(second))
  }

  @Test(arguments: Engine.available)
  func holdsWhatIsThere(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: "10")
    let first = reservation("r1", "6")
    #expect(
      try store.commit([
        .reserve(first, requires: .covered),
        // The same content is the same reservation, whatever it would cost by now.
        .reserve(reservation("r1", "5", at: 2), requires: .covered),
        .reserve(reservation("r1", "6", content: 2), requires: .covered),
        .reserve(reservation("r2", "5"), requires: .covered),
        .reserve(reservation("r3", "5"), requires: .coveredIfKnown),
        .reserve(reservation("r4", "-1"), requires: .nothing),
        .usage(usage("u", "c", "3")),
        .reserve(reservation("r5", "1"), requires: .covered),
        .reserve(reservation("r6", "0.5"), requires: .covered),
        .reserve(reservation("r7", "7"), requires: .nothing),
        .reserve(reservation("r8", "0"), requires: .covered),
      ]) == [
        .reserved(first), .reserved(first), .conflict, .insufficient(available: number("4")),
        .insufficient(available: number("4")), .refused(.malformed),
        .recorded(usage("u", "c", "3")), .reserved(reservation("r5", "1")),
        .insufficient(available: .zero), .reserved(reservation("r7", "7")),
        .reserved(reservation("r8", "0")),
      ])
    #expect(try store.customer("c")?.held == number("14"))
    #expect(try store.customer("c")?.available == number("-7"))
    #expect(try store.reservation("r1") == first)
    #expect(try store.heldAmounts().sorted() == [.zero, .one, number("6"), number("7")])
  }

  @Test(arguments: Engine.available)
  func needsABalanceUnlessToldOtherwise(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: nil)
    #expect(
      try store.commit([
        .reserve(reservation("r1", "1"), requires: .covered),
        .reserve(reservation("r2", "1"), requires: .coveredIfKnown),
        .reserve(reservation("r3", "1"), requires: .nothing),
      ]) == [
        .insufficient(available: nil), .reserved(reservation("r2", "1")),
        .reserved(reservation("r3", "1")),
      ])
  }

  /// Two that were worked out with the same balance: the second one is worked out anew.
  @Test(arguments: Engine.available)
  func holdsOnlyWithTheBalanceItWasWorkedOutWith(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: "10")
    func requirement(_ available: String?) -> Reservation.Requirement {
      .init(floor: .zero, needsBalance: true, basis: .available(available.map { number($0) }))
    }
    #expect(
      try store.commit([
        .reserve(reservation("r1", "2"), requires: requirement("10")),
        .reserve(reservation("r2", "2"), requires: requirement("10")),
        .reserve(reservation("r2", "2"), requires: requirement(nil)),
        .reserve(reservation("r2", "9"), requires: requirement("8")),
        .reserve(reservation("r2", "8"), requires: requirement("8")),
      ]) == [
        .reserved(reservation("r1", "2")), .changed(available: number("8")),
        .changed(available: number("8")), .insufficient(available: number("8")),
        .reserved(reservation("r2", "8")),
      ])
  }

  @Test(arguments: Engine.available)
  func letsGo(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: "10")
    let event = usage("u", "c", "4", second: 2)
    let (first, second) = (reservation("r1", "6"), reservation("r2", "4"))
    #expect(
      try store.commit([
        .reserve(first, requires: .covered), .reserve(second, requires: .covered),
        .settle(reservation: "r1", event), .release(reservation: "r1", at: at(3)),
        .release(reservation: "r2", at: at(2)), .release(reservation: "r2", at: at(4)),
        .settle(reservation: "r1", event), .settle(reservation: "r9", usage("late", "c", "1")),
        .release(reservation: "r9", at: at(2)), .reserve(first, requires: .covered),
        .reserve(reservation("r1", "6", content: 2), requires: .covered),
      ]) == [
        .reserved(first), .reserved(second),
        .settled(.init(event: event, isRepeated: false, ended: ended(first, .settled, at: 2))),
        .ended(ended(first, .settled, at: 2)), .ended(ended(second, .released, at: 2)),
        .ended(ended(second, .released, at: 2)),
        .settled(.init(event: event, isRepeated: true, ended: ended(first, .settled, at: 2))),
        .settled(.init(event: usage("late", "c", "1"), isRepeated: false, ended: nil)),
        .missing, .ended(ended(first, .settled, at: 2)), .conflict,
      ])
    let customer = try #require(try store.customer("c"))
    #expect((customer.held, customer.pending) == (.zero, number("5")))
  }

  /// What cannot be recorded frees nothing.
  @Test(arguments: Engine.available)
  func staysHeldWhereUsageIsRefused(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: "10")
    #expect(
      try store.commit([
        .reserve(reservation("r1", "6"), requires: .covered), .usage(usage("u", "c", "1")),
        .settle(reservation: "r1", usage("u", "c", "2", content: 2)),
        .settle(reservation: "r1", usage("v", "c", "1000000000000000001")),
      ]) == [
        .reserved(reservation("r1", "6")), .recorded(usage("u", "c", "1")), .conflict,
        .refused(.overflow),
      ])
    #expect(try store.customer("c")?.held == number("6"))
  }

  @Test(arguments: Engine.available)
  func letsGoByItself(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: "10")
    let first = reservation("r1", "10")
    _ = try store.commit([.reserve(first, requires: .covered)])
    let early = reservation("r2", "10", at: 10)
    let late = reservation("r3", "10", at: 11)
    #expect(
      try store.commit([.reserve(early, requires: .covered), .reserve(late, requires: .covered)])
        == [.insufficient(available: .zero), .reserved(late)])
    #expect(try store.reservation("r1") == nil)
    #expect(try store.endedReservation("r1") == ended(first, .expired, at: 11))
    #expect(try store.expiredReservations(at: at(20), limit: 10) == [])
    #expect(try store.expiredReservations(at: at(21), limit: 10) == ["c"])
    let outcome = try store.commit([.expire(customer: "c", at: at(21))])[0]
    let customer = try #require(try store.customer("c"))
    #expect(outcome == .customer(customer))
    #expect(customer.held == .zero)
    // Usage that comes too late is usage all the same.
    let event = usage("u", "c", "4", second: 30)
    #expect(
      try store.commit([.settle(reservation: "r3", event)]) == [
        .settled(.init(event: event, isRepeated: false, ended: ended(late, .expired, at: 21)))
      ])
    #expect(try store.customer("c")?.pending == number("4"))
    #expect(try store.prune(Pruning(reservationsBefore: at(21))) == 1)
    #expect(try store.prune(Pruning(reservationsBefore: at(22))) == 1)
    #expect(try store.endedReservation("r3") == nil)
  }

  /// Whoever settles after the time is over, before anyone noticed, is late as well.
  @Test(arguments: Engine.available)
  func isOverWhenItsTimeIs(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: "10")
    let first = reservation("r1", "10")
    let event = usage("u", "c", "4", second: 11)
    #expect(
      try store.commit([
        .reserve(first, requires: .covered), .settle(reservation: "r1", event),
      ]).last
        == .settled(.init(event: event, isRepeated: false, ended: ended(first, .expired, at: 11))))
    #expect(try store.customer("c")?.held == .zero)
  }
}
