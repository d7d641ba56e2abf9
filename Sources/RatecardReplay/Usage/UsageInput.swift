internal import CBytes
internal import Glibc
internal import Synchronization

/// Hands out usage in chunks, to whoever asks next.
///
/// A chunk ends where a row does, which only what stands before it can tell: so chunks are cut here,
/// one after another, and only what is in them is left to several workers.
final class UsageInput: @unchecked Sendable {
  // SAFETY: everything but `size` is touched with `lock` held only.

  /// The most bytes of a row.
  static let rowLimit = 1 << 20
  /// How many bytes a chunk has.
  static let chunkSize = 1 << 20

  private let lock = Mutex(())
  private let sources: [UsageSource]
  private let columns: UsageColumns
  private let chunkSize: Int
  private let rowLimit: Int
  private let progress: (Int) -> Void

  private var current = 0
  private var reader: ByteReader?
  private var header: CSVHeader?
  private var isAtEnd = false
  private var isStopped = false
  private var line = 1
  private var sequence = 0
  private var bytesRead = 0
  /// The beginning of a row whose end was not read yet.
  private var rest: [UInt8] = []

  /// Reads some sources; `progress` is told how many bytes were handed out.
  init(
    _ sources: [UsageSource], _ columns: UsageColumns, chunkSize: Int = UsageInput.chunkSize,
    rowLimit: Int = UsageInput.rowLimit, progress: @escaping (Int) -> Void = { _ in }
  ) {
    (self.sources, self.columns, self.progress) = (sources, columns, progress)
    (self.chunkSize, self.rowLimit) = (max(chunkSize, 2), rowLimit)
  }

  /// Ends the input: nobody gets another chunk.
  func stop() { lock.withLock { _ in isStopped = true } }

  /// Fills a chunk; false: there is nothing more.
  func next(_ chunk: Chunk) throws(UsageFailure) -> Bool {
    try lock.withLock { _ throws(UsageFailure) in
      do throws(UsageFailure) {
        while !isStopped, current < sources.count {
          if try fill(chunk) { return true }
          (reader, header, isAtEnd, line) = (nil, nil, false, 1)
          current += 1
        }
        return false
      } catch {
        isStopped = true
        throw error
      }
    }
  }

  /// Fills a chunk from the current source; false: the source is at its end.
  private func fill(_ chunk: Chunk) throws(UsageFailure) -> Bool {
    let name = sources[current].name
    var isStart = reader == nil
    var source = reader ?? ByteReader(sources[current])
    defer { reader = source }
    chunk.clear()
    rest.withUnsafeBufferPointer { chunk.append($0) }
    rest.removeAll(keepingCapacity: true)
    var wanted = chunkSize
    while true {
      while !isAtEnd, chunk.count < wanted {
        isAtEnd = try !chunk.append(upTo: wanted, from: &source)
      }
      if isStart, try !begin(chunk, name) {
        // The header is longer than what was read.
        guard chunk.count < rowLimit else {
          throw .longRow(source: name, line: line, limit: rowLimit)
        }
        wanted = chunk.count + chunkSize
        continue
      }
      isStart = false
      if chunk.start == chunk.count, isAtEnd { return false }
      if let end = end(of: chunk) {
        take(chunk, upTo: end)
        return true
      }
      guard chunk.count - chunk.start < rowLimit else {
        throw .longRow(source: name, line: line, limit: rowLimit)
      }
      wanted = chunk.count + chunkSize
    }
  }

  /// Hands the rows before `end` to who asked, and keeps what is behind.
  private func take(_ chunk: Chunk, upTo end: Int) {
    let bytes = UnsafePointer(chunk.bytes)
    rest.append(contentsOf: UnsafeBufferPointer(start: bytes + end, count: chunk.count - end))
    let found = ratecard_survey(bytes + chunk.start, end - chunk.start)
    (chunk.sequence, chunk.source, chunk.firstLine) = (sequence, current, line)
    chunk.isForeign = found.foreign != 0
    let lone = found.returns == 0 ? 0 : loneReturns(bytes, chunk.start, end)
    if let header {
      chunk.form = found.quotes == 0 && lone == 0 ? .plainCSV(header) : .csv(header)
      line += found.newlines + lone
    } else {
      chunk.form = .jsonLines
      line += found.newlines
    }
    sequence += 1
    bytesRead += end - chunk.start
    chunk.seal(at: end)
    progress(bytesRead)
  }

  /// Where the last row of a chunk ends; nil: none does.
  private func end(of chunk: Chunk) -> Int? {
    if isAtEnd { return chunk.count }
    let bytes = UnsafePointer(chunk.bytes)
    if header != nil { return CSVScan.rowEnd(bytes, chunk.start, chunk.count) }
    var place = chunk.count
    while place > chunk.start {
      if bytes[place - 1] == CSVScan.newline { return place }
      place -= 1
    }
    return nil
  }

  /// How many carriage returns stand without a line feed behind them.
  private func loneReturns(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var count = 0
    var place = start
    while let found = CSVScan.find(CSVScan.carriage, bytes, place, end) {
      if found + 1 == end || bytes[found + 1] != CSVScan.newline { count += 1 }
      place = found + 1
    }
    return count
  }

  /// Looks how a source begins: with a byte order mark, and with the names of columns unless it is
  /// JSON Lines; false: that takes more bytes.
  private func begin(_ chunk: Chunk, _ name: String) throws(UsageFailure) -> Bool {
    let bytes = UnsafePointer(chunk.bytes)
    var place = 0
    if chunk.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { place = 3 }
    var first = place
    while first < chunk.count, bytes[first] <= 0x20 { first += 1 }
    if first == chunk.count {
      guard isAtEnd else { return false }
      throw .noHeader(source: name)
    }
    if bytes[first] == UInt8(ascii: "{") {
      chunk.start = place
      return true
    }
    // Lines without anything stand before the names of columns now and then.
    while place < chunk.count, bytes[place] == CSVScan.newline || bytes[place] == CSVScan.carriage {
      place += 1
    }
    guard
      let end = CSVScan.rowEnd(bytes, place, chunk.count, isFirst: true)
        ?? (isAtEnd ? chunk.count : nil)
    else { return false }
    let names = try CSVRows.names(bytes, place, end, name, line: 1 + lines(bytes, 0, place))
    header = try CSVHeader(names, columns, of: name)
    line = 1 + lines(bytes, 0, end)
    chunk.start = end
    return true
  }

  private func lines(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    ratecard_survey(bytes + start, end - start).newlines + loneReturns(bytes, start, end)
  }
}
