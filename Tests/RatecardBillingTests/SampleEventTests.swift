import Foundation
import RatecardBilling
import RatecardJSON
import RatecardTestSupport
import RatecardValues
import Testing

/// Payloads as the provider's documents show them, where they are at hand.
struct SampleEventTests {
  static let samples: [String] = {
    guard let bytes = SharedFiles.contents("reference/credit-events.json"),
      let json = try? JSONValue(parsing: Array(bytes))
    else { return [] }
    return (json["events"]?.items ?? []).map { $0.text() }
  }()

  @Test(
    .enabled(if: !samples.isEmpty, "../shared/reference/credit-events.json is not there"),
    arguments: samples)
  func makesSense(_ sample: String) throws {
    let keys = WebhookKeys(key: [1])
    let webhook = keys.signed(id: "msg", body: Array(sample.utf8), at: .noon)
    guard case .message(let message) = DodoWebhooks(keys).read(webhook) else {
      Issue.record("\(sample)")
      return
    }
    let data = try #require(try JSONValue(parsing: sample)["data"])
    #expect(message.customer == "cus_fix1" && message.event.hasPrefix("credit."))
    let isUsage = ["credit.deducted", "credit.overage_charged"].contains(message.event)
    #expect((message.deducted != nil) == isUsage)
    if message.event == "credit.balance_low" {
      #expect(message.balance == 48 && message.threshold == 50)
    } else {
      let overage = try #require(data["overage_after"]?.string)
      let isBeyond = data["balance_after"] == "0" && overage != "0"
      #expect(
        message.balance.map { .string($0.description) }
          == (isBeyond ? .string("-" + overage) : data["balance_after"]))
    }
    let others = DodoWebhooks(keys, entitlement: "cde_other").read(webhook)
    #expect(others == .ignored(type: message.event))
  }
}
