internal import RatecardJSON
internal import RatecardValues

/// Customers at Dodo Payments.
extension DodoProvider {
  private static let pageSize = 100
  /// More customers than that have one address nowhere.
  private static let pageLimit = 100

  /// `GET /customers/{id}`; else `GET /customers?email=`, and at last `POST /customers`.
  ///
  /// The provider makes as many customers of one address as it is asked for. So the one made here
  /// bears the id that it was made for, by which it is found when asked for again.
  public func register(_ customer: CustomerRegistration) throws(ProviderFailure) -> String {
    let own = try call(.get, "/customers/\(Self.escaped(customer.id))", accepting: [404])
    if own.status != 404 { return try id(own.json) }
    guard let email = customer.email else {
      throw ProviderFailure(.refused, "the provider knows no customer `\(customer.id)`")
    }
    if let known = try registered(customer.id, email) { return known }
    var json = JSONWriter()
    json.beginObject()
    json.member("email", email)
    json.member("name", customer.name ?? email)
    json.key("metadata")
    CheckoutWriter.write(CustomerMark.metadata(of: customer.id), to: &json)
    json.endObject()
    let answer = try call(.post, "/customers", json.bytes, isRepeatable: false)
    guard let id = answer.json?["customer_id"]?.string else {
      throw ProviderFailure(.fateUnknown, "the answer has no `customer_id`")
    }
    return id
  }

  /// The customer of an address who bears an id of ours.
  private func registered(_ id: String, _ email: String) throws(ProviderFailure) -> String? {
    for page in 0..<Self.pageLimit {
      let query = "email=\(Self.escaped(email))&page_number=\(page)&page_size=\(Self.pageSize)"
      let answer = try call(.get, "/customers?\(query)")
      guard let items = answer.json?["items"]?.items else {
        throw ProviderFailure(.notTaken, "the answer has no `items`")
      }
      for item in items where CustomerMark.id(in: item["metadata"]) == ExactText(id) {
        return try self.id(item)
      }
      if items.count < Self.pageSize { break }
    }
    return nil
  }

  private func id(_ json: JSONValue?) throws(ProviderFailure) -> String {
    guard let id = json?["customer_id"]?.string, !id.isEmpty else {
      throw ProviderFailure(.notTaken, "the answer has no `customer_id`")
    }
    return id
  }
}

/// How an object at the provider bears the id by which usage names its customer.
enum CustomerMark {
  static let key = "ratecard_customer"

  static func metadata(of customer: String) -> [String: String] { [key: customer] }

  /// The id that metadata bear.
  static func id(in metadata: JSONValue?) -> ExactText? {
    metadata?[key]?.string.flatMap { $0.isEmpty ? nil : ExactText($0) }
  }
}
