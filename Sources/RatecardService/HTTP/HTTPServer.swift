internal import CMicroHTTP
internal import Glibc
internal import Synchronization

/// An HTTP/1.1 server: libmicrohttpd, and what that lets through which this service does not.
///
/// SAFETY: the library keeps an unretained pointer to the server, which `stop` outlives; it owns one
/// reference to each exchange and each connection, which its last call about them takes back.
final class HTTPServer: @unchecked Sendable {
  private let handler: any RequestHandler
  private let limits: HTTPLimits
  private let budget: BodyBudget
  private let connections = ConnectionRegistry()
  private let names = RequestNames()
  private let active = Atomic<Int>(0)
  private let isDraining = Atomic<Bool>(false)
  /// Whether no connection may be suspended any more: the library cannot stop while one is.
  private let isClosing = Atomic<Bool>(false)
  private var daemon: OpaquePointer?

  /// Starts to answer on a socket that listens.
  init(
    on socket: borrowing ListeningSocket, threads: Int, limits: HTTPLimits,
    handler: any RequestHandler
  ) throws(ServiceFailure) {
    self.handler = handler
    self.limits = limits
    budget = BodyBudget(bytes: limits.bodyBytes)
    var settings = http_settings()
    settings.listen_socket = socket.descriptor
    settings.threads = UInt32(threads)
    settings.connections = UInt32(limits.connections)
    settings.connections_per_address = 0
    settings.idle_seconds = UInt32(limits.headMilliseconds / 1_000 + 1)
    settings.connection_memory = limits.headBytes
    daemon = http_start(
      &settings, answerCallback, completedCallback, notifyCallback, unescapeCallback,
      Unmanaged.passUnretained(self).toOpaque())
    if daemon == nil { throw .cannotListen(socket.address, errno) }
  }

  /// How many connections are open.
  var connectionCount: Int { connections.count }
  /// How many requests have begun and not ended.
  var activeCount: Int { active.load(ordering: .relaxed) }

  /// Ends the connections that take too long; call it several times a second.
  func endLateConnections() { connections.endLate() }

  /// Takes no more connections, lets requests that have begun end, and stops.
  ///
  /// Clients that are slow to send the rest of a request, or to read a reply, get a moment each.
  ///
  /// Once a part of the patience is over, `giveUp` is called, which answers what still waits for others.
  ///
  /// False: some did not end in time, and the server goes on with them.
  func stop(withinMilliseconds patience: Int64, giveUp: @escaping () -> Void) -> Bool {
    guard let daemon else { return true }
    isDraining.store(true, ordering: .relaxed)
    let listener = MHD_quiesce_daemon(daemon)
    let end = MonotonicClock.milliseconds + patience
    var giveUp: (() -> Void)? = giveUp
    let middle = end - patience / 2
    // Connections that the kernel had accepted may bring one more request; they get a moment.
    usleep(50_000)
    connections.hurry(within: limits.lastMilliseconds)
    guard waitForRequests(until: end, middle, &giveUp) else { return false }
    // A connection that is kept open may bring a request at any moment: one that begins before the
    // mark is seen here and waited for, one that begins after it sees the mark.
    isClosing.store(true, ordering: .sequentiallyConsistent)
    guard waitForRequests(until: end, middle, &giveUp) else { return false }
    MHD_stop_daemon(daemon)
    self.daemon = nil
    if listener >= 0 { close(listener) }
    return true
  }

  /// Waits until no request is active; false: some still are at the end.
  ///
  /// Where some are in the middle of the time, `giveUp` is called, once.
  private func waitForRequests(
    until end: Int64, _ middle: Int64, _ giveUp: inout (() -> Void)?
  ) -> Bool {
    while active.load(ordering: .sequentiallyConsistent) > 0 {
      let now = MonotonicClock.milliseconds
      if now >= middle {
        giveUp?()
        giveUp = nil
      }
      guard now < end else { return false }
      connections.endLate()
      usleep(2_000)
    }
    return true
  }
}

