import Foundation
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardStore

/// What was acknowledged is there once, wherever the process was killed.
struct KillTests {
  static let rounds = Int(ProcessInfo.processInfo.environment["RATECARD_KILLS"] ?? "") ?? 21

  /// The points of system calls, and how often each is passed at most in a short run.
  static let calls = [
    ("pwrite:before", 300), ("pwrite:cut", 300), ("pwrite:after", 300), ("fdatasync:before", 40),
    ("fdatasync:after", 40), ("answer:before", 30), ("answer:after", 30),
  ]

  @Test func keepsWhatWasAcknowledgedBySystemCall() throws {
    let place = try Place(.sqlite)
    defer { place.remove() }
    let preload = place.folder.appending(path: "kill-at.so").path
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "kill-at.c")
    let compiler = try Victim(
      ["cc", "-shared", "-fPIC", "-O1", "-o", preload, source.path, "-ldl"], of: "/usr/bin/env")
    #expect(compiler.status == 0, "\(compiler.errors)")
    var hits: [String: Int] = [:]
    var ledger = Ledger()
    var random = SplitMix(seed: 1)
    for round in 0..<Self.rounds {
      let (point, most) = Self.calls[round % Self.calls.count]
      let number = 1 + random.below(most)
      let victim = try Victim(
        ["record", place.address, "\(round)", "40"],
        environment: ["LD_PRELOAD": preload, "KILL_AT": "\(point):\(number)"])
      #expect(victim.isKilled || victim.status == 0, "\(victim.errors)")
      if victim.isKilled { hits[point, default: 0] += 1 }
      try ledger.compare(try place.open(), victim.output)
    }
    for (point, _) in Self.calls { #expect(hits[point, default: 0] > 0, "\(point) was not hit") }
    print("kills:", hits.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
  }

  @Test(arguments: Engine.available)
  func keepsWhatWasAcknowledgedByStage(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    var ledger = Ledger()
    var random = SplitMix(seed: 2)
    for round in 0..<max(6, Self.rounds / 3) {
      let point = FaultPoint.allCases[round % FaultPoint.allCases.count]
      let victim = try Victim([
        "record", place.address, "\(round)", "40", point.rawValue, "\(1 + random.below(39))",
      ])
      #expect(victim.isKilled, "\(victim.errors)")
      try ledger.compare(try place.open(), victim.output)
    }
  }

  /// What must be in the store, by what the victims wrote.
  private struct Ledger {
    private var acknowledged = 0

    /// All that was acknowledged is there, and what else is there is whole: in the ledger, in the
    /// outbox and in what is pending.
    mutating func compare(_ store: Store, _ output: String) throws {
      let ids = output.split(whereSeparator: { $0 == "\n" || $0 == " " }).map(String.init)
      for id in ids { #expect(try store.usage(id) != nil, "\(id) is lost") }
      acknowledged += ids.count
      var events: [UsageEvent] = []
      var last: Int64 = 0
      while true {
        let page = try store.outbox(after: last, limit: 1000)
        guard let end = page.last else { break }
        events += page.map(\.event)
        last = end.sequence
      }
      #expect(Set(events.map(\.id)).count == events.count)
      #expect(events.count >= acknowledged)
      var pending = Number.zero
      for customer in 0..<5 {
        pending = try pending + (store.customer("cus_\(customer)")?.pending ?? .zero)
      }
      #expect(try pending == events.map(\.credits).reduce(.zero, +))
    }
  }
}
