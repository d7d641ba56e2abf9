import RatecardStore
import RatecardValues
import Testing

@testable import RatecardService

/// Whatever ends or ships in a day is forgotten in a day.
struct ForgettingTests {
  @Test func goesOnUntilNothingOldIsLeft() throws {
    let folder = try CardFolder([:])
    let store = try Store.open("sqlite:\(folder.at("store.db"))")
    let now = Instant.present
    func daysAgo(_ days: Int64) -> Instant { now.later(milliseconds: -days * 86_400_000) }
    func end(_ id: String, _ at: Instant) throws {
      let reservation = Reservation(
        id: id, customer: "ann", amount: Number(1), at: at,
        expiresAt: at.later(milliseconds: 60_000), detail: "{}", fingerprint: [1])
      _ = try store.commit([
        .reserve(reservation, requires: .nothing, moving: nil), .release(reservation: id, at: at),
      ])
    }
    for number in 0..<25 { try end("old \(number)", daysAgo(31)) }
    try end("new", daysAgo(29))
    var forgetting = Forgetting(store: store, keptCardDays: 30, limit: 10)
    var steps = 0
    repeat {
      try forgetting.step(now: now)
      steps += 1
    } while forgetting.isUnderWay && steps < 100
    // Three that find something, and one that does not.
    #expect(steps == 4)
    for number in 0..<25 { #expect(try store.endedReservation("old \(number)") == nil) }
    #expect(try store.endedReservation("new") != nil)
  }
}
