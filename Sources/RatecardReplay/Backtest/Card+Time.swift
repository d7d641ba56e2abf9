internal import RatecardModel

extension Card {
  /// Whether a price can change with the time of the request.
  var pricesDependOnTime: Bool {
    costs.contains { $0.scope.looksAtTime } || adjustments.contains { $0.scope.looksAtTime }
  }
}

extension RuleScope {
  fileprivate var looksAtTime: Bool {
    from != nil || until != nil || begins != nil || ends != nil
      || alternatives.contains { conditions in
        conditions.contains { $0.attribute == .at || $0.attribute == .window }
      }
  }
}
