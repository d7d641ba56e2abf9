import RatecardBilling
import RatecardJSON
import RatecardTestSupport
import RatecardValues

extension WebhookEffectTests {
  /// A message of some seconds after noon.
  struct Message: Sendable {
    let type: String
    let at: Double
    let data: JSONValue

    static func credit(
      _ name: String, _ at: Double, _ amount: Int, after: Int
    ) -> Message {
      Message(
        type: "credit.\(name)", at: at,
        data: [
          "payload_type": "CreditLedgerEntry", "id": .string("cle_\(name)_\(at)"),
          "amount": .string(String(amount)), "balance_after": .number(String(after)),
          "overage_after": "0", "description": .null, "metadata": [:],
        ])
    }

    static func low(_ at: Double, _ balance: Int) -> Message {
      Message(
        type: "credit.balance_low", at: at,
        data: [
          "payload_type": "CreditBalanceLow", "available_balance": .string(String(balance)),
          "threshold_percent": 10, "threshold_amount": "50", "subscription_id": "sub_1",
        ])
    }

    static func subscription(
      _ name: String, _ at: Double, _ status: String, _ product: String, id: String = "sub_1",
      balance: Int? = nil
    ) -> Message {
      let cart: JSONValue = .array(
        balance.map { [["remaining_balance": .string(String($0))]] } ?? [])
      return Message(
        type: "subscription.\(name)", at: at,
        data: [
          "payload_type": "Subscription", "subscription_id": .string(id),
          "status": .string(status), "product_id": .string(product),
          "credit_entitlement_cart": cart,
        ])
    }

    func webhook(_ id: String, to customer: String) -> Webhook {
      var data = data.members ?? []
      let customerValue: JSONValue = .string(customer)
      data.append(
        type.hasPrefix("sub")
          ? .init("customer", ["customer_id": customerValue])
          : .init("customer_id", customerValue))
      let body: JSONValue = [
        "business_id": "bus_1", "type": .string(type),
        "timestamp": .string(Instant.noon.plus(at).description), "data": .object(data),
      ]
      return keys.signed(id: id, body: Array(body.text().utf8), at: .noon)
    }
  }
}
