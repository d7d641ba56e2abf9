internal import RatecardEngine
internal import RatecardModel
public import RatecardValues

extension RateCard {
  /// Decides a request, or prices it alone, and says why the answer is what it is.
  ///
  /// The reasons come from a second walk over the card, so this is much slower than an answer. It
  /// never throws: a request without an answer is explained too.
  public func explain(
    _ attributes: [String: RequestValue], at now: Instant? = nil, costAlone: Bool = false
  ) -> Explanation {
    // One moment for the answer and its reasons.
    let now = now ?? .now()
    var answer: Explanation.Answer
    do throws(RequestError) {
      answer =
        costAlone
        ? .quote(try price(attributes, at: now)) : .decision(try decide(attributes, at: now))
    } catch {
      answer = .failure(error)
      if error.code == .invalidRequest { return explanation(of: error) }
    }
    var request = TracedRequest(model, attributes, at: now)
    var tracer = Tracer(card: model, files: files)
    if costAlone {
      tracer.traceCost(request)
    } else {
      tracer.traceDecision(&request) { routedModel(by: $0, attributes, at: now) }
    }
    return Explanation(
      card: name, version: version, attributes: readings(request, attributes),
      stages: tracer.stages, steps: tracer.steps, answer: answer)
  }

  /// The explanation of a request that is none: the error alone.
  public func explanation(of error: RequestError) -> Explanation {
    Explanation(
      card: name, version: version, attributes: [], stages: [], steps: [], answer: .failure(error))
  }

  /// The model that a route, by its index, sends a request to; nil: the one asked for.
  private func routedModel(
    by route: Int, _ attributes: [String: RequestValue], at now: Instant
  ) -> String? {
    guard var buffer = try? fill(attributes),
      (try? buffer.finish(for: .decision, at: now)) != nil
    else { return nil }
    let side = evaluator.side(of: route, buffer.request)
    return side < 0 ? nil : evaluator.table.routes.plans[route].sides[side].model
  }

  /// The attributes that the request carries and those that a rule may see without.
  private func readings(
    _ request: TracedRequest, _ given: [String: RequestValue]
  ) -> [Explanation.Reading] {
    let wording = Wording(model)
    return model.attributes.compactMap { attribute -> Explanation.Reading? in
      let written = given[attribute.name].flatMap { Self.spelling($0) }
      let value = request[attribute.id].map { value -> String in
        switch value {
        case .plain(let value): wording.value(value)
        case .ratio(let ratio): ratio.description
        case .windows(let names): names.map(\.string).joined(separator: ", ")
        }
      }
      guard written != nil || value != nil else { return nil }
      return Explanation.Reading(
        name: attribute.name, written: written, value: value,
        remark: request.remarks[attribute.id])
    }.sorted { precedes($0.name, $1.name) }
  }

  private static func spelling(_ value: RequestValue) -> String? {
    switch value {
    case .absent: nil
    case .text(let text): text
    case .number(let number): number.description
    case .flag(let flag): flag ? "true" : "false"
    case .instant(let instant): instant.description
    }
  }
}
