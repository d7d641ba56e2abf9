public import RatecardValues

/// By which ids the provider knows customers.
extension Transaction {
  /// Notes a customer's id at the provider.
  func identify(_ customer: String, _ id: String) throws(StoreFailure.Reason) -> Outcome {
    let added = try connection.run(.addProviderID) {
      $0.text(customer)
      $0.text(id)
    }
    if !added.isEmpty { return .done }
    let rows = try connection.run(.providerID) { $0.text(customer) }
    if rows.isEmpty { return .conflict }
    var row = Row(rows, 0)
    _ = try row.text()
    return ExactText(try row.text()) == ExactText(id) ? .done : .conflict
  }
}

extension Store {
  /// The ids by which the provider knows some of these customers; it knows the others by their own.
  public func providerIDs(of customers: [String]) throws(StoreFailure) -> [ExactText: String] {
    try read { connection throws(StoreFailure.Reason) in
      let rows = try connection.run(.providerID, each: customers) { $0.text($1) }
      var ids: [ExactText: String] = [:]
      for place in 0..<rows.count {
        var row = Row(rows, place)
        let customer = ExactText(try row.text())
        ids[customer] = try row.text()
      }
      return ids
    }
  }

  /// The customer whom the provider knows by an id; nil: nobody else than the one of that id.
  public func customer(providerID id: String) throws(StoreFailure) -> String? {
    try read { connection throws(StoreFailure.Reason) in
      let rows = try connection.run(.providerCustomer) { $0.text(id) }
      if rows.isEmpty { return nil }
      var row = Row(rows, 0)
      return try row.text()
    }
  }
}
