extension Evaluator {
  /// The side of a route's models that serves a request; -1: the model asked for.
  ///
  /// For an explanation of a request that no cost rule prices; the request must be finished.
  public func side(of routeRule: Int, _ request: Request) -> Int {
    let plan = table.routes.plans[routeRule]
    guard !plan.isDenial, !plan.sides.isEmpty else { return -1 }
    let key = plan.splitKey >= 0 ? request.splitHashes[plan.splitKey] : nil
    return plan.sides.count == 1 ? 0 : Split.side(of: plan, key: key)
  }
}
