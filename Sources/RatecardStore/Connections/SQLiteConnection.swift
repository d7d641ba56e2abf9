internal import CSQLite
internal import Glibc

/// SQLite's handles: a database and the statements prepared on it.
private struct SQLiteHandle: ~Copyable {
  let database: OpaquePointer
  /// The prepared statements, by the number of the statement.
  var statements: [OpaquePointer?]

  deinit {
    for statement in statements { sqlite3_finalize(statement) }
    sqlite3_close_v2(database)
  }
}

/// A connection to an SQLite file; the only file that knows SQLite's types.
final class SQLiteConnection: Connection {
  /// What a connection is for.
  enum Role {
    /// Reads and writes; with `serving`, someone calls `checkpoint` on another connection.
    case writer(serving: Bool)
    /// Only reads.
    case reader
    /// Looks at a file that may be anything, without changing a byte of it.
    case inspector
  }

  /// Written into the file's header: this is a store of ratecard.
  static let applicationID: Int32 = 0x5261_7465  // "Rate"

  private var handle: SQLiteHandle
  private let busyMilliseconds: Int32
  private var dataVersion: Int64?

  let dialect = Dialect.sqlite

  /// Whether SQLite leaves out counting its memory, for which all its connections would wait for each
  /// other; it must be told before anything else.
  private static let countsNoMemory = sqlite_count_no_memory() == SQLITE_OK

  /// Opens a file that is there; how long it waits for other processes is in milliseconds.
  init(path: String, role: Role, busyMilliseconds: Int32) throws(StoreFailure.Reason) {
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    switch role {
    case .writer: flags |= SQLITE_OPEN_READWRITE
    // A reader may have to make the files beside a database that no one has open.
    case .reader: flags |= SQLITE_OPEN_READWRITE
    case .inspector: flags |= SQLITE_OPEN_READONLY
    }
    self.busyMilliseconds = busyMilliseconds
    _ = Self.countsNoMemory
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard let opened else { throw .engine("no memory for a connection") }
    // From here on the handle closes what was opened, a failed connection too.
    handle = SQLiteHandle(
      database: opened,
      statements: Array(repeating: nil, count: Statement.allCases.count + Bracket.allCases.count))
    guard code == SQLITE_OK else { throw failure(code) }
    sqlite3_busy_timeout(opened, busyMilliseconds)
    if case .writer = role, sqlite3_db_readonly(opened, "main") == 1 { throw .readOnly }
    switch role {
    case .writer(let serving):
      // A commit is on the disk when it returns.
      try execute("PRAGMA synchronous = FULL")
      try execute("PRAGMA cache_size = -8192")
      // A log that a reader has let grow further goes back to this size when it is begun anew.
      try execute("PRAGMA journal_size_limit = \(Store.usualLogBytes)")
      if serving { try execute("PRAGMA wal_autocheckpoint = 0") }
    case .reader:
      try execute("PRAGMA query_only = ON")
      try execute("PRAGMA wal_autocheckpoint = 0")
    case .inspector: break
    }
  }

  // MARK: Statements

  func run(_ statement: Statement, _ parameters: Cells) throws(StoreFailure.Reason) -> Cells {
    let prepared = try prepare(statement)
    // Each execution outside of a transaction would begin one of its own, and read again what another
    // connection has written since the one before.
    let isAlone = parameters.count > 1 && sqlite3_get_autocommit(handle.database) != 0
    if isAlone { try step(.beginReading) }
    defer { if isAlone { endReading() } }
    let (database, tellsChanges) = (handle.database, statement.tellsChanges)
    var answer = Cells(columns: tellsChanges ? 1 : Int(sqlite3_column_count(prepared)))
    let count = parameters.count
    let code = parameters.bytes.withUnsafeBufferPointer { bytes in
      parameters.cells.withUnsafeBufferPointer { cells in
        for execution in 0..<count {
          let first = execution * parameters.columns
          for column in 0..<parameters.columns {
            Self.bind(cells[first + column], bytes, to: prepared, at: Int32(column + 1))
          }
          var code = sqlite3_step(prepared)
          while code == SQLITE_ROW {
            Self.append(rowOf: prepared, to: &answer, execution: execution)
            code = sqlite3_step(prepared)
          }
          sqlite3_reset(prepared)
          if code != SQLITE_DONE { return code }
          if tellsChanges, sqlite3_changes(database) > 0 {
            answer.integer(sqlite3_last_insert_rowid(database))
            answer.endRow(of: execution)
          }
        }
        return SQLITE_OK
      }
    }
    guard code == SQLITE_OK else { throw failure(code) }
    return answer
  }

