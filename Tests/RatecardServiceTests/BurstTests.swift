import Foundation
import RatecardJSON
import Synchronization
import Testing

extension ServiceTests {
  /// A customer's requests in a burst: each is decided by what was recorded and held before it.
  struct BurstTests {
    let service: ServiceProcess

    init() throws { service = try ServiceProcess(try CardFolder(Counter.files)) }

    /// `premium` above half of 100: with 1 a chat that is the 51st request, and not one later.
    @Test(arguments: [1, 10])
    func crossesAThresholdAtTheRightRequest(_ batch: Int) throws {
      let client = service.client()
      _ = try client.put("/v1/customers/b\(batch)", ["balance": 100, "plan": "pro"])
      var tiers: [String?] = []
      for place in 0..<(70 / batch) {
        let request: JSONValue = [
          "request_type": "chat", "customer": .string("b\(batch)"), "model": "big",
        ]
        tiers.append(try client.post("/v1/decide", request).json["tier"]?.string)
        let reports = (0..<batch).map { part -> JSONValue in
          [
            "id": .string("b\(batch) \(place) \(part)"), "customer": .string("b\(batch)"),
            "request_type": "chat", "model": "big",
          ]
        }
        #expect(try client.post("/v1/usage", .array(reports)).status == 200)
      }
      // Before the request with the number n, n batches were recorded.
      let expected = tiers.indices.map { 100 - $0 * batch < 50 ? "slow" : "premium" }
      #expect(tiers == expected)
      #expect(tiers.contains("premium") && tiers.contains("slow"))
    }

    /// Whatever was acknowledged before a decision is in it, and nothing that was not sent.
    @Test func isConsistentWithWhatWasRecordedBefore() throws {
      _ = try service.client().put("/v1/customers/many", ["balance": 100, "plan": "pro"])
      // In tenths of a credit.
      let sent = Atomic<Int>(0)
      let acknowledged = Atomic<Int>(0)
      let tiers = Mutex<[String: Int]>([:])
      let threads = Threads(8) { [service] number in
        let client = service.client()
        for place in 0..<12 {
          let before = acknowledged.load(ordering: .acquiring)
          let decision = try client.post(
            "/v1/decide", ["request_type": "chat", "customer": "many", "output_tokens": 0])
          let tier = decision.json["tier"]?.string ?? ""
          let after = sent.load(ordering: .acquiring)
          if 1_000 - before < 500 { #expect(tier == "slow", "\(before) were acknowledged") }
          if 1_000 - after >= 500 { #expect(tier == "premium", "only \(after) were sent") }
          tiers.withLock { $0[tier, default: 0] += 1 }
          sent.wrappingAdd(10, ordering: .acquiringAndReleasing)
          let usage = try client.post(
            "/v1/usage",
            [
              "id": .string("many \(number) \(place)"), "customer": "many", "request_type": "chat",
              "model": "big",
            ])
          #expect(usage.status == 200)
          acknowledged.wrappingAdd(10, ordering: .acquiringAndReleasing)
        }
      }
      #expect(threads.join() == [])
      #expect(tiers.withLock { $0.keys.sorted() } == ["premium", "slow"])
      let customer = try service.client().get("/v1/customers/many").json
      #expect(customer["pending"] == "96")
      #expect(customer["available"] == "4")
    }

    /// Reservations take their turns: however many senders there are, exactly as many are premium as
    /// if they had come one by one. (8 hold 7 each, then 22 hold 2, and nothing is left.)
    @Test(arguments: [1, 8])
    func reservationsAreDecidedOneByOne(_ senders: Int) throws {
      let name = "queue\(senders)"
      _ = try service.client().put("/v1/customers/\(name)", ["balance": 100, "plan": "pro"])
      let counts = Mutex<[String: Int]>([:])
      let threads = Threads(senders) { [service] number in
        let client = service.client()
        for place in 0..<48 / senders {
          let reply = try client.post(
            "/v1/reservations",
            [
              "id": .string("\(name) \(number) \(place)"), "customer": .string(name),
              "request_type": "agent",
            ])
          let what = reply.json["tier"]?.string ?? reply.errorCode ?? "\(reply.status)"
          counts.withLock { $0[what, default: 0] += 1 }
        }
      }
      #expect(threads.join() == [])
      #expect(counts.withLock { $0 } == ["premium": 8, "slow": 22, "denied": 18])
      let customer = try service.client().get("/v1/customers/\(name)").json
      #expect(customer["held"] == "100")
      #expect(customer["available"] == "0")
    }

    /// Two services on one database: a last credit is spent once, whichever of them is asked.
    @Test(
      .enabled(if: TestDatabase.server != nil, "RATECARD_TEST_POSTGRES names no server"))
    func twoServicesSpendTheLastCreditOnce() throws {
      let database = try TestDatabase()
      let card = try CardFolder(Counter.files)
      let services = try (0..<2).map { _ in
        try ServiceProcess(card, store: database.address)
      }
      let setter = services[0].client()
      let rounds = 20
      for round in 0..<rounds {
        _ = try setter.put("/v1/customers/last\(round)", ["balance": "0.5", "plan": "pro"])
      }
      let held = Mutex<[Int: Int]>([:])
      let threads = Threads(4) { number in
        let client = services[number % 2].client()
        for round in 0..<rounds {
          let reply = try client.post(
            "/v1/reservations",
            [
              "id": .string("last \(round) \(number)"), "customer": .string("last\(round)"),
              "request_type": "chat",
            ])
          if reply.status == 200 {
            held.withLock { $0[round, default: 0] += 1 }
          } else {
            #expect(reply.status == 402)
          }
        }
      }
      #expect(threads.join() == [])
      #expect(
        held.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<rounds).map { ($0, 1) }))
      for round in 0..<rounds {
        let customer = try setter.get("/v1/customers/last\(round)").json
        #expect(customer["available"] == "0")
      }
    }
  }
}
