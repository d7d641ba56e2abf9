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

  private func reservation(_ id: String, _ amount: String, at second: Int = 1) -> Reservation {
    Reservation(
      id: id, customer: "c", amount: number(amount), at: at(second), expiresAt: at(second + 10),
      detail: #"{"model":"o1"}"#)
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
        .reserve(reservation("r1", "6", at: 2), requires: .covered),
        .reserve(reservation("r1", "5"), requires: .covered),
        .reserve(reservation("r2", "5"), requires: .covered),
        .reserve(reservation("r3", "5"), requires: .coveredIfKnown),
        .reserve(reservation("r4", "-1"), requires: .nothing),
        .usage(usage("u", "c", "3")),
        .reserve(reservation("r5", "1"), requires: .covered),
        .reserve(reservation("r6", "0.5"), requires: .covered),
        .reserve(reservation("r7", "7"), requires: .nothing),
      ]) == [
        .reserved(first), .reserved(first), .conflict, .insufficient(available: number("4")),
        .insufficient(available: number("4")), .refused(.malformed),
        .recorded(usage("u", "c", "3")), .reserved(reservation("r5", "1")),
        .insufficient(available: .zero), .reserved(reservation("r7", "7")),
      ])
    #expect(try store.customer("c")?.held == number("14"))
    #expect(try store.customer("c")?.available == number("-7"))
    #expect(try store.reservation("r1") == first)
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

  @Test(arguments: Engine.available)
  func letsGo(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: "10")
    let event = usage("u", "c", "4")
    #expect(
      try store.commit([
        .reserve(reservation("r1", "6"), requires: .covered),
        .reserve(reservation("r2", "4"), requires: .covered),
        .settle(reservation: "r1", event), .release(reservation: "r1", at: at(2)),
        .release(reservation: "r2", at: at(2)), .settle(reservation: "r1", event),
        .settle(reservation: "r9", usage("late", "c", "1")),
      ]) == [
        .reserved(reservation("r1", "6")), .reserved(reservation("r2", "4")), .recorded(event),
        .missing, .done, .repeated(event), .recorded(usage("late", "c", "1")),
      ])
    let customer = try #require(try store.customer("c"))
    #expect((customer.held, customer.pending) == (.zero, number("5")))
  }

  @Test(arguments: Engine.available)
  func letsGoByItself(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try store(place, balance: "10")
    _ = try store.commit([.reserve(reservation("r1", "10"), requires: .covered)])
    let early = reservation("r2", "10", at: 10)
    let late = reservation("r3", "10", at: 11)
    #expect(
      try store.commit([.reserve(early, requires: .covered), .reserve(late, requires: .covered)])
        == [.insufficient(available: .zero), .reserved(late)])
    #expect(try store.reservation("r1") == nil)
    #expect(try store.prune(Pruning(reservationsExpiredBefore: at(21))) == 0)
    #expect(try store.prune(Pruning(reservationsExpiredBefore: at(22))) == 1)
    #expect(try store.customer("c")?.held == .zero)
  }
}
