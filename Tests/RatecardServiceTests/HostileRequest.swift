/// Bytes that no honest client sends, and what may come of them.
struct HostileRequest: Sendable {
  /// What may come of a request.
  enum Outcome: Sendable, Equatable {
    /// A status from 400 on and the end of the connection.
    case refused
    /// Nothing, or a refusal, and the end of the connection.
    case dropped
    /// One answer with this status, and then the next request is the next request.
    case answered(Int)
  }

  let name: String
  let bytes: [UInt8]
  let outcome: Outcome

  private init(_ name: String, _ outcome: Outcome, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    self.outcome = outcome
  }

  /// A request for a price, and how long its body is.
  static let body = #"{"request_type":"chat","model":"gpt-4o"}"#
  /// A request that wants to be taken for a body, or the other way round.
  private static let hidden = "GET /readyz HTTP/1.1\r\nHost: hidden\r\n\r\n"
  private static let size = body.utf8.count
  private static let length = "Content-Length: \(size)\r\n"
  private static let chunked = "Transfer-Encoding: chunked\r\n"
  private static let chunks = "\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
  private static let start =
    "POST /v1/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

  /// A request with further headers.
  private static func post(
    _ name: String, _ outcome: Outcome, _ headers: String, body: String = body
  ) -> HostileRequest {
    HostileRequest(name, outcome, Array((start + headers + "\r\n" + body).utf8))
  }

  /// A request of whatever form.
  private static func raw(
    _ name: String, _ outcome: Outcome, _ text: String
  ) -> HostileRequest {
    HostileRequest(name, outcome, Array(text.utf8))
  }

  private static let lengths = [
    post("one length", .answered(200), length),
    post("two equal lengths", .refused, length + length),
    post("two lengths", .refused, length + "Content-Length: 3\r\n"),
    post("the smaller length first", .refused, "Content-Length: 3\r\n" + length),
    post("a list of lengths", .refused, "Content-Length: \(size), \(size)\r\n"),
    post("a length with a sign", .refused, "Content-Length: +\(size)\r\n"),
    post("a length below zero", .refused, "Content-Length: -\(size)\r\n"),
    post("a hexadecimal length", .refused, "Content-Length: 0x\(String(size, radix: 16))\r\n"),
    post("a length of nothing", .refused, "Content-Length:\r\n"),
    post("a length past 64 bits", .refused, "Content-Length: 18446744073709551656\r\n"),
    post(
      "a length of many digits", .refused,
      "Content-Length: \(String(repeating: "9", count: 99))\r\n"),
    post("a length with a fraction", .refused, "Content-Length: \(size).0\r\n"),
    post("a length behind a space", .refused, "Content-Length : \(size)\r\n"),
    post(
      "a length behind a space, and a request in the body", .refused,
      "Content-Length : \(hidden.utf8.count)\r\n", body: hidden),
    post(
      "a length behind a tab, and a request in the body", .refused,
      "Content-Length\t: \(hidden.utf8.count)\r\n", body: hidden),
    post("10 MB announced and not sent", .refused, "Content-Length: 10000000\r\n", body: ""),
    raw(
      "10 MB of usage announced", .refused,
      start.replacing("price", with: "usage") + "Content-Length: 10000000\r\n\r\n"),
    raw(
      "a body where none belongs", .refused,
      "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"),
  ]

