internal import Glibc

/// Where a command writes: a buffer before a file, or before a test that looks at it.
///
/// A reader that went away (`ratecard … | head`) is no failure: what is written after that is
/// dropped, and long work may ask `isClosed` and stop. Any other failure is kept for the end.
public final class Output {
  /// Writes bytes and returns 0, or the system's error number.
  public typealias Writer = (UnsafeRawBufferPointer) -> Int32

  /// Whether a person reads along.
  public let isTerminal: Bool
  /// Whether nobody reads any more.
  public private(set) var isClosed = false
  /// The error number of the first failure, but for a reader that went away.
  public private(set) var failure: Int32?
  private let writer: Writer
  // SAFETY: the memory is this object's own, and freed with it; its first `count` bytes are
  // initialized, and no more than `capacity` are ever written.
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity = 2 * Output.patience
  private var count = 0
  /// How many bytes are kept before they are handed on.
  private static let patience = 64 << 10

  /// Makes an output over a writer.
  public init(isTerminal: Bool = false, writer: @escaping Writer) {
    self.isTerminal = isTerminal
    self.writer = writer
    memory = .allocate(capacity: capacity)
  }

  deinit { memory.deallocate() }

  /// Makes an output to an open file, which stays open.
  public convenience init(descriptor: Int32) {
    self.init(isTerminal: isatty(descriptor) == 1) { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if written >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        } else if errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&wait, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }

  /// Writes a text.
  public func write(_ text: String) { write(text.utf8) }

  /// Writes bytes.
  public func write(_ bytes: some Collection<UInt8>) {
    let written: Void? = bytes.withContiguousStorageIfAvailable { bytes in
      write(atMost: bytes.count) { text in
        if let start = bytes.baseAddress { text.update(from: start, count: bytes.count) }
        return bytes.count
      }
    }
    if written == nil { write(Array(bytes)) }
  }

  /// Writes what `fill` puts into memory that has room for `limit` bytes; it answers how many.
  @inline(__always)
  func write(atMost limit: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Int) {
    if capacity - count < limit { makeRoom(for: limit) }
    count += fill(memory + count)
    if count >= Self.patience { flush() }
  }

  @inline(never)
  private func makeRoom(for limit: Int) {
    flush()
    guard capacity < limit else { return }
    memory.deallocate()
    memory = .allocate(capacity: limit)
    capacity = limit
  }

  /// Writes a text and ends the line.
  public func line(_ text: String = "") {
    write(text)
    write(CollectionOfOne(UInt8(ascii: "\n")))
  }

  /// Hands everything written so far to the system.
  public func flush() {
    defer { count = 0 }
    guard !isClosed, failure == nil, count > 0 else { return }
    let number = writer(UnsafeRawBufferPointer(start: memory, count: count))
    switch number {
    case 0: return
    case EPIPE: isClosed = true
    default:
      failure = number
      isClosed = true
    }
  }
}
