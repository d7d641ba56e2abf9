/// How much of the machine clients may use.
package struct HTTPLimits: Sendable {
  /// Connections at a time.
  package var connections = 10_240
  /// Bytes of a head, from its first byte to the empty line.
  ///
  /// The library clears as much memory for each request.
  package var headBytes = 8 << 10
  /// Bytes that all bodies together may take.
  package var bodyBytes = 64 << 20
  /// How long a client may take from its connection or its last reply to the end of a head.
  package var headMilliseconds: Int64 = 30_000
  /// How long it may take to send a body.
  package var bodyMilliseconds: Int64 = 10_000
  /// How long it may take to read a reply.
  package var replyMilliseconds: Int64 = 10_000
  /// How long either may still take once the service ends.
  package var lastMilliseconds: Int64 = 1_000

  /// The usual limits.
  package init() {}
}
