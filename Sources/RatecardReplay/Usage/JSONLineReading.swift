internal import RatecardJSON

/// The names that are looked for in lines.
struct JSONNames {
  /// Each name, and the column that it is of.
  private let all: [(name: [UInt8], column: Int)]
  private let hasPaths: Bool
  /// How many columns there are, and what they are called.
  let titles: [String]

  init(_ columns: UsageColumns) {
    all = columns.all.enumerated().flatMap { index, column in
      column.names.map { (Array($0.utf8), index) }
    }
    hasPaths = all.contains { $0.name.contains(UInt8(ascii: ".")) }
    titles = columns.all.map(\.title)
  }

  /// The column of a name; -1: it is of none.
  func column(_ name: [UInt8]) -> Int { all.first { $0.name == name }?.column ?? -1 }

  /// Whether there are names of values within an object.
  func reach(into path: [UInt8]) -> Bool {
    hasPaths && all.contains { $0.name.starts(with: path) }
  }
}

/// Reads one line of JSON Lines with care, and learns how it is put together.
struct JSONLineReading {
  // SAFETY: `text` is what `writable` begins with; a string's text is written over its own bytes, which
  // the reader is done with.
  private let text: UnsafeBufferPointer<UInt8>
  private let writable: UnsafeMutablePointer<UInt8>
  private var reader: JSONReader
  /// What was learned; nil: other lines had better be read with care too.
  private(set) var shape: JSONShape?
  private let names: JSONNames
  private var lastEnd = 0
  /// Which columns the line has given.
  private var given: [Bool]

  init(
    _ text: UnsafeBufferPointer<UInt8>, _ writable: UnsafeMutablePointer<UInt8>, _ names: JSONNames
  ) {
    (self.text, self.writable, self.names) = (text, writable, names)
    reader = JSONReader(text)
    shape = JSONShape(width: names.titles.count)
    given = Array(repeating: false, count: names.titles.count)
  }

  /// The first token; nil: the line is blank.
  mutating func begin() throws(JSONFailure) -> JSONToken? {
    let isBlank = text.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    return isBlank ? nil : try reader.next()
  }

  /// Reads the members of the line's object, to its end, and the wanted ones into a row.
  mutating func readMembers(into row: UnsafeMutablePointer<Field>) throws(JSONFailure) {
    try readObject([], row)
    _ = try reader.next()
  }

  private mutating func readObject(
    _ path: [UInt8], _ row: UnsafeMutablePointer<Field>
  ) throws(JSONFailure) {
    while case .key(let key) = try reader.next() {
      var name = path
      reader.append(key, to: &name)
      if key.hasEscapes { shape = nil }
      let column = names.column(name)
      if column >= 0 {
        guard !given[column] else {
          throw reader.fail("a second value for `\(names.titles[column])`")
        }
        given[column] = true
      }
      let token = try reader.next()
      if token == .beginObject || token == .beginArray { shape = nil }
      if let field = field(token) {
        learn(token, column)
        if column >= 0 { row[column] = field }
        continue
      }
      name.append(UInt8(ascii: "."))
      if token == .beginObject, names.reach(into: name) {
        try readObject(name, row)
      } else {
        try reader.skip(token)
      }
      if column >= 0 {
        row[column] = Field(start: UnsafePointer(writable), count: 0, form: .nested)
      }
    }
  }

  /// The field of a value; nil: it is an object or an array.
  private func field(_ token: JSONToken) -> Field? {
    switch token {
    case .string(let slice):
      let start = writable + slice.range.lowerBound
      var count = slice.range.count
      if slice.hasEscapes {
        var resolved: [UInt8] = []
        reader.append(slice, to: &resolved)
        count = resolved.count
        for (offset, byte) in resolved.enumerated() { start[offset] = byte }
      }
      return Field(start: UnsafePointer(start), count: Int32(count), form: .string)
    case .number(let slice):
      return Field(
        start: UnsafePointer(writable + slice.range.lowerBound), count: Int32(slice.range.count),
        form: .number)
    case .bool(let flag):
      return Field(start: UnsafePointer(writable), count: 0, form: flag ? .yes : .no)
    case .null: return .absent(UnsafePointer(writable))
    default: return nil
    }
  }

  private mutating func learn(_ token: JSONToken, _ column: Int) {
    guard shape != nil else { return }
    let start =
      switch token {
      case .string(let slice): slice.range.lowerBound - 1
      case .number(let slice): slice.range.lowerBound
      case .bool(let flag): reader.offset - (flag ? 4 : 5)
      default: reader.offset - 4
      }
    let gap = UnsafeBufferPointer(rebasing: text[lastEnd..<start])
    if shape?.add(gap, column: column) == false { shape = nil }
    lastEnd = reader.offset
  }
}
