internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// A customer as decisions read them, worked out once.
final class KnownCustomer: Sendable {
  let customer: Customer
  /// What may still be used.
  let available: Number?
  /// The plan and the tier in UTF-8.
  let plan: [UInt8]?
  let tier: [UInt8]?
  /// The members that plan, balance and tier are in a request's object, each with a comma before it.
  let planMember: [UInt8]
  let balanceMember: [UInt8]
  let tierMember: [UInt8]

  /// What of it a request was given.
  struct Given {
    var plan = false
    var balance = false
    var tier = false
  }

  /// Works a customer out; what is still as it was before is not worked out again.
  init(_ customer: Customer, before: KnownCustomer? = nil) {
    self.customer = customer
    available = customer.available
    if let before, Self.isSame(before.customer.plan?.value, customer.plan?.value),
      Self.isSame(before.customer.tier, customer.tier)
    {
      plan = before.plan
      tier = before.tier
      planMember = before.planMember
      tierMember = before.tierMember
    } else {
      plan = customer.plan?.value.map { Array($0.utf8) }
      tier = customer.tier.map { Array($0.utf8) }
      planMember = Self.member("plan") { $0.string(customer.plan?.value ?? "") }
      tierMember = Self.member("current_tier") { $0.string(customer.tier ?? "") }
    }
    var balance = Array(#","balance":"#.utf8)
    (available ?? .zero).write(to: &balance)
    balanceMember = balance
  }

  private static func isSame(_ left: String?, _ right: String?) -> Bool {
    left.map(ExactText.init) == right.map(ExactText.init)
  }

  private static func member(_ name: String, _ value: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key(name)
    value(&json)
    json.endObject()
    return [UInt8(ascii: ",")] + json.bytes.dropFirst().dropLast()
  }
}
