/// Whether a head's headers lie in the library's buffer as they came.
///
/// libmicrohttpd hands out pointers into what it received, where it has put zeros over colons and line
/// ends. So every value stands behind its name, and every name behind the value before it, with nothing
/// but zeros and blanks between them. What does not has been made of something else: a line that was
/// folded, which version 0.9.75 moves away to append it to the *name* of its header, so that a name which
/// is none of ours may become `Content-Length`; or a value with a zero of its own, of which only the
/// beginning is seen.
struct HeaderLines {
  /// Where the value before ended: at its zero.
  private var end: UnsafePointer<UInt8>?
  private(set) var areWhole = true

  /// Follows the next header.
  mutating func take(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
  ) {
    guard let name = name.baseAddress.map({ (start: $0, end: $0 + name.count) }),
      let value = value.baseAddress.map({ (start: $0, end: $0 + value.count) })
    else {
      end = nil
      return
    }
    if let end, !Self.isBlank(from: end, to: name.start) { areWhole = false }
    if !Self.isBlank(from: name.end, to: value.start) { areWhole = false }
    end = value.end
  }

  /// Looks behind the last header, where the head's empty line stands.
  mutating func finish() {
    guard let end else { return }
    // SAFETY: the end of the value's line and the empty line behind it lie in the buffer, so that a walk
    // over blanks ends there, and one byte more does as well: the library keeps its own lists behind it.
    let isFoldedInPlace = end[1] == 0 && (end[2] == 0x20 || end[2] == 0x09)
    var place = end + 1
    while place.pointee == 0x20 || place.pointee == 0x09 { place += 1 }
    if isFoldedInPlace || !Self.isBlank(place.pointee) { areWhole = false }
  }

  /// Whether only zeros and blanks lie between two places, of which the first is not behind the second.
  private static func isBlank(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> Bool {
    // SAFETY: both lie in the buffer of one request, and so does what is between them; the first byte
    // that is neither ends the walk.
    var place = start
    while place < end {
      guard isBlank(place.pointee) else { return false }
      place += 1
    }
    return start < end
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    switch byte {
    case 0, 0x20, 0x09, 0x0D, 0x0A: true
    default: false
    }
  }
}
