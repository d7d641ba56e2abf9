/// Questions about the bytes around a place, asked when a mistake is explained.
struct SourceText {
  let bytes: [UInt8]

  var count: Int { bytes.count }

  func byte(at offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

  func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<max(start, min(end, count))], as: UTF8.self)
  }

  func isBlank(at offset: Int) -> Bool { byte(at: offset).map(TreeBuilder.isBlank) ?? true }

  // MARK: Lines

  func lineStart(of offset: Int) -> Int {
    var start = min(offset, count)
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return start
  }

  /// The offset of the line break that ends the line, or of the end of the file.
  func lineEnd(of offset: Int) -> Int {
    var end = min(offset, count)
    while end < count, !TreeBuilder.isBreak(bytes[end]) { end += 1 }
    return end
  }

  /// The first byte of the line that is neither space nor tab; its end if there is none.
  func firstInLine(of offset: Int) -> Int {
    var first = lineStart(of: offset)
    while first < count, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
    return first
  }

  func indentation(of offset: Int) -> Int { firstInLine(of: offset) - lineStart(of: offset) }

  func areOnOneLine(_ left: Int, _ right: Int) -> Bool {
    lineStart(of: left) == lineStart(of: right)
  }

  /// The first byte of the nearest line above that holds more than blanks and a comment.
  func firstInLineAbove(_ offset: Int) -> Int? {
    var start = lineStart(of: offset)
    while start > 0 {
      start = lineStart(of: start - 1)
      let first = firstInLine(of: start)
      if first < count, !TreeBuilder.isBreak(bytes[first]), bytes[first] != UInt8(ascii: "#") {
        return first
      }
    }
    return nil
  }

  /// The end of the line's content: before trailing blanks and a comment.
  func contentEnd(from offset: Int) -> Int {
    let line = lineEnd(of: offset)
    var end = offset
    while end < line {
      let isComment = bytes[end] == UInt8(ascii: "#") && (end == 0 || isBlank(at: end - 1))
      if isComment { break }
      end += 1
    }
    return trimmed(offset, end)
  }

  /// `end` moved back over the blanks before it, but not before `start`.
  func trimmed(_ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start, isBlank(at: end - 1) { end -= 1 }
    return end
  }

  /// The next byte from `offset` on that is not blank; the end of the file if there is none.
  func nextVisible(_ offset: Int) -> Int {
    var next = offset
    while next < count, isBlank(at: next) { next += 1 }
    return next
  }

  // MARK: Unquoted texts

  /// Where an unquoted text that begins at `start` ends on its line, colons taken as part of it.
  func plainEnd(from start: Int, inBrackets: Bool) -> Int {
    let line = contentEnd(from: start)
    guard inBrackets else { return line }
    var end = start
    while end < line, !TreeBuilder.isFlowMark(bytes[end]) { end += 1 }
    return trimmed(start, end)
  }

  /// Where an unquoted text that begins at `start` ends, before a colon with a blank behind it.
  func wordEnd(from start: Int, inBrackets: Bool) -> Int {
    let end = plainEnd(from: start, inBrackets: inBrackets)
    for offset in start..<max(start, end) where isColon(at: offset) {
      return trimmed(start, offset)
    }
    return end
  }

  /// Whether a colon that ends a key stands here.
  func isColon(at offset: Int) -> Bool {
    byte(at: offset) == UInt8(ascii: ":") && isBlank(at: offset + 1)
  }

  /// Walks the line's bytes up to `end` outside quotes, with the number of open brackets.
  private func walkLine(to end: Int, _ body: (_ offset: Int, _ brackets: Int) -> Void) {
    var quote: UInt8?
    var brackets = 0
    var offset = lineStart(of: end)
    while offset < end {
      let byte = bytes[offset]
      if let open = quote {
        if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") { offset += 1 }
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), beginsToken(offset) {
        quote = byte
      } else {
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { brackets += 1 }
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { brackets -= 1 }
        body(offset, brackets)
      }
      offset += 1
    }
  }

  private func beginsToken(_ offset: Int) -> Bool {
    isBlank(at: offset - 1) || byte(at: offset - 1).map(TreeBuilder.isFlowMark) ?? true
  }

  /// Whether a bracket or brace of the same line is open before `offset`.
  func isInBrackets(_ offset: Int) -> Bool {
    var open = 0
    walkLine(to: min(offset, count)) { _, brackets in open = brackets }
    return open > 0
  }

  /// Where the value begins whose key's colon is the last on the line before `offset`, no comma or
  /// bracket standing between; nil when there is no such colon.
  func valueStart(before offset: Int) -> Int? {
    var start: Int?
    walkLine(to: min(offset, count)) { place, _ in
      if TreeBuilder.isFlowMark(bytes[place]) {
        start = nil
      } else if isColon(at: place), start == nil {
        start = place + 1
      }
    }
    return start.map { min(nextVisible($0), offset) }
  }

  /// The bracket that closes the one at `open`, when the two fit and no quote is left open.
  func closing(of open: Int) -> Int? {
    var stack: [UInt8] = []
    var quote: UInt8?
    var offset = open
    while offset < count {
      let byte = bytes[offset]
      if let mark = quote {
        if byte == UInt8(ascii: "\\"), mark == UInt8(ascii: "\"") { offset += 1 }
        if byte == mark { quote = nil }
      } else {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
          if beginsToken(offset) { quote = byte }
        case UInt8(ascii: "{"): stack.append(UInt8(ascii: "}"))
        case UInt8(ascii: "["): stack.append(UInt8(ascii: "]"))
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          guard stack.popLast() == byte else { return nil }
          if stack.isEmpty { return offset }
        default: break
        }
      }
      offset += 1
    }
    return nil
  }
}
