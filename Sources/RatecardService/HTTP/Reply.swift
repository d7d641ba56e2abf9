internal import RatecardJSON

/// What goes back to a client.
struct Reply: Sendable {
  /// What the body is.
  enum Content: String, Sendable {
    case json = "application/json"
    case jsonLines = "application/x-ndjson"
    case metrics = "text/plain; version=0.0.4; charset=utf-8"
  }

  var status: Int
  var content = Content.json
  var body: [UInt8]
  /// Whether the connection ends with it.
  var closes = false
  /// The methods that the path takes, with status 405.
  var allow: String?
  /// How many seconds the client had better wait.
  var retryAfterSeconds: Int?

  init(_ status: Int, _ body: [UInt8], _ content: Content = .json) {
    self.status = status
    self.body = body
    self.content = content
  }

  /// A reply of JSON that `write` makes.
  init(_ status: Int, writing write: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    write(&json)
    self.init(status, json.bytes)
  }
}

extension Reply {
  /// An error in the form that every endpoint uses.
  static func failure(
    _ status: Int, _ code: String, _ message: String, attribute: String? = nil
  ) -> Reply {
    Reply(status) { json in
      json.beginObject()
      json.key("error")
      json.beginObject()
      json.member("code", code)
      json.member("message", message)
      if let attribute { json.member("attribute", attribute) }
      json.endObject()
      json.endObject()
    }
  }

  /// The same reply, after which the connection ends.
  func closing() -> Reply {
    var reply = self
    reply.closes = true
    return reply
  }

  /// The same reply with advice when to come again.
  func retrying(afterSeconds seconds: Int) -> Reply {
    var reply = self
    reply.retryAfterSeconds = seconds
    return reply
  }
}