  private static let encodings = [
    post("chunks", .answered(200), chunked, body: chunks),
    post("chunks in capitals", .answered(200), "TRANSFER-ENCODING: CHUNKED\r\n", body: chunks),
    post("a length and chunks", .refused, length + chunked, body: chunks),
    post("chunks and a length", .refused, chunked + length),
    post("chunks twice", .refused, chunked + chunked, body: chunks),
    post("chunks of chunks", .refused, "Transfer-Encoding: chunked, chunked\r\n", body: chunks),
    post("an encoding that is none", .refused, "Transfer-Encoding: gzip\r\n"),
    post(
      "an encoding before chunks", .refused, "Transfer-Encoding: gzip, chunked\r\n", body: chunks),
    post("an encoding like chunks", .refused, "Transfer-Encoding: xchunked\r\n", body: chunks),
    post("an encoding of nothing", .refused, "Transfer-Encoding:\r\n" + length),
    post("no encoding, said so", .refused, "Transfer-Encoding: identity\r\n" + length),
    post("chunks behind a space", .refused, "Transfer-Encoding : chunked\r\n", body: chunks),
    post(
      "chunks behind a space, and a length", .refused, "Transfer-Encoding : chunked\r\n" + length),
    post("chunks in a vertical tab", .refused, "Transfer-Encoding: \u{B}chunked\r\n" + length),
    // The library takes a chunk's extensions and trailers for what they are: nothing.
    post(
      "a chunk with an extension", .answered(200), chunked,
      body: "\(String(size, radix: 16));a=b\r\n\(body)\r\n0\r\n\r\n"),
    post(
      "chunks with a trailer", .answered(200), chunked,
      body: "\(String(size, radix: 16))\r\n\(body)\r\n0\r\nContent-Length: 5\r\n\r\n"),
    post("a chunk's length in no digits", .refused, chunked, body: "zz\r\nhello\r\n0\r\n\r\n"),
    post("a chunk's length below zero", .refused, chunked, body: "-5\r\nhello\r\n0\r\n\r\n"),
    post("a chunk's length with a sign", .refused, chunked, body: "+5\r\nhello\r\n0\r\n\r\n"),
    post("a chunk's length as C writes it", .refused, chunked, body: "0x5\r\nhello\r\n0\r\n\r\n"),
    post("a chunk without a length", .refused, chunked, body: "\r\nhello\r\n0\r\n\r\n"),
    post("a space before a chunk's length", .refused, chunked, body: " 5\r\nhello\r\n0\r\n\r\n"),
    post(
      "a chunk's length past 64 bits", .refused, chunked, body: "10000000000000005\r\nhello\r\n"),
    post("a chunk longer than it says", .refused, chunked, body: "3\r\nhello\r\n0\r\n\r\n"),
    post(
      "a chunk's endless extension", .refused, chunked,
      body: "5;\(String(repeating: "a", count: 20_000))\r\nhello\r\n0\r\n\r\n"),
    post(
      "a body that is too long, in chunks", .refused, chunked,
      body: String(repeating: "1000\r\n\(String(repeating: " ", count: 4_096))\r\n", count: 40)
        + "0\r\n\r\n"),
    raw(
      "chunks where no body belongs", .refused,
      "GET /healthz HTTP/1.1\r\nHost: x\r\n\(chunked)\r\n5\r\nhello\r\n0\r\n\r\n"),
  ]

