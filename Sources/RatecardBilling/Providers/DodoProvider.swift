internal import RatecardJSON
public import RatecardValues

/// Dodo Payments.
public struct DodoProvider: BillingProvider {
  /// Where and as whom it is called.
  public struct Account: Sendable {
    /// Its address without a path, such as `https://test.dodopayments.com`.
    public var url: String
    /// The key; never shown.
    public var key: String
    /// The credits that the card is about, where the account has several kinds.
    public var entitlement: String?

    /// Makes an account.
    public init(url: String, key: String, entitlement: String? = nil) {
      self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
      self.key = key
      self.entitlement = entitlement
    }
  }

  /// What reads its webhooks.
  public let webhooks: any WebhookReader
  private let account: Account
  private let limiter: RateLimiter
  private let transport: Transport
  private let clock: () -> Instant

  /// Makes a provider; calls go through `transport`, and `clock` tells the time.
  public init(
    _ account: Account, webhooks: any WebhookReader, limiter: RateLimiter = RateLimiter(),
    clock: @escaping () -> Instant, transport: @escaping Transport
  ) {
    self.account = account
    self.webhooks = webhooks
    self.limiter = limiter
    self.clock = clock
    self.transport = transport
  }

  /// When the next call may be made.
  public func readyAt(_ now: Instant) -> Instant { limiter.readyAt(now) }

  /// `POST /events/ingest`.
  public func send(_ events: [MeterEvent]) throws(ProviderFailure) {
    let answer = try call(.post, "/events/ingest", EventWriter.batch(events))
    // How many were new is not always said; but a page that some proxy made is no answer.
    guard answer.json?["ingested_count"]?.amount != nil else {
      throw ProviderFailure(.fateUnknown, "the answer has no `ingested_count`")
    }
  }

  /// `GET /events/{event_id}`.
  public func has(event id: String) throws(ProviderFailure) -> Bool {
    let answer = try call(.get, "/events/\(Self.escaped(id))", accepting: [404])
    // A page that some proxy made is no answer, least of all that there is no such event.
    if answer.status == 404, answer.json?["code"] != nil { return false }
    guard answer.json?["event_id"]?.string.map(ExactText.init) == ExactText(id) else {
      throw ProviderFailure(.notTaken, "the answer is not about the event")
    }
    return true
  }

  /// A ledger entry whose idempotency key is the event's id.
  public func debit(_ event: MeterEvent, credits: Number) throws(ProviderFailure) {
    guard let entitlement = account.entitlement else {
      throw ProviderFailure(.refused, "no credit entitlement is configured to debit")
    }
    if credits.isZero { return }
    guard !credits.isNegative else {
      throw ProviderFailure(.refused, "a debit is above zero")
    }
    var json = JSONWriter()
    json.beginObject()
    json.member("entry_type", "debit")
    json.member("amount", credits.description)
    json.member("reason", "usage that was too late for the meter")
    json.member("idempotency_key", event.id)
    json.key("metadata")
    json.beginObject()
    json.member("event_id", EventWriter.cut(event.id, to: 500))
    json.member("occurred_at", EventWriter.timestamp(event.occurredAt ?? event.at))
    json.endObject()
    json.endObject()
    // 409: there is an entry with that key, so it is done.
    let path = balances(entitlement, of: event.customer) + "/ledger-entries"
    let answer = try call(.post, path, json.bytes, accepting: [404, 409])
    switch answer.status {
    case 404 where answer.json?["code"] != nil:
      throw ProviderFailure(.refused, "status 404: no such credit entitlement or customer")
    case 404: throw ProviderFailure(.notTaken, "status 404")
    case 409 where answer.json?["code"] != nil: break
    default:
      // A page that some proxy made is no answer.
      guard answer.json?["id"]?.string != nil else {
        throw ProviderFailure(.fateUnknown, "the answer is not about a ledger entry")
      }
    }
  }

  /// The balance of the entitlement, or of the customer's only one; below zero in overage.
  public func balance(of customer: String) throws(ProviderFailure) -> Number? {
    if let entitlement = account.entitlement {
      let path = balances(entitlement, of: customer)
      let answer = try call(.get, path, accepting: [404])
      return answer.status == 404 ? nil : try credits(answer.json)
    }
    let path = "/customers/\(Self.escaped(customer))/credit-entitlements"
    let answer = try call(.get, path, accepting: [404])
    if answer.status == 404 { return nil }
    guard let items = answer.json?["items"]?.items else {
      throw ProviderFailure(.notTaken, "the answer has no `items`")
    }
    guard items.count <= 1 else {
      throw ProviderFailure(.refused, "the customer has credits of several entitlements")
    }
    return try items.first.map { item throws(ProviderFailure) in try credits(item) }
  }