extension HTTPServer {
  /// A new connection, or the end of one.
  fileprivate func notified(
    _ connection: OpaquePointer, _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
    isStart: Bool
  ) {
    if isStart {
      let mine = Connection(
        socket: http_socket(connection), within: limits.headMilliseconds)
      connections.add(mine)
      slot.pointee = Unmanaged.passRetained(mine).toOpaque()
    } else if let pointer = slot.pointee {
      connections.remove(Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue())
      slot.pointee = nil
    }
  }

  /// A request has begun: finds out what it is for.
  fileprivate func begin(
    _ connection: OpaquePointer, _ url: UnsafePointer<CChar>, _ method: UnsafePointer<CChar>,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  ) -> MHD_Result {
    active.add(1, ordering: .sequentiallyConsistent)
    var headers = HeaderReading()
    withUnsafeMutablePointer(to: &headers) { headers in
      _ = MHD_get_connection_values(connection, .HEADER_KIND, headerCallback, headers)
    }
    headers.finish()
    var head = RequestHead(
      method: RequestHead.Method(name: method),
      path: String(cString: url))
    head.contentType = headers.contentType
    head.announcedLength = headers.announcedLength
    head.requestID = headers.requestID ?? names.next()
    let targeting = handler.target(of: head, token: headers.token)
    var refusal: Reply?
    let target: Target
    switch targeting {
    case .found(let found): target = found
    case .refused(let found, let reply): (target, refusal) = (found, reply)
    }
    if let objection = headers.objection {
      refusal = .failure(400, "bad_request", objection)
    } else if refusal == nil, let length = head.announcedLength, length > target.bodyLimit {
      refusal = .tooLarge(limit: target.bodyLimit)
    }
    for name in target.headers {
      if let value = MHD_lookup_connection_value(connection, .HEADER_KIND, name) {
        head.extra[name] = String(cString: value)
      }
    }
    if target.takesQuery {
      withUnsafeMutablePointer(to: &head.query) { query in
        _ = MHD_get_connection_values(connection, .GET_ARGUMENT_KIND, queryCallback, query)
      }
    }
    let exchange = Exchange(head, target, budget, began: MonotonicClock.nanoseconds)
    slot.pointee = Unmanaged.passRetained(exchange).toOpaque()
    if let refusal { return send(refusal.closing(), exchange, connection) }
    phase(of: connection, within: limits.bodyMilliseconds)
    return .YES
  }

  /// A piece of a body, its end, or the return of a connection that waited.
  fileprivate func resume(
    _ connection: OpaquePointer, _ exchange: Exchange, _ piece: UnsafePointer<CChar>?,
    _ size: UnsafeMutablePointer<Int>
  ) -> MHD_Result {
    if size.pointee > 0, let piece {
      // The rest of a body whose beginning was refused is read past: the library takes a reply only
      // before a body or behind it.
      if exchange.status == 0, exchange.reply == nil {
        let refusal = piece.withMemoryRebound(to: UInt8.self, capacity: size.pointee) { bytes in
          exchange.append(UnsafeBufferPointer(start: bytes, count: size.pointee))
        }
        if let refusal { exchange.refuse(refusal.closing()) }
      } else if !exchange.skip(size.pointee) {
        // Whoever goes on and on is not waited for to say why.
        return .NO
      }
      size.pointee = 0
      return .YES
    }
    if exchange.status != 0 { return .YES }
    if let reply = exchange.reply { return send(reply, exchange, connection) }
    guard !exchange.isAsked else { return .YES }
    exchange.isAsked = true
    if isClosing.load(ordering: .sequentiallyConsistent) {
      return send(.stopping, exchange, connection)
    }
    phase(of: connection, within: nil)
    switch handler.answer(exchange) {
    case .now(let reply): return send(reply, exchange, connection)
    case .later(let start):
      MHD_suspend_connection(connection)
      // SAFETY: a suspended connection stays until it is resumed, which this does once.
      let waiting = SuspendedConnection(connection)
      start(Completion(exchange) { waiting.resume() })
      return .YES
    }
  }

  /// The last call about a request.
  fileprivate func completed(
    _ connection: OpaquePointer, _ exchange: Exchange, wasSent: Bool
  ) {
    phase(of: connection, within: limits.headMilliseconds)
    handler.ended(exchange, wasSent: wasSent)
    active.subtract(1, ordering: .releasing)
  }