  private static let heads = [
    raw(
      "no host", .refused, "GET /healthz HTTP/1.1\r\n\r\n"),
    raw("two hosts", .refused, "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
    raw("two equal hosts", .refused, "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
    post("bare CR", .refused, length + "X: a\rContent-Length: 3\r\n"),
    post("a header without a colon", .refused, length + "nonsense\r\n"),
    post("a header without a name", .refused, length + ": value\r\n"),
    post("a name with a space", .refused, length + "X Y: value\r\n"),
    post("a name with a NUL", .refused, length + "X-\0A: value\r\n"),
    post(
      "a header without a name, and a request behind it", .refused,
      "Content-Length: 0\r\n: value\r\n", body: hidden),
    post("a name with control characters", .refused, length + "X\u{1}: value\r\n"),
    post("a value with control characters", .refused, length + "X: a\u{1}b\r\n"),
    post("a value with DEL", .refused, length + "X: a\u{7F}b\r\n"),
    post(
      "a value with a tab and letters of other alphabets", .answered(200), length + "X: ä\tb\r\n"),
    post("a NUL for a name", .refused, length + "\0: value\r\n"),
    post("a value with a NUL", .refused, length + "X: a\0b\r\n"),
    post("a value with a NUL first", .refused, "X: a\0b\r\n" + length),
    post("a value with two NULs", .refused, "X: a\0\0b\r\n" + length),
    post("a length with a NUL", .refused, "Content-Length: \(size)\u{0}3\r\n"),
    post("a length with a NUL last", .refused, "Content-Length: \(size)\u{0} 3\r\n"),
    post("a name that is no token", .refused, length + "X(Y): value\r\n"),
    post("a name in quotes", .refused, length + "\"X\": value\r\n"),
    post("a name with letters of other alphabets", .refused, length + "Ä: value\r\n"),
    post(
      "a name with every character that it may have", .answered(200),
      length
        + "!#$%&'*+-.^_`|~09AZaz: value\r\n"),
    raw(
      "a header of 64 KB", .refused, start + "X: \(String(repeating: "a", count: 65_536))\r\n\r\n"),
    raw(
      "a path of 64 KB", .refused,
      "GET /\(String(repeating: "a", count: 65_536)) HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw(
      "a method of 64 KB", .refused,
      String(repeating: "G", count: 65_536) + " / HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw(
      "a flood of headers", .refused,
      start + (0..<5_000).map { "X-\($0): a\r\n" }.joined() + "\r\n"),
    raw("a flood of empty lines", .refused, String(repeating: "\r\n", count: 20_000) + start),
    raw("%00 in a name", .refused, "GET /v1/customers/a%00b HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw("%00 in a path", .refused, "GET /healthz%00 HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw("HTTP of the future", .refused, "GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n"),
    raw("HTTP/2's beginning", .refused, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    raw("HTTP of the past", .dropped, "GET /healthz\r\n\r\n"),
    raw("a path with a space", .dropped, "GET /heal thz HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw("no path", .dropped, "GET HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw("no HTTP", .dropped, "hello\r\n\r\n"),
    raw("TLS", .dropped, "\u{16}\u{3}\u{1}\0\u{1}\0\r\n\r\n"),
    raw("a method in small letters", .refused, "get /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
  ]

  /// What libmicrohttpd normalises before this service sees it: each is one request with one
  /// meaning, or none.
  private static let normalised = [
    // A bare LF ends a line, as RFC 9112, section 2.2, allows.
    HostileRequest(
      "bare LF", .answered(200),
      Array((start + length + "\r\n").replacing("\r\n", with: "\n").utf8) + Array(body.utf8)),
    raw("one bare LF", .answered(200), start + "X: a\n" + length + "\r\n" + body),
    post("an encoding with a NUL", .refused, "Transfer-Encoding: chunked\0x\r\n" + length),
    // A path ends at a NUL.
    raw("a path with a NUL", .answered(200), "GET /healthz\0x HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw("empty lines first", .answered(200), "\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw(
      "a path with a query", .answered(200), "GET /healthz?a=%00&b=%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
    raw("another minor version", .answered(200), "GET /healthz HTTP/1.2\r\nHost: x\r\n\r\n"),
    raw(
      "an upgrade", .answered(200),
      "GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"),
    raw(
      "an upgrade to HTTP/2", .answered(200),
      "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n"),
    post("an expectation that is none", .answered(200), length + "Expect: the unexpected\r\n"),
  ]

  /// What is folded.
  ///
  /// libmicrohttpd 0.9.75 joins the second line to the name of the header, which so becomes another
  /// header.
  private static let folded = [
    post("a folded header", .refused, length + "X: a\r\n b\r\n"),
    post("a folded header first", .refused, "X: a\r\n b\r\n" + length),
    post("a header folded with a tab", .refused, length + "X: a\r\n\tb\r\n"),
    post("a header folded twice", .refused, length + "X: a\r\n b\r\n c\r\n"),
    post("a header folded before its value", .refused, length + "X:\r\n b\r\n"),
    post("a header folded behind its value", .refused, length + "X: a\r\n \r\n"),
    post("a folded header that becomes a length", .refused, "Content-Len: 5\r\n gth\r\n"),
    post(
      "a folded header that becomes a length, and a length", .refused,
      "Content-Len: 5\r\n gth\r\n" + length),
    raw(
      "a folded header that becomes a host", .refused,
      "GET /healthz HTTP/1.1\r\nHos: x\r\n t\r\n\r\n"),
    raw(
      "a folded header that becomes an encoding", .refused,
      "POST /v1/outbox/nothing/retry HTTP/1.1\r\nHost: x\r\nTransfer-Enc: chunked\r\n"
        + " oding\r\n\r\n"),
    raw(
      "a folded length where no body belongs, and a request in the body", .refused,
      "POST /v1/outbox/nothing/retry HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n"
        + " \(hidden.utf8.count)\r\n\r\n\(hidden)"),
    raw(
      "a folded token", .refused,
      "GET /v1/outbox HTTP/1.1\r\nHost: x\r\nAuthorization:\r\n Bearer\r\n\r\n"),
    post("a folded header of two words", .refused, length + "X: a\r\n b c\r\n"),
    post("a fold that looks like a header", .refused, length + "X: a\r\n \(chunked)"),
    post("a fold first", .refused, " X: a\r\n" + length),
    post("a folded length", .refused, "Content-Length:\r\n \(size)\r\n"),
    post(
      "a folded length, and a request in the body", .refused,
      "Content-Length:\r\n \(hidden.utf8.count)\r\n", body: hidden),
    post("a folded encoding", .refused, "Transfer-Encoding:\r\n chunked\r\n", body: chunks),
    // The length says where the body ends, and chunks are no JSON.
    post(
      "a folded encoding, a length and chunks", .refused,
      "Transfer-Encoding:\r\n chunked\r\n" + length, body: chunks),
    raw("a folded host", .refused, "GET /healthz HTTP/1.1\r\nHost:\r\n x\r\n\r\n"),
  ]

  static let all = lengths + encodings + heads + normalised + folded
}