  /// `POST /checkouts`.
  public func checkout(_ order: CheckoutOrder) throws(ProviderFailure) -> CheckoutSession {
    var json = JSONWriter()
    CheckoutWriter.write(order, to: &json)
    let answer = try call(.post, "/checkouts", json.bytes, isRepeatable: false)
    guard let id = answer.json?["session_id"]?.string else {
      throw ProviderFailure(.fateUnknown, "the answer has no `session_id`")
    }
    return CheckoutSession(id: id, url: answer.json?["checkout_url"]?.string)
  }

  private func balances(_ entitlement: String, of customer: String) -> String {
    "/credit-entitlements/\(Self.escaped(entitlement))/balances/\(Self.escaped(customer))"
  }

  private func credits(_ answer: JSONValue?) throws(ProviderFailure) -> Number {
    guard let credits = answer?.creditsLeft("balance", overage: "overage") else {
      throw ProviderFailure(.notTaken, "the answer has no `balance`")
    }
    return credits
  }
}

extension DodoProvider {
  struct Answer {
    var status: Int
    var json: JSONValue?
  }

  /// Makes a call; a status that is neither 2xx nor among `accepting` is a failure.
  func call(
    _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]? = nil, accepting: Set<Int> = [],
    isRepeatable: Bool = true
  ) throws(ProviderFailure) -> Answer {
    var request = HTTPRequest(method, account.url + path, body: body)
    request.isRepeatable = isRepeatable
    request.headers = [
      .init("Authorization", "Bearer \(account.key)"), .init("Accept", "application/json"),
    ]
    if body != nil { request.headers.append(.init("Content-Type", "application/json")) }
    limiter.note(callAt: clock())
    let response: HTTPResponse
    do throws(TransportFailure) { response = try transport(request) } catch {
      switch error.progress {
      case .neverSent: throw ProviderFailure(.notTaken, error.reason, isPassing: true)
      case .unknown: throw ProviderFailure(.fateUnknown, error.reason)
      case .answered(let status):
        throw ProviderFailure(.fateUnknown, "status \(status), and \(error.reason)")
      }
    }
    let rest = limiter.note(response, now: clock())
    if (200..<300).contains(response.status) || accepting.contains(response.status) {
      return Answer(status: response.status, json: try? JSONValue(parsing: response.body))
    }
    throw ProviderFailure(
      Self.kind(of: response.status), Self.reason(response), retryAfterSeconds: rest,
      isPassing: response.status == 425 || response.status == 429,
      remedy: Self.remedy(for: response.status))
  }

  /// What a person has to do about a status that comes of how the program is set up.
  private static func remedy(for status: Int) -> String? {
    switch status {
    case 401: "check DODO_PAYMENTS_API_KEY and that it belongs to DODO_PAYMENTS_ENVIRONMENT"
    case 403: "use a DODO_PAYMENTS_API_KEY that may write"
    case 300..<400, 404, 405, 421: "check DODO_PAYMENTS_BASE_URL and DODO_PAYMENTS_ENVIRONMENT"
    case 407: "check the proxy in the environment"
    default: nil
    }
  }

  /// What a status says of the request.
  private static func kind(of status: Int) -> ProviderFailure.Kind {
    switch status {
    // The key, the address or the limits are at fault rather than what was sent.
    case 300..<400, 401, 403, 404, 405, 407, 421, 425, 429: .notTaken
    // Whoever answers so may have passed it on before.
    case 408, 409, 500...: .fateUnknown
    default: .refused
    }
  }

  /// `422 INVALID_REQUEST_BODY: …`, of whatever of it there is.
  private static func reason(_ response: HTTPResponse) -> String {
    let json = try? JSONValue(parsing: response.body)
    let code = json?["code"]?.string.map { " " + EventWriter.cut($0, to: 100) } ?? ""
    let message = json?["message"]?.string.map { ": " + EventWriter.cut($0, to: 400) } ?? ""
    return "status \(response.status)\(code)\(message)".replacingNul
  }

  /// A part of a path: whatever is not unreserved is escaped.
  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        bytes.append(byte)
      case UInt8(ascii: "."):
        // A part `..` would be another path.
        let isDots = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
        bytes.append(contentsOf: isDots ? "%2E".utf8 : ".".utf8)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension JSONValue {
  /// An amount, which comes as a text or as a number.
  var amount: Number? {
    switch self {
    case .string(let text), .number(let text): try? Number(json: text)
    case .object, .array, .bool, .null: nil
    }
  }

  /// The credits left by two of its members, below zero in overage; nil: there are none.
  ///
  /// Overage of before does not make new credits less: what becomes of it is the provider's business.
  func creditsLeft(_ balance: String, overage: String) -> Number? {
    guard let balance = self[balance]?.credits else { return nil }
    guard balance.isZero, let overage = self[overage]?.credits else { return balance }
    return try? .zero - overage
  }
}

extension String {
  /// The text without NUL characters, which no store takes.
  var replacingNul: String {
    utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
  }
}
