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

  init(_ customer: Customer) {
    self.customer = customer
    available = customer.available
    plan = customer.plan?.value.map { Array($0.utf8) }
    tier = customer.tier.map { Array($0.utf8) }
    planMember = Self.member("plan") { $0.string(customer.plan?.value ?? "") }
    let number = available?.description ?? "0"
    balanceMember = Self.member("balance") { $0.number(number) }
    tierMember = Self.member("current_tier") { $0.string(customer.tier ?? "") }
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
