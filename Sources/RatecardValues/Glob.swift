/// A pattern over text: `*` stands for any run of characters, `\*` for a star.
///
/// A backslash before anything else is itself. Stars side by side are as good as one.
public struct Glob: Hashable, Sendable {
  /// The literal runs between the stars, as UTF-8.
  ///
  /// The first is anchored at the start, the last at the end; a pattern without a star has one. Runs
  /// in the middle are never empty.
  public let segments: [[UInt8]]

  /// Reads a pattern; every text is one.
  public init(parsing text: String) {
    let star = UInt8(ascii: "*")
    let backslash = UInt8(ascii: "\\")
    var segments: [[UInt8]] = []
    var run: [UInt8] = []
    var isEscaped = false
    for byte in text.utf8 {
      if byte == star, isEscaped {
        run[run.count - 1] = star
        isEscaped = false
      } else if byte == star {
        if segments.isEmpty || !run.isEmpty { segments.append(run) }
        run = []
      } else {
        run.append(byte)
        isEscaped = byte == backslash
      }
    }
    segments.append(run)
    self.segments = segments
  }

  /// The pattern that takes one text alone, stars and all.
  package init(literal text: String) { segments = [Array(text.utf8)] }

  /// The text that the pattern stands for when it has no star.
  public var literal: String? {
    segments.count == 1 ? String(decoding: segments[0], as: UTF8.self) : nil
  }

  /// How many characters (Unicode scalars) are literal.
  public var literalCharacters: Int {
    segments.reduce(0) { sum, run in sum + run.count { $0 & 0xC0 != 0x80 } }
  }

  /// Whether the pattern takes the whole of a text.
  public func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { matches($0) }
  }

  /// Whether the pattern takes the whole of a text, given as UTF-8.
  ///
  /// Each run is searched once, from where the one before ended; there is no backtracking.
  public func matches(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    let first = segments[0]
    let last = segments[segments.count - 1]
    if segments.count == 1 {
      return utf8.count == first.count && Glob.holds(first, in: utf8, at: 0)
    }
    guard utf8.count >= first.count + last.count, Glob.holds(first, in: utf8, at: 0),
      Glob.holds(last, in: utf8, at: utf8.count - last.count)
    else { return false }
    var position = first.count
    let end = utf8.count - last.count
    for index in segments.indices.dropFirst().dropLast() {
      let run = segments[index]
      while position + run.count <= end, !Glob.holds(run, in: utf8, at: position) { position += 1 }
      guard position + run.count <= end else { return false }
      position += run.count
    }
    return true
  }

  /// Whether a run stands at a position; the caller has checked that it fits.
  private static func holds(
    _ run: [UInt8], in text: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> Bool {
    for offset in 0..<run.count where text[position + offset] != run[offset] { return false }
    return true
  }
}

extension Glob: CustomStringConvertible {
  /// A text that reads as this pattern, with one star where several stood side by side.
  public var description: String {
    var text: [UInt8] = []
    for (index, run) in segments.enumerated() {
      if index > 0 { text.append(UInt8(ascii: "*")) }
      for byte in run {
        if byte == UInt8(ascii: "*") { text.append(UInt8(ascii: "\\")) }
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
