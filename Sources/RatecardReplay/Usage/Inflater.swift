internal import CZlib

/// Undoes gzip, one piece after another.
final class Inflater {
  // SAFETY: the memory is this object's own; zlib keeps a pointer to it, so it stays where it is.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let source: UsageSource
  private var isBetweenMembers = false
  private var isAtEnd = false

  /// Starts with the first bytes that were read already.
  init(_ source: UsageSource, first: UnsafeRawBufferPointer) {
    self.source = source
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(capacity: max(64 << 10, first.count))
    UnsafeMutableRawBufferPointer(input).copyMemory(from: first)
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = UInt32(first.count)
    // 15 bits of window, and 16 for the header of gzip.
    let code = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib is the version whose header was read")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Reads what was compressed; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(UsageFailure) -> Int {
    stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(min(buffer.count, 1 << 30))
    let room = Int(stream.pointee.avail_out)
    while stream.pointee.avail_out == UInt32(room), !isAtEnd {
      if stream.pointee.avail_in == 0 { try refill() }
      if isBetweenMembers, try !beginMember() { break }
      if stream.pointee.avail_in == 0 {
        throw .compressed(source: source.name, "it ends before what is compressed does")
      }
      let code = inflate(stream, Z_NO_FLUSH)
      switch code {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isBetweenMembers = true
      case Z_MEM_ERROR: throw .system(source: source.name, number: 12)
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
        throw .compressed(source: source.name, reason)
      }
    }
    return room - Int(stream.pointee.avail_out)
  }

  /// Begins the next of several members, which make one text; false: there is none, and what pads
  /// the last one is zeros.
  private func beginMember() throws(UsageFailure) -> Bool {
    while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
      if stream.pointee.avail_in == 0 { try refill() }
    }
    isBetweenMembers = false
    guard stream.pointee.avail_in > 0 else {
      isAtEnd = true
      return false
    }
    inflateReset(stream)
    return true
  }

  private func refill() throws(UsageFailure) {
    let count = source.read(UnsafeMutableRawBufferPointer(input))
    guard count >= 0 else { throw .system(source: source.name, number: Int32(-count)) }
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = UInt32(count)
  }
}

/// Reads the bytes of a source, without its compression.
struct ByteReader {
  private let source: UsageSource
  private var inflater: Inflater?
  private var hasBegun = false

  init(_ source: UsageSource) { self.source = source }

  /// Reads on; 0 at the end.
  ///
  /// The buffer has room for at least two bytes.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(UsageFailure) -> Int {
    if let inflater { return try inflater.read(into: buffer) }
    var count = try take(buffer)
    if hasBegun { return count }
    hasBegun = true
    while count == 1 {
      let more = try take(UnsafeMutableRawBufferPointer(rebasing: buffer[1...]))
      if more == 0 { break }
      count += more
    }
    guard count >= 2, buffer[0] == 0x1F, buffer[1] == 0x8B else { return count }
    let inflater = Inflater(source, first: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    self.inflater = inflater
    return try inflater.read(into: buffer)
  }

  private func take(_ buffer: UnsafeMutableRawBufferPointer) throws(UsageFailure) -> Int {
    let count = source.read(buffer)
    guard count >= 0 else { throw .system(source: source.name, number: Int32(-count)) }
    return count
  }
}
