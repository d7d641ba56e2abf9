import Foundation
import RatecardStore
import RatecardValues
import Synchronization
import Testing

@testable import RatecardStore

struct MigrationTests {
  /// Every older version, brought forward by threads and processes at once, keeps what it held.
  @Test(arguments: Engine.available)
  func isDoneOnceByManyAtOnce(_ engine: Engine) throws {
    for version in 0..<Migration.latest {
      let place = try Place(engine)
      defer { place.remove() }
      if version > 0 {
        let old = try place.open(version: version)
        _ = try old.commit([.usage(usage("old", "c", "2"))])
      }
      let problems = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 6) { index in
        do {
          if index < 3 {
            let victim = try Victim(["open", place.address])
            if victim.status != 0 { problems.withLock { $0.append(victim.errors) } }
          } else {
            _ = try place.open()
          }
        } catch {
          problems.withLock { $0.append("\(error)") }
        }
      }
      #expect(problems.withLock { $0 } == [])
      let store = try place.open()
      try place.raw { connection in
        let version = try connection.schemaVersion()
        #expect(version == Migration.latest)
      }
      #expect(try store.usage("old") == (version > 0 ? usage("old", "c", "2") : nil))
      #expect(try store.commit([.webhook(id: "w", at: at(1), changes: [])]) == [.first([])])
    }
  }

  @Test(.enabled(if: Engine.isPostgreSQLThere, "RATECARD_TEST_POSTGRES names no server"))
  func leavesForeignTablesAlone() throws {
    let place = try Place(.postgreSQL)
    defer { place.remove() }
    try place.raw { try $0.execute("CREATE TABLE ratecard_usage (mine text)") }
    #expect(throws: StoreFailure.self) { try place.open() }
    do throws(StoreFailure) {
      _ = try Store.open(place.address)
    } catch {
      #expect(error.reason == .foreign)
    }
  }
}
