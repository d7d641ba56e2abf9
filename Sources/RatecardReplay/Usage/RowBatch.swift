/// A value of a row, as it stands in the log.
struct Field: BitwiseCopyable {
  /// How it is written.
  enum Form: UInt8, BitwiseCopyable {
    /// It is not there: an empty cell, `null`, a name that is missing.
    case absent
    /// A cell of CSV: text, or what a text may spell.
    case cell
    /// A string of JSON, its escapes resolved.
    case string
    /// A number of JSON.
    case number
    /// `true` of JSON.
    case yes
    /// `false` of JSON.
    case no
    /// An object or array of JSON.
    case nested
  }

  /// Where its bytes begin; they stay as long as the chunk's.
  var start: UnsafePointer<UInt8>
  /// How many bytes it has.
  var count: Int32
  /// How it is written.
  var form: Form

  /// Its bytes.
  @inline(__always)
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: Int(count)) }

  /// What stands where nothing is.
  @inline(__always)
  static func absent(_ somewhere: UnsafePointer<UInt8>) -> Field {
    Field(start: somewhere, count: 0, form: .absent)
  }
}

/// Some rows that are worked on together: the wanted columns of each.
final class RowBatch {
  /// How many rows at most.
  static let capacity = 256

  /// How many columns are wanted.
  let width: Int
  // SAFETY: the memory is this object's own, with room for `capacity` rows; those before `count` are
  // initialized.
  let fields: UnsafeMutablePointer<Field>
  let lines: UnsafeMutablePointer<Int>
  /// How many rows there are, which readers count by themselves until they are done: each change of a
  /// class's variable costs more than a row does.
  var count = 0
  /// Whether rows may carry a column at all; of one that none does, all fields are absent already.
  private(set) var isCarried: [Bool]
  private var header: CSVHeader?
  /// Rows that are none, in order, and why; their fields mean nothing.
  private(set) var faults: [(row: Int, message: String)] = []

  init(width: Int) {
    self.width = width
    fields = .allocate(capacity: RowBatch.capacity * max(width, 1))
    lines = .allocate(capacity: RowBatch.capacity)
    isCarried = Array(repeating: true, count: width)
  }

  deinit {
    fields.deallocate()
    lines.deallocate()
  }

  /// Forgets its rows.
  func clear() {
    count = 0
    if !faults.isEmpty { faults.removeAll(keepingCapacity: true) }
  }

  /// Prepares for rows whose reader writes every column.
  func prepare() {
    if header == nil { return }
    header = nil
    for column in 0..<width { isCarried[column] = true }
  }

  /// Prepares for rows of plain CSV, whose reader writes the columns that there are: what the header
  /// does not have is put into all rows once, as absent or as what is constant there.
  func prepare(
    for header: CSVHeader, _ constants: [(column: Int, field: Field)],
    _ somewhere: UnsafePointer<UInt8>
  ) {
    if header === self.header { return }
    self.header = header
    for column in 0..<width where header.places[column] < 0 {
      let constant = constants.first { $0.column == column }?.field
      isCarried[column] = constant != nil
      for row in 0..<RowBatch.capacity {
        fields[row * width + column] = constant ?? .absent(somewhere)
      }
    }
    for (column, _) in header.present { isCarried[column] = true }
  }

  /// Puts a row that is none in a place.
  func setFault(_ row: Int, _ message: String, line: Int, _ somewhere: UnsafePointer<UInt8>) {
    for column in 0..<width { fields[row * width + column] = .absent(somewhere) }
    lines[row] = line
    faults.append((row, message))
  }

  /// The fields of a row.
  @inline(__always)
  func row(_ row: Int) -> UnsafeMutablePointer<Field> { fields + row &* width }

  /// Refuses rows in which a field is not UTF-8.
  func checkTexts(_ columns: UsageColumns) {
    let known = Set(faults.map(\.row))
    var found: [(row: Int, message: String)] = []
    for row in 0..<count where !known.contains(row) {
      for column in 0..<width {
        let field = self.row(row)[column]
        guard field.form == .cell, !isText(field.bytes) else { continue }
        found.append((row, "`\(columns.all[column].title)` is not UTF-8"))
        break
      }
    }
    guard !found.isEmpty else { return }
    faults = (faults + found).sorted { $0.row < $1.row }
  }

  private func isText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    (try? UTF8Span(validating: bytes.span)) != nil
  }
}
