/// One request and the reply to it.
///
/// SAFETY: the threads that touch an exchange do so one after another. The server calls for a
/// connection from one thread at a time, and while a connection is suspended only whoever holds its
/// `Completion` does.
final class Exchange: @unchecked Sendable {
  let head: RequestHead
  /// What the path asks for.
  let target: Target
  /// When the head was complete, in nanoseconds of the monotonic clock.
  let began: UInt64
  /// The body as far as it came.
  private(set) var body: [UInt8] = []
  private let budget: BodyBudget
  private var taken = 0
  /// How many bytes came after the body was refused, and may come.
  private var skipped = 0
  private static let skipLimit = 4 << 20
  /// The reply of whoever answers later.
  fileprivate(set) var reply: Reply?
  /// Whether the handler was asked.
  var isAsked = false
  /// The status that was sent, 0 before.
  var status = 0

  init(_ head: RequestHead, _ target: Target, _ budget: BodyBudget, began: UInt64) {
    self.head = head
    self.target = target
    self.budget = budget
    self.began = began
  }

  deinit { budget.give(taken) }

  /// Answers before the body is read, and lets go of what was.
  func refuse(_ reply: Reply) {
    self.reply = reply
    body = []
    budget.give(taken)
    taken = 0
  }

  /// Reads past a piece of a body that was refused; false: there was too much of it.
  func skip(_ count: Int) -> Bool {
    skipped += count
    return skipped <= Self.skipLimit
  }

  /// Adds a piece of the body; what keeps it from being taken is a reply.
  func append(_ piece: UnsafeBufferPointer<UInt8>) -> Reply? {
    guard body.count + piece.count <= target.bodyLimit else {
      return .tooLarge(limit: target.bodyLimit)
    }
    let before = body.capacity
    if before == 0 {
      // What the client announces is believed only as far as it costs little.
      body.reserveCapacity(max(piece.count, min(head.announcedLength ?? 0, 4 << 10)))
    }
    body.append(contentsOf: piece)
    let growth = body.capacity - before
    guard growth == 0 || budget.take(growth) else {
      return Reply.failure(
        503, "busy", "too many large requests are being read; try again later"
      ).retrying(afterSeconds: 1)
    }
    taken += growth
    return nil
  }
}

/// The right to answer one exchange later, from any thread, once.
struct Completion: Sendable {
  private let exchange: Exchange
  private let resume: @Sendable () -> Void

  init(_ exchange: Exchange, resume: @escaping @Sendable () -> Void) {
    self.exchange = exchange
    self.resume = resume
  }

  /// Answers.
  func callAsFunction(_ reply: Reply) {
    precondition(exchange.reply == nil, "a request is answered once")
    exchange.reply = reply
    resume()
  }
}

/// What a handler does about a request.
enum Answering {
  /// It has the reply.
  case now(Reply)
  /// It starts something that will have it; the closure is called once the connection waits.
  case later(@Sendable (Completion) -> Void)
}

extension Reply {
  static func tooLarge(limit: Int) -> Reply {
    failure(413, "too_large", "the body is larger than \(limit) bytes").closing()
  }
}