  private func phase(of connection: OpaquePointer, within milliseconds: Int64?) {
    guard let pointer = http_socket_context(connection) else { return }
    let isLast = isDraining.load(ordering: .relaxed)
    let milliseconds = milliseconds.map { isLast ? min($0, limits.lastMilliseconds) : $0 }
    Unmanaged<Connection>.fromOpaque(pointer)._withUnsafeGuaranteedRef {
      $0.begin(within: milliseconds)
    }
  }

  private func send(
    _ reply: Reply, _ exchange: Exchange, _ connection: OpaquePointer
  ) -> MHD_Result {
    phase(of: connection, within: limits.replyMilliseconds)
    exchange.status = reply.status
    let response = reply.body.withUnsafeBytes { body in
      // SAFETY: the library copies the bytes at once and writes nothing to them.
      MHD_create_response_from_buffer(
        body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let response else { return .NO }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", reply.content.rawValue)
    MHD_add_response_header(response, "X-Request-Id", exchange.head.requestID)
    if let allow = reply.allow { MHD_add_response_header(response, "Allow", allow) }
    if let seconds = reply.retryAfterSeconds {
      MHD_add_response_header(response, "Retry-After", String(seconds))
    }
    if reply.status == 401 { MHD_add_response_header(response, "WWW-Authenticate", "Bearer") }
    // Behind a request that made no sense nobody knows where the next one begins.
    if reply.closes || reply.status == 400 || isDraining.load(ordering: .relaxed) {
      MHD_add_response_header(response, "Connection", "close")
    }
    return MHD_queue_response(connection, UInt32(reply.status), response)
  }
}

/// A connection that waits to be resumed.
private struct SuspendedConnection: @unchecked Sendable {
  private let connection: OpaquePointer

  init(_ connection: OpaquePointer) { self.connection = connection }

  func resume() { MHD_resume_connection(connection) }
}

private let answerCallback: MHD_AccessHandlerCallback = {
  context, connection, url, method, _, piece, size, slot in
  guard let context, let connection, let url, let method, let size, let slot else { return .NO }
  let server = Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
  guard let pointer = slot.pointee else { return server.begin(connection, url, method, slot) }
  let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
  return server.resume(connection, exchange, piece, size)
}

private let completedCallback: MHD_RequestCompletedCallback = { context, connection, slot, code in
  guard let context, let connection, let pointer = slot?.pointee else { return }
  slot?.pointee = nil
  let server = Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
  let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue()
  server.completed(
    connection, exchange, wasSent: code == .REQUEST_TERMINATED_COMPLETED_OK)
}

private let notifyCallback: MHD_NotifyConnectionCallback = { context, connection, slot, code in
  guard let context, let connection, let slot else { return }
  let server = Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
  server.notified(connection, slot, isStart: code == .CONNECTION_NOTIFY_STARTED)
}

/// Leaves paths and queries as they were sent: what `%00` spells would end a C string.
private let unescapeCallback: http_unescape = { _, _, text in
  text.map { strlen($0) } ?? 0
}

private let headerCallback: MHD_KeyValueIterator = { context, _, name, value in
  guard let context, let name else { return .YES }
  let headers = context.assumingMemoryBound(to: HeaderReading.self)
  let length = strlen(name)
  name.withMemoryRebound(to: UInt8.self, capacity: length) { name in
    let name = UnsafeBufferPointer(start: name, count: length)
    guard let value else {
      headers.pointee.read(name, UnsafeBufferPointer(start: nil, count: 0))
      return
    }
    let length = strlen(value)
    value.withMemoryRebound(to: UInt8.self, capacity: length) { value in
      headers.pointee.read(name, UnsafeBufferPointer(start: value, count: length))
    }
  }
  return .YES
}

private let queryCallback: MHD_KeyValueIterator = { context, _, name, value in
  guard let context, let name else { return .YES }
  let query = context.assumingMemoryBound(to: [String: String].self)
  let text = value.map { String(cString: $0) } ?? ""
  query.pointee[String(cString: name)] = PercentText.decode(Substring(text)) ?? ""
  return .YES
}
