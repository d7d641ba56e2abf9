package import RatecardEngine
package import RatecardModel
package import RatecardValues

extension RateCard {
  /// Where a request lies among those that the card tells apart, and which rules decide it.
  ///
  /// Throws where the request itself is wrong; one without a price lies somewhere too.
  package func location(
    of attributes: [String: RequestValue], asking question: CardTest.Question, at now: Instant
  ) throws(RequestError) -> RequestLocation {
    switch question {
    case .event:
      var buffer = try fill(event: attributes)
      try buffer.finish(for: .event, at: now)
      return evaluator.location(of: &buffer.request, for: .event)
    case .decision:
      var buffer = try fill(attributes)
      try buffer.finish(for: .decision, at: now)
      return evaluator.location(of: &buffer.request, for: .decision)
    case .price:
      var buffer = try fill(attributes)
      try buffer.finish(for: .price, at: now)
      return evaluator.location(of: &buffer.request, for: .price)
    }
  }
}
