internal import RatecardJSON

/// Finds what a request is for, and whether its sender may ask for it.
struct Router: Sendable {
  private static let smallBody = 64 << 10
  private static let webhookBody = 1 << 20
  private static let usageBody = 4 << 20

  /// The digest of what clients show; nil: anybody who reaches the service may ask.
  private let tokenDigest: [UInt8]?

  init(token: String?) { tokenDigest = token.map { Secrets.digest(Array($0.utf8)) } }

  func target(of head: RequestHead, token shown: ArraySlice<UInt8>?) -> Targeting {
    let path = head.path
    if let tokenDigest, Self.isGuarded(path) {
      guard let shown else {
        return refused(401, "unauthorized", "send the header `Authorization: Bearer TOKEN`")
      }
      guard Secrets.areSame(Secrets.digest(Array(shown)), tokenDigest) else {
        return refused(401, "unauthorized", "the token is not this service's")
      }
    }
    guard let (endpoint, name) = endpoint(path) else {
      return refused(404, "not_found", "there is nothing at `\(Self.shown(path))`")
    }
    return check(head, endpoint, name)
  }

  /// Whether a path is for whoever has the token.
  private static func isGuarded(_ path: String) -> Bool {
    path.utf8.starts(with: "/v1/".utf8) || path.utf8.starts(with: "/-/".utf8)
  }

  private func refused(_ status: Int, _ code: String, _ message: String) -> Targeting {
    .refused(Target(endpoint: .unknown), .failure(status, code, message))
  }

  /// A path as an error repeats it.
  private static func shown(_ path: String) -> String {
    path.utf8.count <= 200 ? path : String(path.prefix(200)) + "…"
  }

  private func endpoint(_ path: String) -> (Endpoint, Substring)? {
    switch path {
    case "/v1/decide": return (.decide, "")
    case "/v1/price": return (.price, "")
    case "/v1/usage": return (.usage, "")
    case "/v1/ratecard": return (.ratecard, "")
    case "/v1/checkout": return (.checkout, "")
    case "/v1/outbox": return (.outbox, "")
    case "/v1/reservations": return (.reservations, "")
    case "/-/reload": return (.reload, "")
    case "/webhooks/dodo": return (.webhook, "")
    case "/healthz": return (.health, "")
    case "/readyz": return (.ready, "")
    case "/metrics": return (.metrics, "")
    case "/openapi.json": return (.description, "")
    default: break
    }
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard path.hasPrefix("/"), parts.count >= 3, parts[0] == "v1", !parts[2].isEmpty else {
      return nil
    }
    switch (parts[1], parts.count) {
    case ("customers", 3): return (.customer, parts[2])
    case ("outbox", 3): return (.outboxEvent, parts[2])
    case ("outbox", 4) where parts[3] == "retry": return (.retry, parts[2])
    case ("reservations", 3): return (.reservation, parts[2])
    case ("reservations", 4) where parts[3] == "settle": return (.settlement, parts[2])
    default: return nil
    }
  }

  private func check(_ head: RequestHead, _ endpoint: Endpoint, _ part: Substring) -> Targeting {
    guard let name = PercentText.decode(part) else {
      return refused(400, "bad_request", "the path holds something that is no text")
    }
    var target = Target(endpoint: endpoint, name: name)
    guard endpoint.methods.contains(head.method) else {
      let allowed = endpoint.methods.map(\.rawValue).joined(separator: ", ")
      var reply = Reply.failure(405, "method_not_allowed", "`\(endpoint.path)` takes \(allowed)")
      reply.allow = allowed
      return .refused(target, reply)
    }
    let takesBody = head.method == .post || head.method == .put
    switch endpoint {
    case .usage:
      target.bodyLimit = Self.usageBody
    case .decide, .price, .customer, .checkout, .reservations, .settlement:
      target.bodyLimit = takesBody ? Self.smallBody : 0
    case .outbox: target.takesQuery = true
    case .retry:
      // A body is what was corrected; without a type there is none.
      if head.contentType != .none || (head.announcedLength ?? 0) > 0 {
        target.bodyLimit = Self.smallBody
      }
    case .webhook:
      target.bodyLimit = Self.webhookBody
      target.headers = WebhookRoute.headers
      return .found(target)
    default: break
    }
    if target.bodyLimit > 0 {
      switch head.contentType {
      case .json: break
      case .jsonLines where endpoint == .usage: break
      default:
        let types =
          endpoint == .usage ? "application/json or application/x-ndjson" : "application/json"
        return .refused(
          target,
          .failure(415, "unsupported_media_type", "send the header `Content-Type: \(types)`"))
      }
    }
    return .found(target)
  }
}

extension Endpoint {
  /// The methods that it takes.
  var methods: [RequestHead.Method] {
    switch self {
    case .decide, .price, .usage, .retry, .reload, .webhook, .checkout, .reservations, .settlement:
      [.post]
    case .customer: [.get, .put]
    case .outboxEvent, .reservation: [.get, .delete]
    case .outbox, .ratecard: [.get]
    case .health, .ready, .metrics, .description: [.get, .head]
    case .unknown: []
    }
  }
}
