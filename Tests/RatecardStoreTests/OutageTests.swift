import Foundation
import RatecardStore
import Synchronization
import Testing

@testable import RatecardStore

/// A server that does not answer, or does not let go.
struct OutageTests {
  /// What a store was told of itself.
  private final class Told: Sendable {
    let lines = Mutex<[String]>([])

    var watch: StoreWatch {
      { [self] use, failure in
        let text = failure.map { "\($0.reason)" } ?? "well"
        lines.withLock { $0.append("\(use.rawValue): \(text)") }
      }
    }
  }

  private func reason(_ body: () throws(StoreFailure) -> Void) -> StoreFailure.Reason? {
    do throws(StoreFailure) {
      try body()
      return nil
    } catch {
      return error.reason
    }
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let began = Date()
    try body()
    return Date().timeIntervalSince(began)
  }

  #if PostgreSQL
    /// A store behind a proxy, which is told of what happens and waits for two seconds.
    private func open(_ place: Place, through proxy: StallingProxy, _ told: Told) throws -> Store {
      var patience = ServerPatience()
      patience.answerMilliseconds = 2_000
      patience.restMilliseconds = 300
      patience.connectSeconds = 2
      let url = try #require(URLComponents(string: place.address))
      var other = url
      other.port = Int(proxy.port)
      return try Store.open(
        try #require(other.string), patience: patience, faults: nil, watch: told.watch)
    }

    @Test(.enabled(if: Engine.isPostgreSQLThere, "RATECARD_TEST_POSTGRES names no server"))
    func aServerThatHangsIsNotWaitedForForEver() throws {
      let place = try Place(.postgreSQL)
      defer { place.remove() }
      let port = try #require(URLComponents(string: place.address)?.port)
      let proxy = try StallingProxy(to: UInt16(port))
      defer { proxy.end() }
      let told = Told()
      let store = try open(place, through: proxy, told)
      _ = try store.commit([.usage(usage("a"))])
      #expect(try store.usage("a") != nil)

      proxy.stall(true)
      var found: StoreFailure.Reason?
      let first = seconds { found = reason { () throws(StoreFailure) in _ = try store.usage("a") } }
      #expect(found == .late)
      #expect((1.5..<8).contains(first), "\(first)")
      // Whoever asks next waits for nothing; every 300 ms one tries to connect, for two seconds.
      let rest = seconds {
        for _ in 0..<50 {
          #expect(reason { () throws(StoreFailure) in _ = try store.usage("a") } != nil)
        }
      }
      #expect(rest < 6, "\(rest)")
      #expect(
        reason { () throws(StoreFailure) in _ = try store.commit([.usage(usage("b"))]) } == .late)

      proxy.stall(false)
      let end = Date().addingTimeInterval(60)
      var isBack = false
      while !isBack, Date() < end {
        isBack = reason { () throws(StoreFailure) in _ = try store.usage("a") } == nil
        usleep(20_000)
      }
      #expect(isBack)
      // Once under its id, whatever became of the first try.
      while reason({ () throws(StoreFailure) in _ = try store.commit([.usage(usage("b"))]) })
        != nil,
        Date() < end
      { usleep(20_000) }
      #expect(try store.usage("b") != nil)
      #expect(try store.outbox().count == 2)
      let lines = told.lines.withLock { $0 }
      #expect(lines.first == "reading: late", "\(lines)")
      #expect(lines.count < 12, "\(lines)")
      #expect(store.failures(.reading) > 50)
    }

    @Test(.enabled(if: Engine.isPostgreSQLThere, "RATECARD_TEST_POSTGRES names no server"))
    func aLockThatIsNotGivenBackIsNotWaitedForForEver() throws {
      let place = try Place(.postgreSQL)
      defer { place.remove() }
      var patience = ServerPatience()
      patience.lockMilliseconds = 200
      let store = try Store.open(place.address, patience: patience, faults: nil)
      _ = try store.commit([.usage(usage("a"))])
      try place.raw { other in
        try other.begin()
        _ = try other.run(.lockCustomer) { $0.text("cus_1") }
        let found = reason { () throws(StoreFailure) in _ = try store.commit([.usage(usage("b"))]) }
        #expect(found == .busy)
        other.rollback()
      }
      _ = try store.commit([.usage(usage("b"))])
    }

    @Test(.enabled(if: Engine.isPostgreSQLThere, "RATECARD_TEST_POSTGRES names no server"))
    func aProcessThatHaltsGivesItsLocksBack() throws {
      let place = try Place(.postgreSQL)
      defer { place.remove() }
      let store = try place.open()
      _ = try store.commit([.usage(usage("a"))])
      var patience = ServerPatience()
      patience.idleMilliseconds = 1_000
      let halted = PostgreSQLConnection(url: place.address, patience: patience)
      try halted.begin()
      _ = try halted.run(.lockCustomer) { $0.text("cus_1") }
      _ = try store.commit([.usage(usage("b"))])
      #expect(throws: StoreFailure.Reason.self) { try halted.commit() }
      halted.rollback()
    }
  #endif

  /// What fails by the thousand is told once, and once when it works again.
  @Test func whatFailsOverAndOverIsToldOnce() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    let told = Told()
    let isFull = Mutex(true)
    let store = try Store.open(
      place.address,
      faults: { point throws(StoreFailure.Reason) in
        if isFull.withLock({ $0 }) { throw .diskFull }
      }, watch: told.watch)
    for number in 0..<500 {
      #expect(
        reason { () throws(StoreFailure) in _ = try store.commit([.usage(usage("\(number)"))]) }
          == .diskFull)
    }
    #expect(try store.usage("0") == nil)
    #expect(store.failures(.writing) == 500)
    #expect(store.failures(.reading) == 0)
    #expect(told.lines.withLock { $0 } == ["writing: diskFull"])
    isFull.withLock { $0 = false }
    let end = Date().addingTimeInterval(60)
    while told.lines.withLock({ $0.count }) < 2, Date() < end {
      _ = try store.commit([.usage(usage("0"))])
    }
    #expect(told.lines.withLock { $0 } == ["writing: diskFull", "writing: well"])
  }
}
