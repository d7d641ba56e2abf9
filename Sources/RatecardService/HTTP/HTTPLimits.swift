/// How much of the machine clients may use.
struct HTTPLimits: Sendable {
  /// Connections at a time.
  var connections = 10_240
  /// Bytes of a head, from its first byte to the empty line.
  var headBytes = 16 << 10
  /// Bytes that all bodies together may take.
  var bodyBytes = 64 << 20
  /// How long a client may take from its connection or its last reply to the end of a head.
  var headMilliseconds: Int64 = 30_000
  /// How long it may take to send a body.
  var bodyMilliseconds: Int64 = 10_000
  /// How long it may take to read a reply.
  var replyMilliseconds: Int64 = 10_000
}
