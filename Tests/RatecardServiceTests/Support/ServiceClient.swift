import RatecardJSON

/// A client of the service, one request after another on one connection while that lasts.
final class ServiceClient {
  let port: UInt16
  let token: String?
  /// What must live as long as the client.
  private let kept: AnyObject?
  private var connection: RawClient?

  init(port: UInt16, token: String? = nil, keeping kept: AnyObject? = nil) {
    self.port = port
    self.token = token
    self.kept = kept
  }

  /// Sends a request and reads its reply.
  func ask(
    _ method: String, _ path: String, _ body: [UInt8]? = nil, type: String? = "application/json",
    headers: [String] = []
  ) throws -> HTTPReply {
    var head = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + headers
    if let token { head.append("Authorization: Bearer \(token)") }
    if let body {
      head.append("Content-Length: \(body.count)")
      if let type { head.append("Content-Type: \(type)") }
    }
    let connection = try self.connection ?? RawClient(port: port)
    self.connection = nil
    connection.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? []))
    let reply = try connection.reply(to: method)
    if !reply.closes { self.connection = connection }
    return reply
  }

  func ask(_ method: String, _ path: String, _ body: String) throws -> HTTPReply {
    try ask(method, path, Array(body.utf8))
  }

  func get(_ path: String) throws -> HTTPReply { try ask("GET", path) }

  func delete(_ path: String) throws -> HTTPReply { try ask("DELETE", path) }

  func post(_ path: String, _ body: JSONValue) throws -> HTTPReply {
    try ask("POST", path, Array(body.text().utf8))
  }

  /// Posts to a path that takes no body.
  func post(_ path: String) throws -> HTTPReply { try ask("POST", path) }

  func put(_ path: String, _ body: JSONValue) throws -> HTTPReply {
    try ask("PUT", path, Array(body.text().utf8))
  }

  /// Posts JSON Lines.
  func post(_ path: String, lines: [String]) throws -> HTTPReply {
    try ask("POST", path, Array(lines.joined(separator: "\n").utf8), type: "application/x-ndjson")
  }
}
