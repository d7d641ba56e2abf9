import RatecardJSON

/// What came back.
struct HTTPReply: Sendable {
  let status: Int
  /// The headers, their names in lower case.
  let headers: [(name: String, value: String)]
  var body: [UInt8] = []

  /// Reads a head.
  init(head: String) throws {
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let first = lines[0].split(separator: " ")
    guard first.count >= 2, first[0] == "HTTP/1.1", let status = Int(first[1]) else {
      throw RawClient.Failure.malformed(head)
    }
    self.status = status
    headers = try lines.dropFirst().map { line in
      guard let colon = line.firstIndex(of: ":") else { throw RawClient.Failure.malformed(head) }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      return (line[..<colon].lowercased(), String(value))
    }
  }

  /// The value of a header that comes once.
  subscript(name: String) -> String? {
    let values = headers.filter { $0.name == name }
    return values.count == 1 ? values[0].value : nil
  }

  /// The body as text.
  var text: String { String(decoding: body, as: UTF8.self) }

  /// The body as JSON; null where it is none.
  var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

  /// The body's lines as JSON.
  var lines: [JSONValue] {
    text.split(separator: "\n").map { (try? JSONValue(parsing: String($0))) ?? .null }
  }

  /// The code of the error that the body tells.
  var errorCode: String? { json["error"]?["code"]?.string }
  /// The message of the error that the body tells.
  var errorMessage: String? { json["error"]?["message"]?.string }
  /// Whether the connection ends after it.
  var closes: Bool { self["connection"]?.lowercased() == "close" }
}
