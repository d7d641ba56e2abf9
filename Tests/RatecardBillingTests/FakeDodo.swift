import RatecardBilling
import RatecardJSON
import RatecardTestSupport
import RatecardValues

/// The provider as a test needs it, behind a transport.
///
/// It keeps the published rules, and fails as told. Its clock is the test's.
final class FakeDodo {
  enum Weather: CaseIterable {
    case fine, unreachable, busy, broken, silentBefore, silentAfter, nonsense
  }

  var now: Instant
  var weather: (Instant) -> Weather = { _ in .fine }
  /// The credits of every event it took, by id.
  private(set) var events: [String: Number] = [:]
  private(set) var ledger: [String: Number] = [:]
  private(set) var requests: [HTTPRequest] = []
  private(set) var calls: [Instant] = []
  /// A status that everything is answered with at a time; nil: it is answered as it should be.
  var status: (Instant) -> Int? = { _ in nil }
  var unknownCustomers: Set<String> = []
  /// How long a call takes.
  var latency = 0.02

  init(now: Instant) { self.now = now }

  func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    requests.append(request)
    calls.append(now)
    let weather = weather(now)
    now = now.plus(latency)
    if let status = status(now) { return HTTPResponse(status, body: Array("<html>".utf8)) }
    switch weather {
    case .fine: return answer(request)
    case .unreachable: throw TransportFailure(.neverSent, "could not connect to server")
    case .busy: return HTTPResponse(429, headers: ["retry-after": "7"])
    case .broken: return HTTPResponse(502, body: Array("<html>".utf8))
    case .silentBefore:
      now = now.plus(29)
      throw TransportFailure(.unknown, "no whole answer in time")
    case .silentAfter:
      _ = answer(request)
      now = now.plus(29)
      throw TransportFailure(.unknown, "no whole answer in time")
    case .nonsense: return HTTPResponse(200, body: Array("<html>".utf8))
    }
  }

  private func answer(_ request: HTTPRequest) -> HTTPResponse {
    let path = String(request.url.dropFirst("https://dodo".count))
    if request.method == .get {
      let id = String(path.split(separator: "/").last ?? "")
      guard events[id] != nil else { return error(404, "NOT_FOUND") }
      return HTTPResponse(200, body: Array(#"{"event_id":"\#(id)","more":[1]}"#.utf8))
    }
    guard let json = try? JSONValue(parsing: request.body ?? []) else {
      return error(422, "INVALID_REQUEST_BODY")
    }
    if path.hasSuffix("/ledger-entries") {
      guard let id = json["idempotency_key"]?.string, let amount = number(json["amount"]) else {
        return error(400, "INVALID_REQUEST_BODY")
      }
      if ledger[id] != nil { return error(409, "DUPLICATE") }
      ledger[id] = amount
      return HTTPResponse(201, body: Array(#"{"id":"cle_1"}"#.utf8))
    }
    guard let items = json["events"]?.items, (1...1_000).contains(items.count) else {
      return error(400, "INVALID_REQUEST_BODY")
    }
    var taken: [String: Number] = [:]
    for item in items {
      guard let id = item["event_id"]?.string, taken[id] == nil,
        let amount = number(item["metadata"]?["credit_cost"]),
        let at = item["timestamp"]?.string.flatMap({ try? Instant(parsing: $0) }),
        at >= now.plus(-3_600), at <= now.plus(300),
        let customer = item["customer_id"]?.string, !unknownCustomers.contains(customer)
      else { return error(400, "INVALID_REQUEST_BODY") }
      taken[id] = amount
    }
    for (id, amount) in taken where events[id] == nil { events[id] = amount }
    return HTTPResponse(200, body: Array(#"{"ingested_count":\#(items.count),"x":{}}"#.utf8))
  }

  private func error(_ status: Int, _ code: String) -> HTTPResponse {
    HTTPResponse(status, body: Array(#"{"code":"\#(code)","message":"no"}"#.utf8))
  }

  private func number(_ value: JSONValue?) -> Number? {
    switch value {
    case .number(let text)?, .string(let text)?: try? Number(json: text)
    default: nil
    }
  }
}
