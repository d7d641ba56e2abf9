internal import Ratecard
internal import RatecardJSON
internal import RatecardModel
internal import RatecardStore
internal import RatecardValues
internal import RatecardWire

/// Turns reports of usage into changes of the store, and what comes of those into answers.
struct UsageRecorder: Sendable {
  let pricer: UsagePricer

  /// One report, read and priced.
  enum Item: Sendable {
    /// A change to be made, and the error to answer with where it only keeps a dead letter.
    case change(Change, id: String, refusal: Problem?)
    /// Nothing to be stored.
    case failed(Problem)
  }

  /// Reads and prices a report; one that came earlier says when.
  func item(
    _ json: UnsafeBufferPointer<UInt8>, now: Instant, cameAt: Instant? = nil, _ loads: CardLoads
  ) -> Item {
    let usage: UsageReport
    do throws(RequestError) { usage = try UsageReport(json: json) } catch {
      return .failed(Problem(error))
    }
    return item(usage, now: now, cameAt: cameAt ?? now, loads)
  }

  private func item(
    _ usage: UsageReport, now: Instant, cameAt: Instant, _ loads: CardLoads
  ) -> Item {
    do throws(UsageRefusal) {
      let priced = try pricer.price(usage, now: cameAt, loads)
      switch priced.quote.outcome {
      case .priced(let credits):
        return .change(.usage(event(usage, priced, credits, now)), id: usage.id, refusal: nil)
      case .denied(let reason):
        return dead(usage, Problem(422, "denied", reason), cameAt)
      }
    } catch {
      switch error {
      case .invalid(let error): return .failed(Problem(error))
      case .unpriced(let error): return dead(usage, Problem(error), cameAt)
      case .unavailable(let failure): return .failed(Problem(failure))
      case .tooManyCards:
        return .failed(
          Problem(503, "busy", "one request names too many earlier cards; send this usage again"))
      case .unknownVersion(let version):
        let problem = Problem(
          422, "unknown_version", "no card of version `\(version)` is kept", attribute: "version")
        return dead(usage, problem, cameAt)
      }
    }
  }

  private func event(
    _ usage: UsageReport, _ priced: UsagePricer.Priced, _ credits: Number, _ now: Instant
  ) -> UsageEvent {
    let names = priced.quote.adjustments
    var adjustments = JSONWriter()
    JSONValue.array(names.map { .string($0) }).write(to: &adjustments)
    return UsageEvent(
      id: usage.id, customer: usage.customer, occurredAt: priced.at, recordedAt: now,
      credits: credits, rule: priced.quote.rule,
      adjustments: names.isEmpty ? nil : adjustments.text, ratecard: priced.card.name,
      version: priced.card.version, decision: usage.decision,
      attributes: String(decoding: Attributes.json(priced.attributes), as: UTF8.self),
      fingerprint: usage.fingerprint, ships: priced.card.model.meter?.sendsZeroCost ?? false)
  }

  private func dead(_ usage: UsageReport, _ problem: Problem, _ cameAt: Instant) -> Item {
    let letter = DeadLetter(
      id: usage.id, customer: usage.customer, body: String(decoding: usage.body, as: UTF8.self),
      fingerprint: usage.fingerprint, code: problem.code, message: problem.message, at: cameAt)
    return .change(.deadLetter(letter), id: usage.id, refusal: problem)
  }

  /// What is answered for an item once its change is made.
  static func answer(_ item: Item, _ outcome: Outcome?) -> Result<UsageEvent, Problem> {
    switch item {
    case .failed(let problem): return .failure(problem)
    case .change(_, let id, let refusal):
      switch outcome {
      case .recorded(let event), .repeated(let event): return .success(event)
      case .conflict:
        return .failure(
          Problem(409, "conflict", "usage `\(id)` is recorded with other content", attribute: "id"))
      case .refused(.overflow):
        return .failure(
          Problem(422, "overflow", "the customer's credits have more digits than can be held"))
      case .refused(let refusal):
        return .failure(Problem(400, "invalid_request", "usage cannot be stored: \(refusal)"))
      default:
        return .failure(refusal ?? Problem(500, "internal", "the store gave no answer"))
      }
    }
  }
}
