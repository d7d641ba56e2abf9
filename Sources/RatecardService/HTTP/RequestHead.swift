internal import Glibc

/// A request without its body.
struct RequestHead: Sendable {
  enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    case other = ""

    /// The method of a name, as it was sent.
    init(name: UnsafePointer<CChar>) {
      // The usual ones first.
      self =
        if strcmp(name, "POST") == 0 {
          .post
        } else if strcmp(name, "GET") == 0 {
          .get
        } else {
          Self(rawValue: String(cString: name)) ?? .other
        }
    }
  }

  /// What the body says it is.
  enum ContentType: Sendable {
    case none, json, jsonLines, other
  }

  let method: Method
  /// The path as it was sent, without the query.
  let path: String
  var contentType = ContentType.none
  /// The length of the body, where the head names one.
  var announcedLength: Int?
  /// The request's name: the client's, if it has a usable one, else one that was made here.
  var requestID = ""
  /// The headers that a target asked for, by their names in lower case.
  var extra: [String: String] = [:]
  /// The query's arguments, decoded.
  var query: [String: String] = [:]
}

/// What is read of a head while its headers go by.
struct HeaderReading {
  private(set) var hosts = 0
  private(set) var lengths = 0
  private(set) var encodings = 0
  private(set) var isChunked = false
  private(set) var announcedLength: Int?
  private(set) var contentType = RequestHead.ContentType.none
  private(set) var requestID: String?
  /// The token that the client sent.
  private(set) var token: ArraySlice<UInt8>?
  private(set) var authorizations = 0
  private(set) var isMalformed = false
  private var lines = HeaderLines()

  /// Why the head cannot be trusted to mean one thing; nil: it can.
  ///
  /// Two ways to tell where a body ends make two servers see two requests in one (RFC 9112,
  /// section 6.3).
  var objection: String? {
    if isMalformed { return "a header's name is a token, and no header has a control character" }
    if !lines.areWhole { return "a header is one line, without a NUL" }
    if hosts != 1 { return "a request has one Host" }
    if lengths > 1 { return "a request has one Content-Length" }
    if encodings > 1 || (encodings == 1 && !isChunked) {
      return "the one Transfer-Encoding taken is chunked"
    }
    if lengths > 0 && encodings > 0 {
      return "a request has a Content-Length or a Transfer-Encoding, not both"
    }
    if lengths == 1 && announcedLength == nil { return "the Content-Length is no number" }
    if authorizations > 1 { return "a request has one Authorization" }
    return nil
  }

  /// Reads a header.
  ///
  /// `Content-Length : 5` would otherwise be a header of another name, and its body the next request;
  /// servers behind a proxy refuse such names (RFC 9112, section 5.1) and such values (RFC 9110,
  /// section 5.5).
  mutating func read(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    lines.take(name, value)
    if name.isEmpty || !name.allSatisfy(Self.isToken)
      || value.contains(where: { ($0 < 0x20 && $0 != UInt8(ascii: "\t")) || $0 == 0x7F })
    {
      isMalformed = true
    }
    switch name.count {
    case 4 where name.isHeader("host"): hosts += 1
    case 12 where name.isHeader("content-type"): contentType = Self.contentType(value)
    case 12 where name.isHeader("x-request-id"): requestID = Self.requestID(value)
    case 13 where name.isHeader("authorization"):
      authorizations += 1
      token = Self.token(value)
    case 14 where name.isHeader("content-length"):
      lengths += 1
      announcedLength = Self.length(value)
    case 17 where name.isHeader("transfer-encoding"):
      encodings += 1
      isChunked = value.isHeader("chunked")
    default: break
    }
  }

  /// Is called behind the last header.
  mutating func finish() { lines.finish() }

  /// Whether a byte may stand in a header's name (RFC 9110, section 5.6.2).
  private static func isToken(_ byte: UInt8) -> Bool {
    // A bit for each of the characters from 0 to 63, and from 64 to 127.
    let low: UInt64 = 0x03FF_6CFA_0000_0000
    let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
    return byte < 64 ? low >> byte & 1 == 1 : byte < 128 && high >> (byte & 63) & 1 == 1
  }

  private static func contentType(
    _ value: UnsafeBufferPointer<UInt8>
  ) -> RequestHead.ContentType {
    var end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
    while end > 0, value[end - 1] == UInt8(ascii: " ") { end -= 1 }
    let type = UnsafeBufferPointer(rebasing: value[..<end])
    if type.isHeader("application/json") { return .json }
    if type.isHeader("application/x-ndjson") || type.isHeader("application/jsonl") {
      return .jsonLines
    }
    return .other
  }

  /// A name for a request that may stand in a log: up to 64 letters, digits, `-`, `_` and `.`.
  private static func requestID(_ value: UnsafeBufferPointer<UInt8>) -> String? {
    let isUsable = (1...64).contains(value.count) && value.allSatisfy(Self.isPlain)
    return isUsable ? String(decoding: value, as: UTF8.self) : nil
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func token(_ value: UnsafeBufferPointer<UInt8>) -> ArraySlice<UInt8>? {
    guard value.count > 7, UnsafeBufferPointer(rebasing: value[..<7]).isHeader("bearer ") else {
      return nil
    }
    return Array(value[7...]).drop { $0 == UInt8(ascii: " ") }
  }

  private static func length(_ value: UnsafeBufferPointer<UInt8>) -> Int? {
    guard (1...18).contains(value.count) else { return nil }
    var length = 0
    for byte in value {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      length = length * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return length
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes spell a lower-case ASCII text, in whatever case.
  func isHeader(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    let wanted = text.utf8Start
    for place in 0..<count {
      let byte = self[place]
      let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      if (isUpper ? byte | 0x20 : byte) != wanted[place] { return false }
    }
    return true
  }
}
