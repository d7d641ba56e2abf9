/// A line of source as a terminal shows it, and the marks under the part that a span covers.
struct Excerpt {
  /// The line: tabs as spaces, what has no shape as `�`, cut where it is too long.
  private(set) var source = ""
  /// The blanks before the marks.
  private(set) var margin = ""
  /// A caret, and tildes up to the end of the span or of the line.
  private(set) var marks = ""

  /// Something that stands in columns of its own.
  private struct Cell {
    var text: String
    var width: Int
    /// Where its bytes stand in the file.
    var offset: Int
    var length: Int
  }

  init(of file: SourceFile, line: Int, span: Span, columns: Int) {
    let whole = file.line(line)
    let bytes = Self.part(of: whole, around: Int(span.start))
    let cells = Self.cells(bytes)
    let (start, end) = (Int(span.start), min(Int(span.end), bytes.endIndex))
    let first = cells.firstIndex { $0.offset + $0.length > start } ?? cells.count
    let last = max(first, cells.firstIndex { $0.offset >= end } ?? cells.count)
    let shown = Self.window(cells, first, last, columns: columns)
    let lead = shown.lowerBound > 0 || bytes.startIndex > whole.startIndex ? "…" : ""
    let isCut = shown.upperBound < cells.count || bytes.endIndex < whole.endIndex
    source = lead + cells[shown].map(\.text).joined() + (isCut ? "…" : "")
    while source.hasSuffix(" ") { source.removeLast() }
    let before = cells[shown.lowerBound..<max(first, shown.lowerBound)].reduce(0) { $0 + $1.width }
    margin = String(repeating: " ", count: before + lead.count)
    let marked = cells[first..<min(max(last, first), max(shown.upperBound, first))]
    let width = max(1, marked.reduce(0) { $0 + $1.width })
    marks = "^" + String(repeating: "~", count: width - 1)
  }

  /// The cells to show: all when they fit, else as many as fit around the marked ones.
  private static func window(
    _ cells: [Cell], _ first: Int, _ last: Int, columns: Int
  ) -> Range<Int> {
    var total = 0
    for cell in cells { total += cell.width }
    guard total > columns else { return 0..<cells.count }
    // A third of the room stands before the place, the rest from it on.
    var start = min(first, cells.count)
    var used = 0
    while start > 0, used + cells[start - 1].width <= columns / 3 {
      start -= 1
      used += cells[start].width
    }
    var end = min(first, cells.count)
    while end < cells.count, used + cells[end].width <= columns {
      used += cells[end].width
      end += 1
    }
    while start > 0, used + cells[start - 1].width <= columns {
      start -= 1
      used += cells[start].width
    }
    return start..<end
  }

  /// The part of a line that could be shown at all, so that a line of megabytes costs little.
  private static func part(of line: ArraySlice<UInt8>, around place: Int) -> ArraySlice<UInt8> {
    let reach = 2_000
    var start = max(line.startIndex, min(place, line.endIndex) - reach)
    var end = min(line.endIndex, max(place, line.startIndex) + reach)
    while start > line.startIndex, line[start] & 0xC0 == 0x80 { start -= 1 }
    while end < line.endIndex, line[end] & 0xC0 == 0x80 { end += 1 }
    return line[start..<end]
  }

  private static func cells(_ bytes: ArraySlice<UInt8>) -> [Cell] {
    var cells: [Cell] = []
    var column = 0
    var offset = bytes.startIndex
    for character in String(decoding: bytes, as: UTF8.self) {
      let length = character.utf8.count
      var (text, width) = (String(character), Self.width(of: character))
      if character == "\t" {
        width = 4 - column % 4
        text = String(repeating: " ", count: width)
      } else if width == 0 || character.unicodeScalars.contains(where: isShapeless) {
        (text, width) = ("\u{FFFD}", 1)
      }
      cells.append(Cell(text: text, width: width, offset: offset, length: length))
      offset += length
      column += width
    }
    return cells
  }

  private static func isShapeless(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }

  /// The columns a character takes on a terminal.
  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.value < 0x300 { return 1 }
    if character.unicodeScalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation {
      return 2
    }
    if wide.contains(where: { $0.contains(first.value) }) { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
  }

  /// The blocks whose characters take two columns.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
