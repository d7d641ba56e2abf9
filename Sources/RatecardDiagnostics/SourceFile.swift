/// A text that diagnostics point into: its path as shown to a person, and its bytes.
public struct SourceFile: Sendable {
  /// The path as it is printed, relative to where the command was started.
  public let path: String
  /// The raw bytes, as read.
  public let bytes: [UInt8]
  /// The byte offset of the first byte of each line; the first is 0.
  public let lineStarts: [Int]

  /// Indexes the line starts of `bytes`.
  ///
  /// O(n).
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [0]
    starts.reserveCapacity(bytes.count / 32 + 1)
    bytes.withUnsafeBufferPointer { bytes in
      for offset in bytes.indices where bytes[offset] == UInt8(ascii: "\n") {
        starts.append(offset + 1)
      }
    }
    lineStarts = starts
  }

  /// The line and column of a byte offset, both counted from 1; columns count UTF-8 bytes.
  ///
  /// O(log lines). An offset past the end is taken as the end.
  public func position(at offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low + 1, offset - lineStarts[low] + 1)
  }

  /// The bytes of a line counted from 1, without its line break.
  public func line(_ number: Int) -> ArraySlice<UInt8> {
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return bytes[start..<end]
  }
}

/// Which of the files read a span lies in: an index into the list the loader was given.
@frozen
public struct FileID: Hashable, Comparable, Sendable {
  /// The index into the list of files.
  public let index: Int32

  /// Wraps an index into the list of files.
  public init(_ index: Int) { self.index = Int32(index) }

  /// Orders by index.
  public static func < (left: FileID, right: FileID) -> Bool { left.index < right.index }
}

/// A place in a file: a half-open range of byte offsets.
@frozen
public struct Span: Hashable, Comparable, Sendable {
  /// The file.
  public let file: FileID
  /// The offset of the first byte.
  public let start: Int32
  /// The offset after the last byte; equal to `start` for a point.
  public let end: Int32

  /// Makes a span of the bytes `start..<end`.
  @inlinable
  public init(file: FileID, start: Int, end: Int) {
    self.file = file
    self.start = Int32(start)
    self.end = Int32(end)
  }

  /// Orders by file, then start, then end.
  public static func < (left: Span, right: Span) -> Bool {
    (left.file, left.start, left.end) < (right.file, right.start, right.end)
  }
}
