import Foundation
import Ratecard
import RatecardBilling
import RatecardDiagnostics
import RatecardStore
import RatecardTestSupport
package import RatecardValues
import Testing

/// A store in a folder of its own, which goes with the test.
final class Scene {
  let folder: URL
  let store: Store

  init() throws {
    // In memory where that can be: what is tested here is not the disk.
    let memory = URL(filePath: "/dev/shm")
    let isThere = FileManager.default.isWritableFile(atPath: memory.path)
    folder = (isThere ? memory : FileManager.default.temporaryDirectory)
      .appending(path: "ratecard-billing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try Store.open("sqlite:\(folder.path)/store.db", serving: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The card that the tests bill by.
  static let card: RateCard = {
    let text = """
      ratecard: 1
      name: billing
      models: {mini: {}, big: {}}
      costs:
        - credits: 1
      tiers:
        - tier: premium
        - {name: none left, tier: slow, when: {balance: {at_most: 0}}}
        - {name: stays slow, tier: slow, when: {current_tier: slow, balance_percent: {below: 20}}}
      events:
        - {on: credit.balance_low, tier: slow, notify: You have used most of it.}
        - name: topped up
          on: credit.added
          when: {current_tier: slow, balance_percent: {at_least: 20}}
          tier: premium
          notify: You are back.
        - {on: subscription.renewed, tier: premium}
        - {on: subscription.on_hold, tier: slow}
      plans:
        hobby: {product: prod_hobby, credits: 50}
        pro: {product: prod_pro, credits: 500}
      meter:
        event: ai.request
        property: credit_cost
        properties: [request_type, model]
      """
    let result = RateCard.load(files: [SourceFile(path: "card.yaml", bytes: Array(text.utf8))])
    switch result {
    case .loaded(let card, _): return card
    case .refused(let report): fatalError("\(report.diagnostics)")
    }
  }()

  /// Usage that costs something.
  static func usage(
    _ id: String, by customer: String = "cus_1", at: Instant, credits: Number = 1,
    attributes: String = #"{"model":"big","request_type":"chat"}"#
  ) -> UsageEvent {
    UsageEvent(
      id: id, customer: customer, occurredAt: at, recordedAt: at, credits: credits, rule: "r",
      ratecard: "billing", version: "v", attributes: attributes, fingerprint: [1])
  }
}

extension Instant {
  static let noon = Instant(seconds: 1_795_608_000) ?? .earliest

  func plus(_ seconds: Double) -> Instant {
    Instant(nanoseconds: nanoseconds + Int128(seconds * 1e9)) ?? .earliest
  }
}

extension Number: ExpressibleByIntegerLiteral {
  /// The number that an integer is.
  package init(integerLiteral value: Int) { self.init(value) }
}