  private func prepare(_ statement: Statement) throws(StoreFailure.Reason) -> OpaquePointer {
    if let prepared = handle.statements[statement.rawValue] { return prepared }
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle.database, dialect.text(statement.sql), -1, UInt32(SQLITE_PREPARE_PERSISTENT),
      &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw failure(code) }
    handle.statements[statement.rawValue] = prepared
    return prepared
  }

  /// Binds a value without copying it.
  // SAFETY: what is bound points into `bytes`, which stay where they are until the statement has
  // been stepped and reset; every parameter is bound anew before the next step.
  private static func bind(
    _ cell: Cells.Cell, _ bytes: UnsafeBufferPointer<UInt8>, to statement: OpaquePointer,
    at index: Int32
  ) {
    switch cell.kind {
    case .null: sqlite3_bind_null(statement, index)
    case .integer: sqlite3_bind_int64(statement, index, cell.value)
    case .text:
      let start = bytes.baseAddress.map { UnsafeRawPointer($0 + Int(cell.value)) }
      sqlite3_bind_text(
        statement, index, start?.assumingMemoryBound(to: CChar.self), cell.count, nil)
    case .bytes:
      if cell.count == 0 {
        sqlite3_bind_zeroblob(statement, index, 0)
      } else {
        sqlite3_bind_blob(
          statement, index, bytes.baseAddress.map { $0 + Int(cell.value) }, cell.count, nil)
      }
    }
  }

  private static func append(
    rowOf statement: OpaquePointer, to answer: inout Cells, execution: Int
  ) {
    for column in 0..<Int32(answer.columns) {
      switch sqlite3_column_type(statement, column) {
      case SQLITE_INTEGER: answer.integer(sqlite3_column_int64(statement, column))
      case SQLITE_TEXT:
        let start = sqlite3_column_text(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        answer.text(UnsafeBufferPointer(start: start, count: count))
      case SQLITE_BLOB:
        let start = sqlite3_column_blob(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        answer.blob(UnsafeRawBufferPointer(start: start, count: count))
      default: answer.null()
      }
    }
    answer.endRow(of: execution)
  }

  func execute(_ sql: String) throws(StoreFailure.Reason) {
    let code = sqlite3_exec(handle.database, dialect.text(sql), nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  // MARK: Transactions

  func begin() throws(StoreFailure.Reason) { try step(.begin) }

  func commit() throws(StoreFailure.Reason) { try step(.commit) }

  private func endReading() {
    try? step(.commit)
    // One that failed may still be open.
    rollback()
  }

  /// What stands around transactions, behind the statements in the handle's list.
  private enum Bracket: Int, CaseIterable {
    case begin, beginReading, commit

    var sql: String {
      switch self {
      case .begin: "BEGIN IMMEDIATE"
      case .beginReading: "BEGIN"
      case .commit: "COMMIT"
      }
    }
  }

  private func step(_ bracket: Bracket) throws(StoreFailure.Reason) {
    let place = Statement.allCases.count + bracket.rawValue
    let prepared: OpaquePointer
    if let known = handle.statements[place] {
      prepared = known
    } else {
      prepared = try prepareOnce(bracket.sql)
      handle.statements[place] = prepared
    }
    let code = sqlite3_step(prepared)
    sqlite3_reset(prepared)
    guard code == SQLITE_DONE else { throw failure(code) }
  }

  func rollback() {
    // Some failures have rolled back already.
    guard sqlite3_get_autocommit(handle.database) == 0 else { return }
    sqlite3_exec(handle.database, "ROLLBACK", nil, nil, nil)
  }

  // MARK: The file

  func schemaVersion() throws(StoreFailure.Reason) -> Int {
    Int(try integer("PRAGMA user_version"))
  }

  func setSchemaVersion(_ version: Int) throws(StoreFailure.Reason) {
    try execute("PRAGMA user_version = \(version)")
  }

  func wasWrittenElsewhere() throws(StoreFailure.Reason) -> Bool {
    // Changes with every commit but this connection's own.
    let version = try integer("PRAGMA data_version")
    defer { dataVersion = version }
    return dataVersion.map { $0 != version } ?? false
  }

  /// The number a statement answers with.
  func integer(_ sql: String) throws(StoreFailure.Reason) -> Int64 {
    let prepared = try prepareOnce(sql)
    defer { sqlite3_finalize(prepared) }
    let code = sqlite3_step(prepared)
    guard code == SQLITE_ROW else { throw failure(code) }
    return sqlite3_column_int64(prepared, 0)
  }

  /// The text a statement answers with.
  func text(_ sql: String) throws(StoreFailure.Reason) -> String {
    let prepared = try prepareOnce(sql)
    defer { sqlite3_finalize(prepared) }
    let code = sqlite3_step(prepared)
    guard code == SQLITE_ROW else { throw failure(code) }
    return sqlite3_column_text(prepared, 0).map { String(cString: $0) } ?? ""
  }

  private func prepareOnce(_ sql: String) throws(StoreFailure.Reason) -> OpaquePointer {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v2(handle.database, sql, -1, &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw failure(code) }
    return prepared
  }

  /// Looks for damage for as long as is allowed; a file too large for that passes.
  func check(milliseconds: Int) throws(StoreFailure.Reason) {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    deadline.tv_nsec += milliseconds * 1_000_000
    deadline.tv_sec += deadline.tv_nsec / 1_000_000_000
    deadline.tv_nsec %= 1_000_000_000
    defer { sqlite3_progress_handler(handle.database, 0, nil, nil) }
    let finding = withUnsafeMutablePointer(to: &deadline) { pointer in
      // SAFETY: the handler reads the deadline, which outlives the check, and is taken off after.
      sqlite3_progress_handler(
        handle.database, 10_000,
        { context in
          guard let context else { return 0 }
          let deadline = context.assumingMemoryBound(to: timespec.self).pointee
          var now = timespec()
          clock_gettime(CLOCK_MONOTONIC, &now)
          return (now.tv_sec, now.tv_nsec) > (deadline.tv_sec, deadline.tv_nsec) ? 1 : 0
        }, pointer)
      return Result<String, StoreFailure.Reason> { () throws(StoreFailure.Reason) in
        try text("PRAGMA quick_check(1)")
      }
    }
    switch finding {
    case .success("ok"): return
    case .success(let text): throw .corrupt(text)
    case .failure(let reason):
      if sqlite3_errcode(handle.database) & 0xFF == SQLITE_INTERRUPT { return }
      throw reason
    }
  }

  /// Moves what was committed from the log into the database without holding up a writer, and answers
  /// how many bytes the log has by now.
  func checkpoint() throws(StoreFailure.Reason) -> Int {
    var frames: Int32 = 0
    let code = sqlite3_wal_checkpoint_v2(
      handle.database, nil, SQLITE_CHECKPOINT_PASSIVE, &frames, nil)
    // Someone else is at it: the next time will do.
    if code & 0xFF == SQLITE_BUSY { return 0 }
    guard code == SQLITE_OK else { throw failure(code) }
    return Int(frames) * Int(try integer("PRAGMA page_size"))
  }

  /// Moves the rest of the log into the database, so that the next commit begins it anew.
  ///
  /// Its file stays as it is: what is written over takes less than what is added to.
  func restartLog() throws(StoreFailure.Reason) {
    // Whoever still reads the log is waited for, but not as long as writers would notice.
    sqlite3_busy_timeout(handle.database, 10)
    defer { sqlite3_busy_timeout(handle.database, busyMilliseconds) }
    let code = sqlite3_wal_checkpoint_v2(
      handle.database, nil, SQLITE_CHECKPOINT_RESTART, nil, nil)
    // The next time will do.
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw failure(code) }
  }

  // MARK: Failures

  private func failure(_ code: Int32) -> StoreFailure.Reason {
    let message = String(cString: sqlite3_errmsg(handle.database))
    switch code & 0xFF {
    case SQLITE_FULL: return .diskFull
    case SQLITE_READONLY, SQLITE_PERM: return .readOnly
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy
    case SQLITE_CORRUPT: return .corrupt(message)
    case SQLITE_NOTADB: return .foreign
    case SQLITE_IOERR, SQLITE_CANTOPEN:
      let number = sqlite3_system_errno(handle.database)
      // The file that connections share memory by is sparse; giving it space is what fails.
      let isShared = code == SQLITE_IOERR | (19 << 8)  // SQLITE_IOERR_SHMSIZE
      if number == ENOSPC || number == EDQUOT || isShared { return .diskFull }
      if number == EROFS { return .readOnly }
      return number == 0 ? .engine(message) : .system(number)
    default: return .engine(message)
    }
  }
}
