internal import Ratecard
internal import RatecardBilling
internal import RatecardDiagnostics
internal import RatecardValues
internal import RatecardWire

/// `POST /v1/checkout`: a session at the billing provider in which someone buys a plan.
struct CheckoutRoute: Sendable {
  let live: LiveRateCard
  let accounts: ProviderAccounts
  let calls: ProviderCalls

  private static let names = ["plan", "email", "name", "customer", "return_url", "seats"]

  func answer(_ exchange: Exchange) -> Answering {
    let request: CheckoutRequest
    do throws(RequestError) { request = try Self.read(exchange.body) } catch {
      return .now(Problem(error).reply)
    }
    return calls.answering { reply(to: request) }
  }

  /// What is answered where the provider's answer is not waited for.
  static var abandoned: Reply {
    let reason = "the service is stopping, and the provider has not answered yet"
    return reply(to: .provider(ProviderFailure(.fateUnknown, reason)))
  }

  private func reply(to request: CheckoutRequest) -> Reply {
    let calls = CheckoutCalls(accounts.makeProvider(), world: .real)
    do throws(CheckoutFailure) {
      let session = try calls.session(for: request, of: live.current, lock: accounts.lock.current)
      return Reply(200, session.json)
    } catch {
      return Self.reply(to: error)
    }
  }

  private static func reply(to failure: CheckoutFailure) -> Reply {
    switch failure {
    case .request(let error): return Problem(error).reply
    case .noProduct(let message): return .failure(422, "no_product", message, attribute: "plan")
    case .provider(let failure):
      switch failure.kind {
      case .refused: return .failure(422, "refused", failure.advice)
      case .fateUnknown: return .failure(502, "fate_unknown", failure.advice)
      case .notTaken where failure.isPassing:
        return Reply.failure(503, "provider_unavailable", failure.advice)
          .retrying(afterSeconds: Int(clamping: failure.retryAfterSeconds ?? 1))
      case .notTaken: return .failure(502, "provider_failed", failure.advice)
      }
    }
  }

  private static func read(_ body: [UInt8]) throws(RequestError) -> CheckoutRequest {
    let members = try body.withUnsafeBufferPointer { body throws(RequestError) in
      try RequestReader.request(json: body)
    }
    for name in members.keys.sorted(by: { ExactText($0) < ExactText($1) })
    where !names.contains(name) {
      throw RequestError(
        .invalidRequest, "a checkout has no `\(name)`", attribute: name,
        help: Suggestion.closest(to: name, among: names).map { "did you mean `\($0)`?" }
          ?? "it has \(names.joined(separator: ", "))")
    }
    func text(_ name: String) throws(RequestError) -> String? {
      switch members[name] {
      case .text(let text)?: return text
      case .absent?, nil: return nil
      default: throw RequestError(.invalidRequest, "`\(name)` is a text", attribute: name)
      }
    }
    guard let plan = try text("plan") else {
      throw RequestError(.invalidRequest, "a checkout is for a `plan`", attribute: "plan")
    }
    var request = CheckoutRequest(
      plan: plan, email: try text("email"), name: try text("name"),
      customer: try text("customer"), returnURL: try text("return_url"))
    switch members["seats"] {
    case .absent?, nil: break
    case .number(let number)?:
      // Whatever is no number of seats is refused with the rest.
      request.seats = Int(number.description) ?? 0
    default: throw RequestError(.invalidRequest, "`seats` is a number", attribute: "seats")
    }
    return request
  }
}
