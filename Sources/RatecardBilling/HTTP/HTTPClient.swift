internal import CCurl

/// A client for HTTP that one thread uses; connections stay open between requests.
///
/// A request ends when its deadline has passed whatever the server does. Redirects are answers, not
/// followed: a body that charges someone goes nowhere but where it was sent.
public struct HTTPClient: ~Copyable {
  /// How long things may take, and how long an answer may be.
  public struct Limits: Hashable, Sendable {
    /// For a connection to be there.
    public var connectMilliseconds: Int
    /// For everything, the answer's last byte included.
    public var totalMilliseconds: Int
    /// For an answer's body.
    public var responseBytes: Int

    /// Makes limits.
    public init(
      connectMilliseconds: Int = 5_000, totalMilliseconds: Int = 30_000,
      responseBytes: Int = 4 << 20
    ) {
      self.connectMilliseconds = connectMilliseconds
      self.totalMilliseconds = totalMilliseconds
      self.responseBytes = responseBytes
    }
  }

  // SAFETY: the handle belongs to this value, which cannot be copied, and ends with it.
  private let handle: UnsafeMutableRawPointer
  private let limits: Limits

  /// The library is initialised once, before any thread has a handle.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Makes a client; opens nothing yet.
  public init(limits: Limits = Limits()) {
    guard Self.isReady, let handle = curl_easy_init() else {
      preconditionFailure("libcurl has memory to begin with")
    }
    self.handle = handle
    self.limits = limits
  }

  deinit { curl_easy_cleanup(handle) }

  /// Sends a request and waits for the whole answer, at most until its deadline.
  public func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    let answer = Answer(limit: limits.responseBytes)
    // Sets every option anew, and keeps the connections.
    curl_easy_reset(handle)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TIMEOUT_MS, limits.totalMilliseconds)
    set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectMilliseconds)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_FRESH_CONNECT, request.isRepeatable ? 0 : 1)
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    curl_set_text(handle, CURLOPT_USERAGENT, "ratecard")
    guard curl_set_text(handle, CURLOPT_URL, request.url) == CURLE_OK else {
      throw TransportFailure(.neverSent, "the address cannot be used")
    }
    // Without a body libcurl would ask the server first whether it wants one.
    var headers = curl_slist_append(nil, "Expect:")
    defer { curl_slist_free_all(headers) }
    for header in request.headers {
      headers = curl_slist_append(headers, "\(header.name): \(header.value)")
    }
    curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
    // SAFETY: the library calls back during `curl_easy_perform` only, and `answer` lives longer.
    let context = Unmanaged.passUnretained(answer).toOpaque()
    curl_set_taker(handle, CURLOPT_WRITEFUNCTION) { Answer.take($0, $1 * $2, $3, Answer.addToBody) }
    curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    curl_set_taker(handle, CURLOPT_HEADERFUNCTION) {
      Answer.take($0, $1 * $2, $3, Answer.addHeader)
    }
    curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    let body = request.body ?? []
    let code = body.withUnsafeBufferPointer { bytes in
      if request.method != .get {
        set(CURLOPT_POST, 1)
        if request.method != .post {
          curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        if bytes.isEmpty {
          // No pointer at all would make the library read standard input.
          curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, "")
        } else {
          curl_set_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress)
        }
      } else {
        set(CURLOPT_HTTPGET, 1)
      }
      return curl_easy_perform(handle)
    }
    withExtendedLifetime(answer) {}
    let status = long(CURLINFO_RESPONSE_CODE)
    guard code == CURLE_OK else {
      throw TransportFailure(progress(code, status), reason(code, answer))
    }
    return HTTPResponse(status, headers: answer.headers, body: answer.body)
  }

  private func set(_ option: CURLoption, _ value: Int) { curl_set_long(handle, option, value) }

  private func long(_ info: CURLINFO) -> Int {
    var value = 0
    curl_get_long(handle, info, &value)
    return value
  }

  private func progress(_ code: CURLcode, _ status: Int) -> TransportFailure.Progress {
    if status >= 200 { return .answered(status: status) }
    // The size of the request counts from its first byte on.
    return long(CURLINFO_REQUEST_SIZE) == 0 ? .neverSent : .unknown
  }

  private func reason(_ code: CURLcode, _ answer: Answer) -> String {
    if answer.isTooLong { return "the answer has more than \(limits.responseBytes) bytes" }
    if code == CURLE_OPERATION_TIMEDOUT { return "no whole answer in time" }
    let text = String(cString: curl_easy_strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}

extension HTTPClient {
  /// A client as a closure, for one thread.
  public static func transport(limits: Limits = Limits()) -> Transport {
    let kept = KeptClient(limits)
    return { request throws(TransportFailure) in try kept.client.send(request) }
  }
}

/// A client that a closure can hold.
private final class KeptClient {
  let client: HTTPClient

  init(_ limits: HTTPClient.Limits) { client = HTTPClient(limits: limits) }
}

/// What has come of an answer.
private final class Answer {
  private(set) var headers: [String: String] = [:]
  private(set) var body: [UInt8] = []
  private(set) var isTooLong = false
  private var headerBytes = 0
  private let limit: Int
  private static let headerLimit = 64 << 10

  init(limit: Int) { self.limit = limit }

  /// Hands bytes to an answer; fewer than there are end the transfer.
  static func take(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ taker: (Answer) -> (UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let context else { return 0 }
    let answer = Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
    return taker(answer)(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
  }

  func addToBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= limit else {
      isTooLong = true
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  func addHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Self.headerLimit else {
      isTooLong = true
      return false
    }
    let line = String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // Another answer begins, after an interim one.
      headers = [:]
    } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
      let value = line[colon...].dropFirst().drop { $0.isWhitespace }
      let end = value.lastIndex { !$0.isWhitespace }
      headers[line[..<colon].lowercased()] = end.map { String(value[...$0]) } ?? ""
    }
    return true
  }
}
