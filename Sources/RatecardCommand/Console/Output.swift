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
  private var buffer: [UInt8] = []
  private static let capacity = 64 << 10

  /// Makes an output over a writer.
  public init(isTerminal: Bool = false, writer: @escaping Writer) {
    self.isTerminal = isTerminal
    self.writer = writer
  }

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
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { flush() }
  }

  /// Writes a text and ends the line.
  public func line(_ text: String = "") {
    write(text)
    write(CollectionOfOne(UInt8(ascii: "\n")))
  }

  /// Hands everything written so far to the system.
  public func flush() {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard !isClosed, failure == nil, !buffer.isEmpty else { return }
    let number = buffer.withUnsafeBytes { writer($0) }
    switch number {
    case 0: return
    case EPIPE: isClosed = true
    default:
      failure = number
      isClosed = true
    }
  }
}
