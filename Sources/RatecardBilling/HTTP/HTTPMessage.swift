/// A request to a server.
public struct HTTPRequest: Hashable, Sendable {
  /// What is asked of the server.
  public enum Method: String, Hashable, Sendable {
    case get = "GET"
    case post = "POST"
    case patch = "PATCH"
  }

  /// A header's name and value.
  public struct Header: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The value; never shown.
    public let value: String

    /// Makes a header.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What is asked of the server.
  public var method: Method
  /// The whole address.
  public var url: String
  /// The headers, beside those that the client sets itself.
  public var headers: [Header]
  /// The body; nil: none.
  public var body: [UInt8]?
  /// Whether it does no harm twice.
  ///
  /// What does goes over a connection of its own: on one that was
  /// kept and turns out to be closed, the library would send it again by itself.
  public var isRepeatable = true

  /// Makes a request.
  public init(_ method: Method, _ url: String, headers: [Header] = [], body: [UInt8]? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// What a server answered.
public struct HTTPResponse: Hashable, Sendable {
  /// The status code.
  public var status: Int
  /// The headers, names in lower case; of a name that comes twice the last value.
  public var headers: [String: String]
  /// The body.
  public var body: [UInt8]

  /// Makes a response; the names of headers are in lower case.
  public init(_ status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why a request has no whole answer.
public struct TransportFailure: Error, Hashable, Sendable {
  /// How far the request came.
  public enum Progress: Hashable, Sendable {
    /// The server has not seen a byte of it.
    case neverSent
    /// The server may have it.
    case unknown
    /// The server answered with a status, but the rest of the answer is cut off or too long.
    case answered(status: Int)
  }

  /// How far the request came.
  public var progress: Progress
  /// Why it has no answer, in words.
  public var reason: String

  /// Makes a failure.
  public init(_ progress: Progress, _ reason: String) {
    self.progress = progress
    self.reason = reason
  }
}

/// Sends a request and waits for its answer.
public typealias Transport = (HTTPRequest) throws(TransportFailure) -> HTTPResponse
