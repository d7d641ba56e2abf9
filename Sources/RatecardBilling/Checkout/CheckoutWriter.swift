internal import RatecardJSON
internal import RatecardValues

/// Writes orders as Dodo Payments takes them.
enum CheckoutWriter {
  static func write(_ order: CheckoutOrder, to json: inout JSONWriter) {
    json.beginObject()
    json.key("product_cart")
    json.beginArray()
    json.beginObject()
    json.member("product_id", order.product)
    json.member("quantity", order.quantity)
    json.endObject()
    json.endArray()
    json.key("customer")
    json.beginObject()
    switch order.buyer {
    case .customer(let id): json.member("customer_id", id)
    case .email(let email, let name):
      json.member("email", email)
      if let name { json.member("name", name) }
    }
    json.endObject()
    if let url = order.returnURL { json.member("return_url", url) }
    if !order.metadata.isEmpty {
      json.key("metadata")
      write(order.metadata, to: &json)
    }
    json.endObject()
  }

  /// Writes metadata as an object, names in order.
  static func write(_ metadata: [String: String], to json: inout JSONWriter) {
    json.beginObject()
    let names = metadata.keys.sorted { ExactText($0) < ExactText($1) }
    for name in names { json.member(name, metadata[name] ?? "") }
    json.endObject()
  }
}
