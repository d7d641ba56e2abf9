/// Where usage comes from: CSV or JSON Lines, as they are or compressed with gzip.
public struct UsageSource {
  /// Reads into a buffer: the number of bytes, 0 at the end, or the negative error number.
  public typealias Reader = (UnsafeMutableRawBufferPointer) -> Int

  /// What messages call it: the path of a file.
  public let name: String
  /// How many bytes there are to be read; nil: nobody knows.
  public let size: Int?
  /// Reads on; a file is opened by the first call.
  package let read: Reader

  /// Makes a source of something that can be read once.
  public init(name: String, size: Int? = nil, read: @escaping Reader) {
    (self.name, self.size, self.read) = (name, size, read)
  }
}

/// Why usage cannot be read to its end, or added up.
public enum UsageFailure: Error, Hashable, Sendable {
  /// The system refuses; with its error number.
  case system(source: String, number: Int32)
  /// What is compressed is damaged; how.
  case compressed(source: String, String)
  /// A row is too long to be one.
  case longRow(source: String, line: Int, limit: Int)
  /// There is no row that names the columns.
  case noHeader(source: String)
  /// The row that names the columns has no end.
  case openHeader(source: String, line: Int)
  /// A name stands twice among the columns.
  case doubledColumn(source: String, String)
  /// Two columns are mapped to one attribute.
  case rivalColumns(source: String, String, String, attribute: String)
  /// A column that was asked for is not there; a name near it.
  case missingColumn(source: String, String, near: String?)
  /// No column is an attribute; the columns.
  case noAttributes(source: String, [String])
  /// Rows fall into too many groups.
  case groups(by: [String], limit: Int)
  /// What rows are grouped by is too long to be kept.
  case groupNames(by: [String], limit: Int)
  /// A column is called almost as an attribute that no column is.
  case nearColumn(source: String, String, attribute: String)
  /// The sum of all amounts is too large.
  case overflow
  /// What was priced could not be written.
  case output(number: Int32)
}
